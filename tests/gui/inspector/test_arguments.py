from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QToolButton, QWidget

from engine.model import editing
from engine.problems import Problem, Severity
from ephemeral_gui.inspector.json_text import ABSENT, is_same
from ephemeral_gui.inspector.text_editors import MOST_EDITED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def visible(widget: QWidget, within: QWidget) -> bool:
    return widget.isVisibleTo(within)


def test_that_each_argument_has_the_control_of_its_type(desk: Any) -> None:
    kinds = {
        "variable": QLineEdit,
        "colour_map": QComboBox,
        "about": QPlainTextEdit,
        "count": QLineEdit,
        "limit": QLineEdit,
        "coast": QCheckBox,
        "levels": QPlainTextEdit,
        "options": QPlainTextEdit,
        "source": QLineEdit,
    }
    for name, kind in kinds.items():
        control = desk.control(f"argument.{name}", kind)
        assert control.accessibleName()
    assert desk.control("argument.variable", QLineEdit).accessibleName() == "Variable, required"
    assert desk.control("argument.variable.help", QLabel).text() == "Name of the variable."


def test_that_typing_is_one_step_to_undo(desk: Any) -> None:
    line = desk.control("argument.variable", QLineEdit)
    line.setFocus()
    line.setText("")
    QTest.keyClicks(line, "salinity")
    assert desk.task().init_args["variable"] == "salinity"
    assert desk.steps() == 1
    desk.document.undo_stack.undo()
    assert (desk.task().init_args["variable"], line.text()) == ("temperature", "temperature")


def test_that_typing_into_a_field_again_is_another_step(desk: Any) -> None:
    first, second = desk.control("argument.variable", QLineEdit), desk.control("argument.label", QLineEdit)
    first.setFocus()
    QTest.keyClicks(first, "1")
    second.setFocus()
    first.setFocus()
    QTest.keyClicks(first, "2")
    assert desk.steps() == 2


def test_that_no_keystroke_is_lost_when_the_document_changes_under_it(desk: Any) -> None:
    line = desk.control("argument.variable", QLineEdit)
    line.setFocus()
    line.setText("")
    for letter in "salinity of the sea":
        QTest.keyClicks(line, letter)
        moved = editing.move_tasks(desk.document.job_map, {"work": (float(len(line.text())), 0.0)})
        desk.document.change("Move", moved)
        desk.panel.show_problems([])
    assert line.text() == desk.task().init_args["variable"] == "salinity of the sea"


def test_that_the_cursor_stays_in_the_middle_of_a_word(desk: Any) -> None:
    line = desk.control("argument.variable", QLineEdit)
    line.setFocus()
    line.setCursorPosition(4)
    QTest.keyClicks(line, "XY")
    assert (line.text(), line.cursorPosition()) == ("tempXYerature", 6)
    assert desk.control("argument.variable", QLineEdit) is line


def test_that_json_that_is_wrong_stays_and_changes_nothing(desk: Any) -> None:
    area = desk.control("argument.levels", QPlainTextEdit)
    QTest.keyClicks(area, "[1, 2")
    assert "levels" not in desk.task().init_args or desk.task().init_args["levels"] != [1, 2]
    error = desk.control("argument.levels.error", QLabel)
    assert error.text().startswith("Not JSON yet: line 1")
    assert area.property("invalid") == "true"
    QTest.keyClicks(area, "]")
    assert desk.task().init_args["levels"] == [1, 2]
    assert not visible(error, desk.panel)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1, "a": 2}', "Line 1, column 10: duplicate key, first at 1:2"),
        ("[NaN]", "Line 1, column 2: NaN is no JSON"),
        ("[1e999]", "Line 1, column 2: 1e999 is larger"),
        ("[" * 2000, "Not JSON yet: line 1, column 201: nesting deeper"),
    ],
)
def test_that_what_a_job_map_cannot_hold_is_refused(desk: Any, text: str, reason: str) -> None:
    area = desk.control("argument.options", QPlainTextEdit)
    area.setPlainText(text)
    assert desk.control("argument.options.error", QLabel).text().startswith(reason)
    assert "options" not in desk.task().init_args


@pytest.mark.parametrize(("typed", "value"), [("7", 7), ("-2", -2), ("123456789012345678901", 123456789012345678901)])
def test_that_a_whole_number_is_kept_exactly(desk: Any, typed: str, value: int) -> None:
    line = desk.control("argument.count", QLineEdit)
    QTest.keyClicks(line, typed)
    assert desk.task().init_args["count"] == value


@pytest.mark.parametrize("typed", ["1.5", "x", "1_000", "inf"])
def test_that_no_whole_number_changes_nothing(desk_of: Callable[..., Any], typed: str) -> None:
    desk = desk_of({"count": 4})
    line = desk.control("argument.count", QLineEdit)
    line.setText("")
    line.textEdited.emit(typed)
    line.setText(typed)
    assert desk.task().init_args.get("count") == 4
    assert desk.control("argument.count.error", QLabel).text() == "Write a whole number, such as 12"


@pytest.mark.parametrize(
    ("argument", "typed", "said"),
    [("limit", "1e400", "Write a smaller number: this one cannot be held"), ("count", "1" * 500, "Write a number with fewer digits")],
)
def test_that_a_number_that_cannot_be_held_is_refused_as_such(desk: Any, argument: str, typed: str, said: str) -> None:
    line = desk.control(f"argument.{argument}", QLineEdit)
    line.textEdited.emit(typed)
    assert argument not in desk.task().init_args
    assert desk.control(f"argument.{argument}.error", QLabel).text() == said


@pytest.mark.parametrize(("typed", "value"), [("1.5", 1.5), ("1e3", 1000.0), ("2", 2)])
def test_that_a_number_is_read(desk: Any, typed: str, value: float) -> None:
    QTest.keyClicks(desk.control("argument.limit", QLineEdit), typed)
    assert desk.task().init_args["limit"] == value


def test_that_an_emptied_number_is_left_out(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"limit": 5})
    line = desk.control("argument.limit", QLineEdit)
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Backspace) if line.cursorPosition() else QTest.keyClick(line, Qt.Key.Key_Delete)
    assert "limit" not in desk.task().init_args


def test_that_the_arrow_keys_step_within_the_range(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"count": 8})
    line = desk.control("argument.count", QLineEdit)
    for _ in range(4):
        QTest.keyClick(line, Qt.Key.Key_Up)
    assert (desk.task().init_args["count"], line.text()) == (9, "9")


def test_that_a_choice_is_written(desk: Any) -> None:
    box = desk.control("argument.colour_map", QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert desk.task().init_args["colour_map"] == "plasma"


def test_that_a_value_that_is_no_choice_stays_until_another_is_chosen(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"colour_map": "viridiss"})
    box = desk.control("argument.colour_map", QComboBox)
    assert box.currentText() == "viridiss"
    assert desk.task().init_args["colour_map"] == "viridiss"
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert desk.task().init_args["colour_map"] == "viridis"


def test_that_a_problem_stands_at_its_field_and_its_suggestion_mends_it(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"colour_map": "viridiss"})
    desk.panel.show_problems([Problem("not-among-choices", 'expected "viridis", got "viridiss"', "/tasks/1/init_args/colour_map", "work")])
    assert desk.control("argument.colour_map.error", QLabel).text() == 'Expected "viridis", got "viridiss". Did you mean'
    mend = desk.control("argument.colour_map.mend", QPushButton)
    assert mend.text() == "viridis"
    QTest.mouseClick(mend, Qt.MouseButton.LeftButton)
    assert desk.task().init_args["colour_map"] == "viridis"
    desk.panel.show_problems([])
    assert not visible(desk.control("argument.colour_map.error", QLabel), desk.panel)


def test_that_a_tick_box_starts_at_the_default_and_says_what_it_is(desk: Any) -> None:
    box = desk.control("argument.coast", QCheckBox)
    assert box.isChecked()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert desk.task().init_args["coast"] is False
    QTest.mouseClick(desk.control("argument.coast.reset", QToolButton), Qt.MouseButton.LeftButton)
    assert "coast" not in desk.task().init_args
    assert box.isChecked()


def test_that_the_default_stands_in_the_empty_field_and_reset_leads_back(desk: Any) -> None:
    line = desk.control("argument.label", QLineEdit)
    reset = desk.control("argument.label.reset", QToolButton)
    assert (line.text(), line.placeholderText()) == ("", "none")
    assert not visible(reset, desk.panel)
    QTest.keyClicks(line, "x")
    assert visible(reset, desk.panel)
    QTest.mouseClick(reset, Qt.MouseButton.LeftButton)
    assert "label" not in desk.task().init_args


def test_that_empty_text_is_a_value(desk: Any) -> None:
    line = desk.control("argument.label", QLineEdit)
    QTest.keyClicks(line, "x")
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert desk.task().init_args["label"] == ""
    assert line.placeholderText() == "empty text"


def test_that_a_secret_is_shown_by_name(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"variable": {"$secret": "KEY"}})
    line = desk.control("argument.variable", QLineEdit)
    assert line.text() == "KEY"
    assert "secret" in desk.control("argument.variable.help", QLabel).text()
    QTest.keyClicks(line, "2")
    assert desk.task().init_args["variable"] in ({"$secret": "KEY2"}, {"$secret": "2KEY"})


def test_that_a_path_is_looked_for_in_the_job_maps_folder(desk: Any, tmp_path: Path) -> None:
    (tmp_path / "data.nc").write_bytes(b"")
    desk.document.mark_saved(tmp_path / "job.json")
    line, note = desk.control("argument.source", QLineEdit), desk.control("argument.source.note", QLabel)
    QTest.keyClicks(line, "data.n")
    assert note.text() == "Nothing is there yet."
    QTest.keyClicks(line, "c")
    assert not visible(note, desk.panel)


def test_that_a_value_of_another_type_is_kept_as_json(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"coast": "yes", "variable": 5})
    assert desk.control("argument.coast", QPlainTextEdit).toPlainText() == '"yes"'
    area = desk.control("argument.variable", QPlainTextEdit)
    area.setFocus()
    area.setPlainText('"five"')
    assert desk.task().init_args["variable"] == "five"


def test_that_an_unknown_argument_is_shown_removed_and_mended(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"extra": 1, "lable": "a"})
    desk.panel.show_problems([Problem("unknown", "no argument 'lable'", "/tasks/1/init_args/lable", "work", hint="did you mean 'label'?")])
    QTest.mouseClick(desk.control("argument.lable.mend", QPushButton), Qt.MouseButton.LeftButton)
    assert desk.task().init_args == {"extra": 1, "label": "a"}
    QTest.mouseClick(desk.control("argument.extra.reset", QToolButton), Qt.MouseButton.LeftButton)
    assert desk.task().init_args == {"label": "a"}


def test_that_types_are_offered_where_the_definition_has_several(desk: Any) -> None:
    assert not desk.panel.findChildren(QComboBox, "consumes")
    box = desk.control("produces", QComboBox)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert desk.task().produces == "map"


def test_that_the_wheel_changes_nothing_in_passing(desk: Any) -> None:
    box = desk.control("argument.colour_map", QComboBox)
    desk.control("argument.variable", QLineEdit).setFocus()
    at = QPointF(box.rect().center())
    no_key, no_button = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    down = QPoint(0, -120)
    wheel = QWheelEvent(at, box.mapToGlobal(at), QPoint(), down, no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False)  # noqa: FBT003
    QApplication.sendEvent(box, wheel)
    assert desk.task().init_args["colour_map"] == "viridis"


def test_that_focus_goes_to_the_argument_that_was_asked_for(desk: Any) -> None:
    desk.panel.show_selection([])
    desk.panel.focus_argument(desk.task().key, "levels")
    assert desk.control("argument.levels", QPlainTextEdit).hasFocus()


def test_that_tab_goes_from_field_to_field_in_order(desk: Any) -> None:
    desk.control("argument.variable", QLineEdit).setFocus()
    order = []
    for _ in range(4):
        focused = desk.panel.focusWidget()
        order.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == ["argument.variable", "argument.colour_map", "argument.label", "argument.about"]


def test_that_a_long_text_is_edited_as_a_whole(desk_of: Callable[..., Any]) -> None:
    text = "0123456789" * 4_000  # more than Qt lets a line of text hold
    desk = desk_of({"variable": text})
    area = desk.control("argument.variable", QPlainTextEdit)
    area.setFocus()
    QTest.keyClicks(area, "x")
    assert desk.task().init_args["variable"] == f"x{text}"


def test_that_a_text_of_several_lines_keeps_them_and_every_character(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"variable": "one\ntwo\N{NO-BREAK SPACE}three"})
    area = desk.control("argument.variable", QPlainTextEdit)
    area.setFocus()
    QTest.keyClicks(area, "x")
    assert desk.task().init_args["variable"] == "xone\ntwo\N{NO-BREAK SPACE}three"


def test_that_a_text_too_long_to_be_edited_is_kept_and_says_so(desk_of: Callable[..., Any]) -> None:
    text = "y" * (MOST_EDITED + 1)
    desk = desk_of({"about": text})
    area = desk.control("argument.about", QPlainTextEdit)
    area.setFocus()
    QTest.keyClicks(area, "x")
    assert area.isReadOnly()
    assert desk.task().init_args["about"] == text
    assert desk.control("argument.about.note", QLabel).text() == "300,001 characters are kept, and too many to be edited here."
    desk.document.change("Shorten", editing.set_argument(desk.document.job_map, desk.task().key, "about", "short"))
    assert not area.isReadOnly()
    assert not visible(desk.control("argument.about.note", QLabel), desk.panel)


def test_that_a_warning_is_said_to_be_one_and_outlines_nothing(desk: Any) -> None:
    desk.panel.show_problems([Problem("dull", "it is not used", "/tasks/1/init_args/variable", "work", Severity.WARNING)])
    shown = desk.control("argument.variable.error", QLabel)
    assert (shown.text(), shown.property("role")) == ("Warning: It is not used.", "text2")
    assert desk.control("argument.variable", QLineEdit).property("invalid") == "false"


@pytest.mark.parametrize(("one", "other"), [(1, 1), ({"a": [1]}, {"a": [1]}), (ABSENT, ABSENT)])
def test_that_values_are_the_same_where_a_file_says_them_alike(one: Any, other: Any) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (0.0, -0.0),
        ([1], [1.0]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ("text", "text "),
        (ABSENT, None),
    ],
)
def test_that_values_are_not_the_same_where_a_file_says_them_otherwise(one: Any, other: Any) -> None:
    assert not is_same(one, other)
