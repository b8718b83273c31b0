"""The table of actions, and what follows from it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton

import ephemeral_gui
from ephemeral_gui.actions.rows import ACTIONS, MENUS, TOOL_BAR, Action, Situation
from ephemeral_gui.widgets.icons import names

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow

PROMISED = {
    "file": (
        "new",
        "new_from_template",
        "open",
        "open_recent",
        "save",
        "save_as",
        "revert",
        "compare",
        "export_picture",
        "export_script",
        "close",
        "quit",
    ),
    "edit": ("undo", "redo", "cut", "copy", "paste", "duplicate", "delete", "select_all", "rename"),
    "view": ("fit", "zoom_in", "zoom_out", "reset_zoom", "layout", "palette", "inspector", "problems", "progress", "results", "log"),
    "run": ("start", "selected", "from_selected", "stop", "pause"),
    "help": ("about", "guide"),
}

NOTHING_SHOWN = {
    "file.new",
    "file.new_from_template",
    "file.open",
    "file.open_workspace",
    "file.quit",
    "edit.find",
    "view.reset_panels",
    "view.next_area",
    "view.previous_area",
}
NOTHING_SHOWN |= {"help.welcome", "help.guide", "help.about", "help.shortcuts", "help.tour", "edit.settings"}


@pytest.fixture
def window(qapp: object) -> MainWindow:
    return ephemeral_gui.open_window()


def test_that_every_promised_action_is_found_by_its_id(window: MainWindow) -> None:
    ids = [f"{group}.{name}" for group, promised in PROMISED.items() for name in promised]
    assert [action_id for action_id in ids if window.findChild(QAction, action_id) is None] == []


def test_that_no_shortcut_is_given_twice() -> None:
    keys = Counter(QKeySequence(key).toString() for row in ACTIONS.values() for key in row.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_that_ids_are_unique_and_name_their_group() -> None:
    ids = [entry.id for _, entries in MENUS for entry in entries if isinstance(entry, Action)]
    assert len(ids) == len(set(ids))
    assert {each.partition(".")[0] for each in ids} == {"file", "edit", "view", "task", "arrange", "run", "help"}


def test_that_every_icon_of_the_table_is_drawn() -> None:
    assert {row.icon for row in ACTIONS.values() if row.icon} <= set(names())


def test_that_every_row_says_what_it_does() -> None:
    assert [row.id for row in ACTIONS.values() if not row.tip.endswith(".")] == []


def test_that_without_a_job_map_only_what_needs_none_can_be_used() -> None:
    assert {row.id for row in ACTIONS.values() if row.unmet(Situation()) is None} == NOTHING_SHOWN


@pytest.mark.parametrize(
    ("action_id", "without", "with_it"),
    [
        ("edit.undo", Situation(has_document=True), Situation(has_document=True, can_undo=True)),
        ("edit.redo", Situation(has_document=True), Situation(has_document=True, can_redo=True)),
        ("edit.delete", Situation(has_document=True), Situation(has_document=True, has_selection=True)),
        ("edit.delete", Situation(has_document=True), Situation(has_document=True, has_wire=True)),
        ("edit.copy", Situation(has_document=True, has_wire=True), Situation(has_document=True, has_note=True)),
        ("edit.delete_and_heal", Situation(has_document=True, has_wire=True), Situation(has_document=True, has_selection=True)),
        ("run.stop", Situation(has_document=True), Situation(has_document=True, is_running=True)),
        ("run.start", Situation(has_document=True, is_running=True), Situation(has_document=True)),
        ("file.close", Situation(), Situation(is_closable=True)),
    ],
)
def test_that_an_action_is_enabled_by_its_situation(action_id: str, without: Situation, with_it: Situation) -> None:
    assert ACTIONS[action_id].unmet(without) is not None
    assert ACTIONS[action_id].unmet(with_it) is None


def test_that_the_tool_bar_has_one_accent_button(window: MainWindow) -> None:
    buttons = [window.findChild(QToolButton, f"button:{action_id}") for action_id in TOOL_BAR if action_id]
    assert [button.objectName() for button in buttons if button.property("flavour") == "accent"] == ["button:run.start"]


def test_that_a_button_is_spoken_by_its_words_alone(window: MainWindow) -> None:
    button = window.findChild(QToolButton, "button:run.pause")
    assert button is not None
    assert (button.text(), button.accessibleName()) == (" Pause", "Pause")
    window.actions_by_id.refresh(Situation(has_document=True, is_running=True, is_paused=True))
    assert (button.text(), button.accessibleName()) == (" Resume", "Resume")
