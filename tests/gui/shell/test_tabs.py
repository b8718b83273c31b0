"""The strip of open job maps: however many there are, each has a name to read, and none is there twice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QToolButton

import ephemeral_gui
from engine.catalog.installation import RESOURCES
from ephemeral_gui.widgets.theme import Appearance

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

    from ephemeral_gui.main_window.window import MainWindow

SIMPLE = RESOURCES / "jobs" / "simple-example" / "job.json"
MANY = 12


@pytest.fixture
def window(qapp: object) -> MainWindow:
    made = ephemeral_gui.open_window(SIMPLE)
    made.resize(1100, 700)
    return made


def test_that_the_plus_stands_on_no_tab_and_names_stay_readable(window: MainWindow, tmp_path: Path) -> None:
    for number in range(MANY):
        window.open_job_map(tmp_path / f"measurements-{number}.json")
    bar, plus = window.tabs.tabBar(), window.tabs.findChild(QToolButton, "new_tab")
    assert plus is not None
    assert plus.geometry().left() > bar.geometry().right()
    assert plus.geometry().right() <= window.tabs.width()
    assert min(bar.tabRect(index).width() for index in range(1, bar.count())) >= 120


def test_that_the_plus_follows_the_last_of_few_tabs(window: MainWindow) -> None:
    bar, plus = window.tabs.tabBar(), window.tabs.findChild(QToolButton, "new_tab")
    assert plus is not None
    assert 0 < plus.geometry().left() - bar.tabRect(0).right() < 16


@pytest.mark.parametrize("spelled", ["link", "dots", "relative"])
def test_that_a_file_is_open_once_however_its_path_is_spelled(window: MainWindow, tmp_path: Path, spelled: str) -> None:
    (tmp_path / "a").mkdir()
    path = tmp_path / "mine.json"
    path.write_bytes(SIMPLE.read_bytes())
    (tmp_path / "link.json").symlink_to(path)
    window.open_job_map(path)
    document = window.document
    spellings = {
        "link": tmp_path / "link.json",
        "dots": tmp_path / "a" / ".." / "mine.json",
        "relative": Path(os.path.relpath(path, Path.cwd())),
    }
    window.open_job_map(spellings[spelled])
    assert window.document is document
    assert window.tabs.count() == 2


def test_that_a_broken_file_that_is_opened_again_is_looked_at_again_in_the_same_tab(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{", encoding="utf-8")
    for _ in range(2):
        window.open_job_map(path)
        assert window.tabs.currentWidget().objectName() == "broken_page"
        assert window.tabs.count() == 2
    path.write_bytes(SIMPLE.read_bytes())
    window.open_job_map(path)
    assert window.document is not None
    assert window.document.path == path
    assert window.tabs.count() == 2


async def test_that_the_mark_of_a_run_follows_the_colours(window: MainWindow) -> None:
    assert window.runs is not None
    await window.runs.start()

    def drawn() -> QImage:
        return window.tabs.tabIcon(0).pixmap(14, 14).toImage()

    window.preferences.choose_appearance(Appearance.DARK)
    state, colours = window.look.theme.state_colour("done"), _colours(drawn)
    assert state in colours
    window.preferences.choose_appearance(Appearance.LIGHT)
    assert window.look.theme.state_colour("done") in _colours(drawn)
    window.preferences.choose_appearance(Appearance.SYSTEM)


def _colours(drawn: Callable[[], QImage]) -> set[str]:
    image = drawn()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


async def test_that_the_tour_goes_on_where_a_job_map_is_opened(qapp: object) -> None:
    window = ephemeral_gui.open_window()
    window.actions_by_id["help.tour"].trigger()
    window.open_job_map(SIMPLE)
    assert window.tour.banner.text.startswith("2 of 3")
    window.open_job_map(SIMPLE.parent.parent / "branching-strings" / "job.json")
    assert window.tour.banner.text.startswith("2 of 3")
