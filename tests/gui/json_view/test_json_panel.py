"""The text of a job map, edited both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from engine.files import dump_job_map, parse_job_map
from engine.model.editing import connect, describe, move_tasks, rename_task, set_argument
from engine.problems import Problem
from ephemeral_gui.document.document import Document
from ephemeral_gui.json_view.large_text import LONG_LINE
from ephemeral_gui.json_view.panel import READ_AT_ONCE, JsonPanel
from ephemeral_gui.widgets.theme import Look

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from engine.model.job_map import JobMap


def _job(**fields: object) -> JobMap:
    task = {
        "name": "middle",
        "type": "function",
        "namespace": "main",
        "method": "example",
        "consumes": "string",
        "produces": "string",
        "init_args": {"example_property": "old"},
    }
    return parse_job_map(
        {
            "name": "Job",
            "datasource": {"source": "direct", "content": {"input": "x"}},
            "tasks": [{"name": "in", "type": "input"}, task, {"name": "out", "type": "output"}],
            "workflow": [["in", "middle"], ["middle", "out"]],
            "layout": {"positions": {"in": [0, 0], "middle": [200, 0], "out": [400, 0]}},
            **fields,
        }
    )


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(_job())


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> JsonPanel:
    made = JsonPanel(Look())
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    made.show_document(document)
    return made


def put_cursor(panel: JsonPanel, before: str) -> None:
    cursor = panel.editor.textCursor()
    text = panel.editor.text
    cursor.setPosition(len(text[: text.index(before)].encode("utf-16-le")) // 2)
    panel.editor.setTextCursor(cursor)


def type_over(panel: JsonPanel, old: str, new: str) -> None:
    """Select a text and type another, key by key."""
    put_cursor(panel, old)
    cursor = panel.editor.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, len(old))
    panel.editor.setTextCursor(cursor)
    QTest.keyClicks(panel.editor, new)


def test_that_it_shows_the_text_that_saving_would_write(panel: JsonPanel, document: Document) -> None:
    assert panel.editor.text == dump_job_map(document.job_map)


def test_that_typing_changes_the_document_as_one_step(panel: JsonPanel, document: Document) -> None:
    before = document.job_map
    type_over(panel, "old", "brand new")
    assert document.job_map.by_name["middle"].init_args == {"example_property": "brand new"}
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.job_map == before
    assert panel.editor.text == dump_job_map(before)


def test_that_lines_are_undone_one_by_one(panel: JsonPanel, document: Document) -> None:
    type_over(panel, "old", "new")
    type_over(panel, "Job", "Work")
    document.undo_stack.undo()
    assert (document.job_map.name, document.job_map.by_name["middle"].init_args["example_property"]) == ("Job", "new")


def test_that_a_task_renamed_by_typing_keeps_its_identity_and_place(panel: JsonPanel, document: Document) -> None:
    key = document.job_map.by_name["middle"].key
    type_over(panel, "middle", "centre")
    task = document.job_map.by_key[key]
    assert task.name == "centre"
    assert document.job_map.layout.positions == {"in": (0, 0), "centre": (200, 0), "out": (400, 0)}


def test_that_tasks_keep_their_places_where_the_layout_is_taken_out_of_the_text(panel: JsonPanel, document: Document) -> None:
    positions = dict(document.job_map.layout.positions)
    text = panel.editor.text
    panel.editor.setPlainText(text[: text.index(',\n  "layout"')] + "\n}\n")
    assert document.job_map.layout.positions == positions


def test_that_what_means_no_job_map_stays_and_is_marked_at_its_place(panel: JsonPanel, document: Document) -> None:
    before = document.job_map
    put_cursor(panel, '"tasks"')
    QTest.keyClicks(panel.editor, "oops ")
    assert "oops " in panel.editor.text
    assert document.job_map is before
    (mark,) = panel.editor.extraSelections()
    assert mark.cursor.selectedText() == "oops"
    line = panel.editor.text[: panel.editor.text.index("oops")].count("\n") + 1
    assert panel._foot._note.text().startswith(f"Line {line}, column 3: ")
    assert panel._foot.isVisible()


def test_that_the_note_leads_to_the_flaw(panel: JsonPanel) -> None:
    put_cursor(panel, '"tasks"')
    QTest.keyClicks(panel.editor, "oops ")
    at = panel.editor.textCursor().position() - len("oops ")
    panel.editor.moveCursor(QTextCursor.MoveOperation.End)
    button = panel.findChild(QPushButton, "json.go")
    assert button is not None
    button.click()
    assert panel.editor.textCursor().position() == at


def test_that_an_edit_elsewhere_changes_the_text_at_its_place_and_leaves_the_cursor(panel: JsonPanel, document: Document) -> None:
    put_cursor(panel, '"workflow"')
    document.change("Set", set_argument(document.job_map, document.job_map.by_name["middle"].key, "example_property", "a longer\ntext"))
    assert panel.editor.text == dump_job_map(document.job_map)
    assert panel.editor.text[panel.editor.textCursor().position() :].startswith('"workflow"')


def test_that_no_keystroke_is_lost_to_an_edit_elsewhere(panel: JsonPanel, document: Document) -> None:
    put_cursor(panel, '"name": "Job"')
    QTest.keyClicks(panel.editor, "half typ")
    document.change("Move", move_tasks(document.job_map, {"out": (480.0, 16.0)}))
    QTest.keyClicks(panel.editor, "ed")
    assert 'half typed"name": "Job"' in panel.editor.text
    assert "480" in panel.editor.text
    for _ in "half typed":
        QTest.keyClick(panel.editor, Qt.Key.Key_Backspace)
    assert panel.editor.text == dump_job_map(document.job_map)
    assert document.job_map.layout.positions["out"] == (480.0, 16.0)


def test_that_of_two_edits_of_one_line_what_is_typed_is_kept_and_may_be_dropped(panel: JsonPanel, document: Document) -> None:
    type_over(panel, '"Job"', '"Job')
    document.change("Rename", describe(document.job_map, name="Other", description=None))
    assert '"Job,' in panel.editor.text
    button = panel.findChild(QPushButton, "json.take")
    assert button is not None
    button.click()
    assert panel.editor.text == dump_job_map(document.job_map)
    assert document.job_map.name == "Other"


def test_that_half_typed_text_is_kept_while_another_tab_is_shown(panel: JsonPanel, document: Document) -> None:
    put_cursor(panel, '"tasks"')
    QTest.keyClicks(panel.editor, "oops ")
    panel.show_document(Document(_job(name="Second")))
    assert "oops" not in panel.editor.text
    panel.show_document(document)
    assert "oops " in panel.editor.text


def test_that_a_hidden_view_follows_when_it_is_shown(panel: JsonPanel, document: Document) -> None:
    panel.hide()
    document.change("Rename", rename_task(document.job_map, document.job_map.by_name["middle"].key, "centre"))
    document.change("Wire", connect(document.job_map, [("in", "out")]))
    panel.show()
    assert panel.editor.text == dump_job_map(document.job_map)


@pytest.mark.parametrize("name", ["<b>x</b>", "no\N{NO-BREAK SPACE}break", "\N{GRINNING FACE} x", "line\u2028\u2029end", "\ufdd0"])
def test_that_any_text_comes_through_the_view_unchanged(panel: JsonPanel, document: Document, name: str) -> None:
    document.change("Rename", describe(document.job_map, name=name, description=None))
    type_over(panel, "old", "new")
    assert document.job_map.name == name
    document.change("Set", set_argument(document.job_map, document.job_map.by_name["middle"].key, "example_property", "newer"))
    assert '"newer"' in panel.editor.text
    assert panel.editor.textCursor().block().text().strip() == '"example_property": "newer"'


def test_that_a_number_that_becomes_another_kind_is_no_lost_keystroke(panel: JsonPanel, document: Document) -> None:
    document.change("Set", set_argument(document.job_map, document.job_map.by_name["middle"].key, "example_property", 1))
    type_over(panel, '"example_property": 1', '"example_property": 1.0')
    assert repr(document.job_map.by_name["middle"].init_args["example_property"]) == "1.0"


def test_that_undo_takes_back_what_means_nothing_before_it_touches_the_document(panel: JsonPanel, document: Document) -> None:
    document.change("Rename", describe(document.job_map, name="Other", description=None))
    put_cursor(panel, '"tasks"')
    QTest.keyClicks(panel.editor, "oops ")
    QTest.keyClick(panel.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.editor.text == dump_job_map(document.job_map)
    assert document.job_map.name == "Other"


def test_that_enter_keeps_the_indent(panel: JsonPanel) -> None:
    put_cursor(panel, '"tasks": [')
    panel.editor.moveCursor(QTextCursor.MoveOperation.EndOfLine)
    QTest.keyClick(panel.editor, Qt.Key.Key_Return)
    assert panel.editor.textCursor().positionInBlock() == 4


def test_that_the_validators_problems_are_marked_where_they_are_in_the_text(panel: JsonPanel) -> None:
    panel.show_problems([Problem("a", "wrong", "/tasks/1/method", "middle", line=999, column=1)])
    (mark,) = panel.editor.extraSelections()
    assert mark.cursor.block().text().strip() == '"method": "example",'


def test_that_a_text_typed_in_a_form_of_its_own_takes_the_files_form_when_it_is_left(panel: JsonPanel, document: Document) -> None:
    type_over(panel, '"Job"', '   "Work"   ')
    assert document.job_map.name == "Work"
    panel.editor.left.emit()
    panel.editor.clearFocus()
    panel._left()
    assert panel.editor.text == dump_job_map(document.job_map)


def test_that_without_a_document_it_says_so(panel: JsonPanel) -> None:
    panel.show_document(None)
    none = panel.findChild(QWidget, "json.none")
    assert none is not None
    assert none.isVisible()


def test_that_a_view_behind_other_tabs_follows_once_it_comes_to_the_front(panel: JsonPanel, document: Document) -> None:
    panel.set_in_front(False)
    before = panel.editor.text
    document.change("Wire", connect(document.job_map, [("in", "out")]))
    assert panel.editor.text == before
    panel.set_in_front(True)
    assert panel.editor.text == dump_job_map(document.job_map)


def test_that_what_is_typed_last_is_read_when_the_view_goes_behind_others(panel: JsonPanel, document: Document) -> None:
    document.change("Describe", describe(document.job_map, name="Job", description="x" * READ_AT_ONCE))  # so that typing must pause
    type_over(panel, "old", "new")
    assert document.job_map.by_name["middle"].init_args == {"example_property": "old"}
    panel.set_in_front(False)
    assert document.job_map.by_name["middle"].init_args == {"example_property": "new"}


def test_that_a_text_that_would_hold_the_window_is_shown_only_when_it_is_asked_for(panel: JsonPanel, document: Document) -> None:
    document.change("Describe", describe(document.job_map, name="Job", description="x" * (LONG_LINE + 1)))
    assert panel.editor.text == ""
    show = panel.findChild(QPushButton, "json.show")
    assert show is not None
    assert show.isVisible()
    show.click()
    assert not show.isVisible()
    assert panel.editor.text == dump_job_map(document.job_map)


def test_that_a_text_that_is_no_longer_too_large_is_shown(panel: JsonPanel, document: Document) -> None:
    document.change("Describe", describe(document.job_map, name="Job", description="x" * (LONG_LINE + 1)))
    document.undo_stack.undo()
    assert panel.editor.isVisible()
    assert panel.editor.text == dump_job_map(document.job_map)


def test_that_undo_reaches_the_document_once_what_is_half_typed_has_no_steps_of_its_own(panel: JsonPanel, document: Document) -> None:
    put_cursor(panel, '"tasks"')
    QTest.keyClicks(panel.editor, "oops ")
    document.change("Move", move_tasks(document.job_map, {"out": (480.0, 16.0)}))  # which comes into the text around what is typed
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    event.setAccepted(True)
    panel.editor.event(event)
    assert not event.isAccepted()
    document.undo_stack.undo()
    assert "oops " in panel.editor.text
    assert "480" not in panel.editor.text
