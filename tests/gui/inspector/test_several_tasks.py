"""Several tasks of one method edited together, secrets, and the rarer fields."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QToolButton

from engine.model.editing import add_tasks, set_datasource
from engine.model.job_map import Collect, Datasource, Task, TaskType, Window
from engine.problems import Problem
from ephemeral_gui.inspector.editor import DIFFERENT
from ephemeral_gui.inspector.json_text import ABSENT
from ephemeral_gui.inspector.many_page import MIXED, SharedEdits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def with_second(desk: Any, **init_args: Any) -> None:
    second = Task("second", TaskType.FUNCTION, namespace="plots", method="draw", init_args=init_args)
    desk.document.change("Add", add_tasks(desk.document.job_map, [second]))


def test_that_what_is_written_goes_to_all_selected_tasks_as_one_step(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"variable": "sst", "label": "mine"})
    with_second(desk, variable="sst")
    desk.select("work", "second")
    steps = desk.steps()
    field = desk.control("argument.variable", QLineEdit)
    assert field.text() == "sst"
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "ice")
    assert [desk.task(name).init_args["variable"] for name in ("work", "second")] == ["ice", "ice"]
    assert desk.task().init_args["label"] == "mine"
    assert desk.steps() == steps + 1


def test_that_values_that_differ_are_left_alone_and_said_to_differ(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"variable": "sst", "colour_map": "viridis"})
    with_second(desk, variable="ice", colour_map="viridis")
    desk.select("work", "second")
    assert desk.control("argument.variable", QLineEdit).text() == ""
    assert desk.control("argument.variable.note", QLabel).text() == MIXED
    assert desk.control("argument.colour_map.note", QLabel).text() == ""
    choice = desk.control("argument.colour_map", QComboBox)
    choice.setCurrentText("plasma")
    choice.activated.emit(choice.currentIndex())
    assert [desk.task(name).init_args["variable"] for name in ("work", "second")] == ["sst", "ice"]
    assert [desk.task(name).init_args["colour_map"] for name in ("work", "second")] == ["plasma", "plasma"]


def test_that_tasks_of_different_kinds_are_not_edited_together(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({})
    desk.select("work", "in")
    assert [field for field in desk.panel.findChildren(QLineEdit, "argument.variable") if field.isVisibleTo(desk.panel)] == []


def test_that_a_text_becomes_a_secret_and_a_secret_a_text(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"label": "tell nobody"})
    desk.select("work")
    desk.control("argument.label.swap", QToolButton).click()
    assert desk.task().init_args["label"] == {"$secret": "LABEL"}
    assert "secret" in desk.control("argument.label.help", QLabel).text()
    desk.control("argument.label.swap", QToolButton).click()
    assert desk.task().init_args["label"] == ""


def test_that_backoff_is_a_field_of_the_policy(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({})
    desk.select("work")
    desk.control("section.policy", QPushButton).click()
    QTest.keyClicks(desk.control("policy.retry_backoff", QLineEdit), "2.5")
    assert desk.task().policy.retry_backoff == 2.5


def test_that_the_step_of_windows_is_offered_once_there_are_windows(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({})
    desk.select("work")
    desk.control("section.collect", QPushButton).click()
    desk.control("collect", QCheckBox).click()
    step = desk.control("collect.step", QLineEdit)
    assert step.isHidden() or not step.isVisibleTo(desk.panel)
    QTest.keyClicks(desk.control("collect.window", QLineEdit), "4")
    assert step.isVisibleTo(desk.panel)
    QTest.keyClicks(step, "2")
    assert desk.task().collect == Collect(window=Window(4, 2))


def shown(desk: Any, qtbot: QtBot) -> str:
    desk.select("in")
    button = desk.control("preview.show", QPushButton)
    button.click()
    qtbot.waitUntil(button.isEnabled)
    return str(desk.control("preview.text", QPlainTextEdit).toPlainText() or desk.control("preview.error", QLabel).text())


def test_that_the_first_payloads_are_read_when_they_are_asked_for(desk_of: Callable[..., Any], qtbot: QtBot, tmp_path: Path) -> None:
    desk = desk_of({})
    file = tmp_path / "data.csv"
    file.write_text("name\n" + "".join(f"<b>{number}</b>\n" for number in range(9)), "utf-8")
    desk.document.change("Set", set_datasource(desk.document.job_map, Datasource("file", {"path": str(file)})))
    lines = shown(desk, qtbot).splitlines()
    assert lines == [*(f'{{"name": "<b>{number}</b>"}}' for number in range(5)), "and more"]
    desk.document.change("Set", set_datasource(desk.document.job_map, Datasource("file", {"path": "other.csv"})))
    assert desk.control("preview.text", QPlainTextEdit).toPlainText() == ""


def test_that_a_datasource_that_cannot_be_read_says_why(desk_of: Callable[..., Any], qtbot: QtBot, tmp_path: Path) -> None:
    desk = desk_of({})
    desk.document.change("Set", set_datasource(desk.document.job_map, Datasource("file", {"path": str(tmp_path / "none.csv")})))
    assert "none.csv" in shown(desk, qtbot)


def test_that_fields_of_tasks_that_differ_show_neither_value_nor_default(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"variable": "sst", "colour_map": "viridis", "count": 1, "coast": False, "about": "one"})
    with_second(desk, variable="sst", colour_map="plasma", count=2, coast=True, about="two")
    desk.select("work", "second")
    assert desk.control("argument.variable", QLineEdit).placeholderText() != DIFFERENT
    assert desk.control("argument.count", QLineEdit).placeholderText() == DIFFERENT
    assert desk.control("argument.about", QPlainTextEdit).placeholderText() == DIFFERENT
    choice = desk.control("argument.colour_map", QComboBox)
    assert (choice.currentIndex(), choice.placeholderText()) == (-1, DIFFERENT)
    coast = desk.control("argument.coast", QCheckBox)
    assert coast.checkState() is Qt.CheckState.PartiallyChecked
    coast.click()
    assert {desk.task(name).init_args["coast"] for name in ("work", "second")} == {True}
    assert coast.checkState() is Qt.CheckState.Checked


def test_that_what_is_wrong_in_one_of_several_tasks_stands_at_its_field(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"count": 99})
    with_second(desk, count=99)
    desk.select("work", "second")
    places = [index for index, task in enumerate(desk.document.job_map.tasks) if task.name in ("work", "second")]
    desk.panel.show_problems([Problem("range", "expected at most 9, got 99", f"/tasks/{index}/init_args/count") for index in places])
    assert desk.control("argument.count.error", QLabel).text() == "Expected at most 9, got 99."


def test_that_thousands_of_tasks_are_edited_at_once(desk_of: Callable[..., Any]) -> None:
    desk = desk_of({"variable": "sst"})
    more = [Task(f"t{number}", TaskType.FUNCTION, namespace="plots", method="draw") for number in range(2_000)]
    desk.document.change("Add", add_tasks(desk.document.job_map, more))
    edits = SharedEdits(desk.document, [task.key for task in desk.document.job_map.tasks if task.is_function])
    start = time.process_time()
    edits.set_argument(edits.tasks[0].key, "variable", "ice")
    assert time.process_time() - start < 1, "each task is looked for among all of them"
    assert {task.init_args["variable"] for task in desk.document.job_map.tasks if task.is_function} == {"ice"}
    edits.set_argument(edits.tasks[0].key, "variable", ABSENT)
    assert not any("variable" in task.init_args for task in desk.document.job_map.tasks)
