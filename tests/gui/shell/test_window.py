"""The window: what is in it, how it follows what is shown, and what it remembers."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QPushButton, QTabBar, QToolButton
from shiboken6 import isValid

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.model.editing import rename_task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"
BRANCHING = JOBS / "branching-strings" / "job.json"
BAD: dict[str, Any] = {
    "name": "Bad",
    "datasource": {"source": "direct", "content": {}},
    "tasks": [{"name": 7, "type": "input"}],
    "workflow": {},
}


def test_that_the_window_and_its_docks_have_their_names(qapp: object) -> None:
    window = ephemeral_gui.open_window()
    assert isinstance(window, QMainWindow)
    assert window.objectName() == "main_window"
    docks = {dock.objectName(): window.dockWidgetArea(dock) for dock in window.findChildren(QDockWidget)}
    assert docks == {
        "palette": Qt.DockWidgetArea.LeftDockWidgetArea,
        "outline": Qt.DockWidgetArea.LeftDockWidgetArea,
        "history": Qt.DockWidgetArea.LeftDockWidgetArea,
        "inspector": Qt.DockWidgetArea.RightDockWidgetArea,
        **dict.fromkeys(("problems", "progress", "results", "log", "json"), Qt.DockWidgetArea.BottomDockWidgetArea),
    }


async def test_that_an_empty_window_welcomes(until: Until) -> None:
    window = ephemeral_gui.open_window()
    await until(window.tabs.count)
    assert window.tabs.tabText(0) == "Welcome"
    assert (window.document, window.canvas, window.runs) == (None, None, None)


def test_that_a_given_job_map_is_shown_at_once(qapp: object) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    assert window.document is not None
    assert window.document.path == SIMPLE
    assert window.canvas is not None
    assert window.runs is not None
    assert "Simple example" in window.windowTitle() or window.document.job_map.name in window.windowTitle()


def test_that_each_job_map_has_a_tab_and_none_has_two(qapp: object) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    window.open_job_map(BRANCHING)
    window.open_job_map(str(SIMPLE))
    assert window.tabs.count() == 2
    assert window.document is not None
    assert window.document.path == SIMPLE


def test_that_title_and_tab_follow_name_and_change(qapp: object) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    document = window.document
    assert document is not None
    assert not window.isWindowModified()
    key = document.job_map.tasks[0].key
    document.change("Rename", rename_task(document.job_map, key, "source"))
    assert window.isWindowModified()
    assert window.tabs.tabText(0).endswith("\N{BULLET}")
    document.undo_stack.undo()
    assert not window.isWindowModified()
    assert not window.tabs.tabText(0).endswith("\N{BULLET}")


def test_that_names_are_shown_as_they_are(qapp: object, tmp_path: Path) -> None:
    name = "<b>bold</b> [*] & <img src='file:///etc/passwd'>"
    path = tmp_path / "job.json"
    path.write_text(json.dumps({**json.loads(SIMPLE.read_text("utf-8")), "name": name}), encoding="utf-8")
    window = ephemeral_gui.open_window(path)
    assert window.windowTitle().startswith("<b>bold</b> [*][*] & <img")
    assert window.tabs.tabText(0).startswith("<b>bold</b> [*] && <img")


async def test_that_problems_follow_every_edit(until: Until, tmp_path: Path) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    document = window.document
    assert document is not None
    assert _errors(window) == ""
    document.change("Rename", rename_task(document.job_map, document.job_map.by_name["in"].key, ""))
    await until(lambda: _errors(window) != "")
    await until(lambda: _problem_count(window) == "1")
    document.undo_stack.undo()
    await until(lambda: _errors(window) == "")
    await until(lambda: _problem_count(window) == "")


def _problem_count(window: MainWindow) -> str:
    """Return what the pill on the tab of the problems says."""
    bars = [bar for bar in window.docks.tab_bars() if "Problems" in [bar.tabText(index) for index in range(bar.count())]]
    pills = [bar.tabButton(index, QTabBar.ButtonPosition.RightSide) for bar in bars for index in range(bar.count())]
    return "".join(pill.text() for pill in pills if isinstance(pill, QLabel))


async def test_that_a_closed_window_may_be_asked_until_another_is_opened_and_is_deleted_then(until: Until) -> None:
    first = ephemeral_gui.open_window(SIMPLE)
    first.close()
    await asyncio.sleep(0)
    assert not first.isVisible()
    assert first.document is not None
    ephemeral_gui.open_window(SIMPLE)
    await until(lambda: not isValid(first))  # type: ignore[no-untyped-call]  # shiboken says nothing of types


async def test_that_the_inspector_of_an_empty_window_opens_what_was_opened_last(tmp_path: Path, until: Until) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(SIMPLE.read_bytes())
    window = ephemeral_gui.open_window(path)
    window.actions_by_id["file.close"].trigger()
    button = window.docks["inspector"].findChild(QPushButton, "recent.0")
    assert button is not None
    assert "mine.json" in button.text()
    button.click()
    await until(lambda: window.document)
    assert window.document is not None
    assert window.document.path == path


async def test_that_a_window_opened_on_a_bad_file_offers_its_palette(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{}", "utf-8")
    assert ephemeral_gui.open_window(path).panels.palette is not None


def _errors(window: MainWindow) -> str:
    button = window.findChild(QToolButton, "status_errors")
    assert button is not None
    return button.text() if button.isVisibleTo(window) else ""


@pytest.mark.parametrize(
    ("text", "places"),
    [("not JSON", ["1:1"]), (json.dumps(BAD), ["1:", "1:"]), ("", ["1:1"]), ("[" * 100_000, ["1:"])],
    ids=["not JSON", "wrong types", "empty", "too deep"],
)
def test_that_a_file_that_is_no_job_map_opens_as_a_page_of_its_problems(qapp: object, tmp_path: Path, text: str, places: list[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    window = ephemeral_gui.open_window(path)
    page = window.tabs.currentWidget()
    assert page.objectName() == "broken_page"
    described = [problem.describe() for problem in window.panels.shown_problems]
    assert len(described) == len(places)
    assert all(line.startswith(place) for line, place in zip(described, places, strict=True))
    assert window.document is None


def test_that_a_mended_file_opens_when_it_is_tried_again(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text("{", encoding="utf-8")
    window = ephemeral_gui.open_window(path)
    path.write_bytes(SIMPLE.read_bytes())
    button = window.tabs.currentWidget().findChild(QPushButton, "broken_retry")
    assert button is not None
    button.click()
    assert window.document is not None
    assert window.tabs.count() == 1


def test_that_a_file_that_is_not_there_is_named(qapp: object, tmp_path: Path) -> None:
    window = ephemeral_gui.open_window(tmp_path / "gone.json")
    words = [label.text() for label in window.tabs.currentWidget().findChildren(QLabel)]
    assert any("gone.json" in text for text in words)


def test_that_an_example_is_opened_as_a_copy(qapp: object) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    window.pages.open_example(BRANCHING)
    assert window.document is not None
    assert window.document.path is None
    assert window.document.job_map.folder == BRANCHING.parent


def test_that_panels_stay_where_they_were_put(qapp: object) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    window.docks["log"].hide()
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks["palette"])
    window.close()
    again = ephemeral_gui.open_window(SIMPLE)
    assert again.docks["log"].isHidden()
    assert again.dockWidgetArea(again.docks["palette"]) is Qt.DockWidgetArea.RightDockWidgetArea
    again.actions_by_id["view.reset_panels"].trigger()
    assert again.docks["log"].isVisibleTo(again)
    assert again.dockWidgetArea(again.docks["palette"]) is Qt.DockWidgetArea.LeftDockWidgetArea


def test_that_recent_files_are_offered(qapp: object) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    window.open_job_map(BRANCHING)
    menu = window.actions_by_id.slots["file.open_recent"]
    menu.aboutToShow.emit()
    for action, path in zip(menu.actions(), (BRANCHING, SIMPLE), strict=False):
        assert action.text().endswith(f"{path.parent.name}/job.json")
        assert str(path) in action.toolTip()


def test_that_none_is_not_used_up(qapp: object) -> None:
    """Some versions of PySide6 drop a reference to None with every call that returns it."""
    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(10_000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 1_000


def test_that_a_word_that_cannot_be_broken_widens_neither_banner_nor_window(qapp: object) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    window.resize(1000, 700)
    widths = {name: window.docks[name].width() for name in ("palette", "inspector")}
    text = f"Not saved: /folder/{'c' * 250}.json cannot be written"
    window.show_error(text)
    qapp.sendPostedEvents()  # type: ignore[attr-defined]  # the application
    assert window.error_banner.text == text
    assert {name: window.docks[name].width() for name in widths} == widths
    assert window.error_banner.minimumSizeHint().width() < 700


def test_that_a_tab_has_one_line_and_a_long_path_in_the_menu_gives_way(qapp: object, tmp_path: Path) -> None:
    path = tmp_path / f"{'a' * 240}.json"
    path.write_text(json.dumps(json.loads(SIMPLE.read_text()) | {"name": "two\nlines"}))
    window = ephemeral_gui.open_window(path)
    assert window.tabs.tabText(0) == "two lines"
    menu = window.actions_by_id.slots["file.open_recent"]
    menu.aboutToShow.emit()
    recent = menu.actions()[0]
    assert "…" in recent.text()
    assert recent.text().endswith("aaa.json")
    assert path.name in recent.toolTip()
    recent.trigger()
    assert window.tabs.count() == 1
