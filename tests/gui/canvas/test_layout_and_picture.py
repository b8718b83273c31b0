"""Places of tasks, and pictures of maps."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from engine.errors import OutputError
from engine.model.job_map import NO_LAYOUT, Datasource, JobMap, Layout, Task, TaskType
from ephemeral_gui.canvas.geometry import body_of, port_line
from ephemeral_gui.canvas.layout import arrange, places
from ephemeral_gui.canvas.picture import image_of, write_picture
from ephemeral_gui.widgets.theme import DARK, LIGHT

if TYPE_CHECKING:
    from pathlib import Path

    from engine.catalog import Catalog

NAMES = [f"t{number}" for number in range(12)]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([*NAMES, "nowhere"])), max_size=30))
def test_that_no_two_tasks_cover_each_other_whatever_the_wires(edges: list[tuple[str, str]]) -> None:
    tasks = tuple(Task(name, TaskType.FUNCTION) for name in NAMES)
    found = arrange(JobMap("x", Datasource("direct"), tasks, tuple(edges)))
    assert found.keys() == set(NAMES)
    bodies = [body_of(TaskType.FUNCTION).translated(*place) for place in found.values()]
    assert not any(one.intersects(other) for number, one in enumerate(bodies) for other in bodies[number + 1 :])


def test_that_wires_lead_from_left_to_right(small_map: JobMap) -> None:
    found = arrange(small_map)
    assert all(found[one][0] < found[other][0] for one, other in small_map.workflow)


def test_that_ports_of_a_chain_stand_on_one_line(small_map: JobMap) -> None:

    found = arrange(replace(small_map, tasks=tuple(task for task in small_map.tasks if task.name != "double")))
    assert len({found[task.name][1] + port_line(task.type) for task in small_map.tasks if task.name in found}) == 1


def test_that_places_of_the_map_are_kept_and_others_stand_below(small_map: JobMap) -> None:
    known = {name: place for name, place in small_map.layout.positions.items() if name != "double"}
    found = places(replace(small_map, layout=Layout(positions=known)))
    assert {name: found[name] for name in known} == known
    assert found["double"][1] > max(place[1] for place in known.values())


def test_that_a_png_has_twice_the_size_and_the_ground_of_its_theme(
    small_map: JobMap, catalog: Catalog, tmp_path: Path, qapp: object
) -> None:
    for theme in (DARK, LIGHT):
        write_picture(small_map, catalog, tmp_path / "map.png", theme)
        image = QImage(str(tmp_path / "map.png"))
        assert (image.width(), image.height()) == (2 * (932 + 96), 2 * (260 + 96))
        assert image.pixelColor(3, 3).name() == theme.canvas


def test_that_the_dots_of_a_png_stand_all_over_it(small_map: JobMap, catalog: Catalog, qapp: object) -> None:
    image = image_of(small_map, catalog, LIGHT)

    def dots(left: int) -> int:
        """Count the pixels of the margin that are not bare ground."""
        return sum(image.pixelColor(x, y).name() != LIGHT.canvas for x in range(left, left + 64) for y in range(image.height()))

    at_the_left, at_the_right = dots(0), dots(image.width() - 64)
    assert at_the_left > image.height() / 32 * 2
    assert at_the_right == pytest.approx(at_the_left, rel=0.5)


def test_that_an_svg_is_a_drawing_without_foreign_fonts(small_map: JobMap, catalog: Catalog, tmp_path: Path, qapp: object) -> None:
    hostile = replace(small_map, name="<script>&\"'", tasks=(*small_map.tasks, Task("<b>x</b>\0\n&", TaskType.OUTPUT)))
    write_picture(hostile, catalog, tmp_path / "map.svg", LIGHT)
    text = (tmp_path / "map.svg").read_text("utf-8")
    assert QSvgRenderer(str(tmp_path / "map.svg")).isValid()
    assert "<text" not in text
    assert "<image" not in text
    assert "<script" not in text


def test_that_a_map_without_tasks_has_a_picture_too(catalog: Catalog, tmp_path: Path, qapp: object) -> None:
    write_picture(JobMap("empty", Datasource("direct"), layout=NO_LAYOUT), catalog, tmp_path / "map.png", DARK)
    assert not QImage(str(tmp_path / "map.png")).isNull()


def test_that_only_png_and_svg_are_written(small_map: JobMap, catalog: Catalog, tmp_path: Path, qapp: object) -> None:
    with pytest.raises(ValueError, match=r"a picture is a \.png or a \.svg file"):
        write_picture(small_map, catalog, tmp_path / "map.gif", DARK)
    with pytest.raises(OutputError):
        write_picture(small_map, catalog, tmp_path / "missing" / "map.png", DARK)


def test_that_a_picture_needs_no_display(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from engine.catalog import load_catalog\n"
        "from engine.model.job_map import empty_job_map\n"
        "from ephemeral_gui.canvas.picture import write_picture\n"
        "from ephemeral_gui.widgets.theme import DARK\n"
        "write_picture(empty_job_map(), load_catalog(), sys.argv[1], DARK)\n"
    )
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    path = tmp_path / "map.png"
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", program, str(path)], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert path.read_bytes().startswith(b"\x89PNG")
