"""A workspace while it is being written: new tasks and mended definitions are there at once, and what is wrong with them is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import ephemeral_gui
from engine.catalog.scaffolding import new_namespace, new_task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[..., Awaitable[None]]

NEW_BODY = '        return {**payload, "seen": "after the change"}'


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    folder = tmp_path / "ocean-lab"
    new_namespace(folder, "ocean")
    new_task(folder, "ocean", "trend")
    return folder


@pytest.fixture
def window(qapp: object, lab: Path, tmp_path: Path) -> MainWindow:
    trend = {"name": "trend", "type": "function", "namespace": "ocean", "method": "trend", "consumes": "any", "produces": "map"}
    data = {
        "name": "Trend",
        "datasource": {"source": "direct", "content": {"input": "x"}},
        "tasks": [{"name": "in", "type": "input"}, {**trend, "init_args": {}}, {"name": "out", "type": "output"}],
        "workflow": [["in", "trend"], ["trend", "out"]],
    }
    path = tmp_path / "trend.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return ephemeral_gui.open_window(path, workspace=lab, trust=True)


async def test_that_a_new_task_is_in_the_palette_at_once(window: MainWindow, lab: Path, until: Until) -> None:
    new_task(lab, "ocean", "slope")
    await until(lambda: ("ocean", "slope") in window.catalog.definitions)
    new_namespace(lab, "land")
    new_task(lab, "land", "height")
    await until(lambda: ("land", "height") in window.catalog.definitions)


async def test_that_changed_code_is_what_the_next_run_calls_and_the_canvas_stays(window: MainWindow, lab: Path, until: Until) -> None:
    assert window.runs is not None
    before = (await window.runs.start()).outputs[0]["data"]
    canvas, catalog = window.canvas, window.catalog
    code = lab / "task_namespaces" / "ocean" / "tasks.py"
    code.write_text(code.read_text(encoding="utf-8").replace("        return payload", NEW_BODY), encoding="utf-8")
    await until(lambda: window.catalog is not catalog)
    assert (await window.runs.start()).outputs[0]["data"] == [before[0] | {"seen": "after the change"}]
    assert window.canvas is canvas


async def test_that_a_spoiled_definition_is_told_with_its_place_until_it_is_mended(window: MainWindow, lab: Path, until: Until) -> None:
    definition = lab / "definitions" / "ocean" / "trend.json"
    sound = definition.read_text(encoding="utf-8")
    definition.write_text(sound.replace('"map"', '"list(map"'), encoding="utf-8")
    await until(window.definitions_banner.isVisible)
    assert window.definitions_banner.text.startswith(
        'A definition of the workspace cannot be used. definitions/ocean/trend.json:8:5 /produces/0: "list(map" does not match'
    )
    await until(lambda: [problem.code for problem in window.panels.shown_problems] == ["unknown-namespace"])
    definition.write_text(sound, encoding="utf-8")
    await until(lambda: not window.definitions_banner.isVisible())
    await until(lambda: not window.panels.shown_problems)


async def test_that_view_and_selection_outlive_another_definition(window: MainWindow, lab: Path, until: Until) -> None:
    assert window.canvas is not None
    assert window.document is not None
    before = window.canvas
    keys = [window.document.job_map.by_name["trend"].key]
    before.select(keys)
    before.zoom_in()
    zoom, seen = before.viewer.zoom, before.viewer.visible_rect.center()
    definition = lab / "definitions" / "ocean" / "trend.json"
    definition.write_text(definition.read_text(encoding="utf-8").replace("Passes", "Hands"), encoding="utf-8")
    await until(lambda: window.canvas is not before)
    assert window.canvas.selected_keys() == keys
    assert window.canvas.viewer.zoom == pytest.approx(zoom)
    moved = window.canvas.viewer.visible_rect.center() - seen
    assert moved.manhattanLength() < 4


async def test_that_what_python_leaves_behind_is_no_change(window: MainWindow, lab: Path) -> None:
    catalog = window.catalog
    cache = lab / "task_namespaces" / "ocean" / "__pycache__"
    cache.mkdir(exist_ok=True)
    (cache / "tasks.cpython-311.pyc").write_bytes(b"")
    window.workspace._watch.look()
    assert window.catalog is catalog
