"""The search field finds commands, tasks and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListView, QToolButton, QWidget

import ephemeral_gui
from engine.catalog.installation import JOBS
from ephemeral_gui.main_window.search import POPUP_WIDTH, Entry, matching

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow


@pytest.fixture
def window(qapp: object) -> MainWindow:
    shown = ephemeral_gui.open_window(JOBS / "simple-example" / "job.json")
    shown.activateWindow()
    return shown


def _entry(title: str, detail: str = "") -> Entry:
    return Entry(title, detail, choose=lambda: None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", ["Save as", "Save", "Split list"]),
        ("sa", ["Save as", "Save"]),
        ("list", ["Split list"]),
        ("LIST split", ["Split list"]),
        ("main", ["Split list"]),
        ("nothing", []),
    ],
)
def test_that_every_word_must_be_found(wanted: str, found: list[str]) -> None:
    entries = [_entry("Save as"), _entry("Save"), _entry("Split list", "main.parsing.split")]
    assert [each.title for each in matching(entries, wanted)] == found


def test_that_titles_that_begin_with_the_text_come_first() -> None:
    entries = [_entry("Do later", "run"), _entry("A run of runs"), _entry("Run")]
    assert [each.title for each in matching(entries, "run")] == ["Run", "A run of runs", "Do later"]


def test_that_a_command_is_taken_by_enter(window: MainWindow) -> None:
    window.search.begin()
    QTest.keyClicks(window.search, "new")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.tabs.count() == 2
    assert window.search.text() == ""


def test_that_a_task_is_found_and_selected(window: MainWindow) -> None:
    assert window.document is not None
    assert window.canvas is not None
    task = next(task for task in window.document.job_map.tasks if task.is_function)
    window.search.begin()
    QTest.keyClicks(window.search, task.name)
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.canvas.selected_keys() == [task.key]


def test_that_a_method_is_found_and_added(window: MainWindow) -> None:
    assert window.document is not None
    window.search.begin()
    QTest.keyClicks(window.search, "add main.parsing.split.split_list")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.document.job_map.tasks[-1].method == "split_list"


def test_that_arrows_choose_and_escape_leaves(window: MainWindow) -> None:
    window.search.begin()
    QTest.keyClicks(window.search, "zoom")
    listed = window.findChild(QListView, "search_list")
    assert listed is not None
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    assert listed.currentIndex().row() == 1
    QTest.keyClick(window.search, Qt.Key.Key_Up)
    assert listed.currentIndex().row() == 0
    QTest.keyClick(window.search, Qt.Key.Key_Escape)
    assert window.search.text() == ""
    assert not listed.isVisible()


def test_that_the_search_is_there_in_the_smallest_window_whose_buttons_leave_out_their_words(window: MainWindow) -> None:
    new = window.findChild(QToolButton, "button:file.new")
    assert new is not None
    widths = []
    for width in (window.minimumWidth(), 1680, window.minimumWidth()):
        window.resize(width, 800)
        QTest.qWait(1)
        assert window.search.isVisible()
        widths.append(new.width())
    assert widths[0] == widths[2] < widths[1]


def test_that_what_cannot_be_used_now_stands_behind_the_rest_and_enter_takes_the_first() -> None:
    entries = [Entry("Copy", "", lambda: None, is_enabled=False), _entry("Add a copy")]
    assert [each.title for each in matching(entries, "copy")] == ["Add a copy", "Copy"]


def test_that_panels_are_found_and_come_to_the_front(window: MainWindow) -> None:
    window.search.begin()
    QTest.keyClicks(window.search, "json panel")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert not window.docks["json"].visibleRegion().isEmpty()


def test_that_the_list_is_wide_enough_for_the_name_of_a_method_and_stays_in_the_window(window: MainWindow) -> None:
    window.resize(1200, 700)
    window.search.begin()
    QTest.keyClicks(window.search, "main.")
    popup = window.findChild(QWidget, "search_popup")
    assert popup is not None
    assert popup.width() == POPUP_WIDTH
    assert window.rect().contains(popup.geometry())


@pytest.mark.parametrize("width", [1680, 900, 560])
def test_that_the_search_can_be_written_in_whatever_the_width(window: MainWindow, width: int) -> None:
    """560 is what a screen of 1680 has at 300 %."""
    window.setMinimumSize(0, 0)
    window.docks["palette"].hide()
    window.resize(width, 350)
    QTest.qWait(1)
    assert window.width() == width
    window.search.begin()
    QTest.keyClicks(window.search, "run")
    popup = window.findChild(QWidget, "search_popup")
    assert popup is not None
    assert popup.isVisible()
    assert window.rect().contains(popup.geometry())
    assert not any(label.isVisible() for label in window.search.findChildren(QLabel))


def test_that_the_keys_of_the_search_stand_where_there_is_room(window: MainWindow) -> None:
    hint = window.search.findChild(QLabel)
    assert hint is not None
    assert hint.isVisible()
    window.setMinimumSize(0, 0)
    window.docks["palette"].hide()
    window.resize(560, 350)
    QTest.qWait(1)
    assert not hint.isVisible()
