"""How the panels and the canvas lead to each other."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QTreeView, QWidget

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.catalog.scaffolding import new_namespace, new_task
from engine.files import dump_job_map
from engine.model.editing import set_argument

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

BRANCHING = JOBS / "branching-strings" / "job.json"


@pytest.fixture
def window(qapp: object) -> MainWindow:
    return ephemeral_gui.open_window(BRANCHING)


def _first_filter(window: MainWindow) -> Any:
    assert window.document is not None
    return next(task for task in window.document.job_map.tasks if task.method == "filter_string_length")


def test_that_the_inspector_shows_what_is_selected(window: MainWindow) -> None:
    assert window.canvas is not None
    window.canvas.select([_first_filter(window).key])
    assert window.docks["inspector"].findChild(QWidget, "argument.word_length") is not None
    window.canvas.select([])
    assert window.actions_by_id["edit.delete"].isEnabled() is False


async def test_that_a_problem_leads_to_its_task_and_field(window: MainWindow, until: Until) -> None:
    document = window.document
    assert document is not None
    assert window.canvas is not None
    window.activateWindow()
    task = _first_filter(window)
    document.change("Break", set_argument(document.job_map, task.key, "comparison", "longest"))
    await until(lambda: window.panels.shown_problems)
    (problem,) = window.panels.shown_problems
    window.panels.problems.activated.emit(problem)
    assert window.canvas.selected_keys() == [task.key]
    field = window.docks["inspector"].findChild(QWidget, "argument.comparison")
    assert field is not None
    await until(lambda: QApplication.focusWidget() is field or field.isAncestorOf(QApplication.focusWidget() or window))


def test_that_a_row_of_the_progress_leads_to_its_task(window: MainWindow) -> None:
    assert window.canvas is not None
    window.panels.progress.activated.emit(_first_filter(window).name)
    assert window.canvas.selected_keys() == [_first_filter(window).key]


def test_that_a_double_clicked_method_is_added(window: MainWindow) -> None:
    assert window.document is not None
    assert window.panels.palette is not None
    before = len(window.document.job_map.tasks)
    window.panels.palette.add_requested.emit("main", "example")
    assert len(window.document.job_map.tasks) == before + 1


async def test_that_a_method_added_to_an_empty_window_starts_a_job_map(until: Until) -> None:
    window = ephemeral_gui.open_window()
    await until(lambda: window.panels.palette)
    window.panels.add_requested.emit("main", "example")
    assert window.document is not None
    assert [task.method for task in window.document.job_map.tasks if task.is_function] == ["example"]


async def test_that_each_tab_shows_its_own_run(window: MainWindow, until: Until) -> None:
    first = window.runs
    assert first is not None
    window.actions_by_id["run.start"].trigger()
    await until(lambda: first.last_result)
    tree = window.docks["progress"].findChild(QTreeView)
    assert tree is not None
    done = [tree.model().index(row, 0).siblingAtColumn(1).data() for row in range(tree.model().rowCount())]
    window.actions_by_id["file.new"].trigger()
    assert window.findChild(QWidget, "status_text").text() == "Ready"  # type: ignore[attr-defined]  # a label
    window.tabs.setCurrentIndex(0)
    assert window.findChild(QWidget, "status_text").text().startswith("Done")  # type: ignore[attr-defined]
    assert [tree.model().index(row, 0).siblingAtColumn(1).data() for row in range(tree.model().rowCount())] == done


async def test_that_the_log_shows_what_the_engine_says(window: MainWindow, until: Until) -> None:
    logging.getLogger("engine.execution").info("said by <b>the engine</b>")
    text = window.docks["log"].findChild(QPlainTextEdit)
    assert text is not None
    await until(lambda: "said by <b>the engine</b>" in text.toPlainText())


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A workspace with one method of its own."""
    folder = tmp_path / "ocean-lab"
    new_namespace(folder, "ocean")
    new_task(folder, "ocean", "trend")
    return folder


@pytest.fixture
def lab_job(tmp_path: Path) -> Path:
    task = {
        "name": "trend",
        "type": "function",
        "namespace": "ocean",
        "method": "trend",
        "consumes": "any",
        "produces": "map",
        "init_args": {},
    }
    data = {
        "name": "Trend",
        "datasource": {"source": "direct", "content": {"input": "x"}},
        "tasks": [{"name": "in", "type": "input"}, task, {"name": "out", "type": "output"}],
        "workflow": [["in", "trend"], ["trend", "out"]],
    }
    path = tmp_path / "trend.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


async def test_that_a_workspace_is_restricted_until_it_is_trusted(lab: Path, lab_job: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(lab_job, workspace=lab)
    runs = window.runs
    assert runs is not None
    assert window.restricted_banner.isVisible()
    assert window.windowModality() is Qt.WindowModality.NonModal
    assert ("ocean", "trend") in window.catalog.definitions
    window.actions_by_id["run.start"].trigger()
    await until(window.error_banner.isVisible)
    assert "not trusted" in window.error_banner.text
    assert runs.last_result is None
    window.restricted_banner.findChild(QWidget, "restricted_banner_action").click()  # type: ignore[attr-defined]  # a button
    assert not window.restricted_banner.isVisible()
    window.actions_by_id["run.start"].trigger()
    await until(lambda: runs.last_result)
    assert runs.last_result is not None
    assert runs.last_result.ok


def test_that_trust_lasts_for_the_next_window(lab: Path, lab_job: Path) -> None:
    ephemeral_gui.open_window(lab_job, workspace=lab).workspace.trust_it()
    assert not ephemeral_gui.open_window(lab_job, workspace=lab).restricted_banner.isVisible()


def test_that_trust_given_at_the_start_shows_no_banner(lab: Path, lab_job: Path) -> None:
    assert not ephemeral_gui.open_window(lab_job, workspace=lab, trust=True).restricted_banner.isVisible()


async def test_that_a_problem_is_mended_by_key_as_one_step_that_can_be_undone(window: MainWindow, until: Until) -> None:
    document = window.document
    assert document is not None
    task = _first_filter(window)
    document.change("Break", set_argument(document.job_map, task.key, "comparison", "les"))
    broken = document.job_map
    await until(lambda: window.panels.shown_problems)
    window.actions_by_id["edit.fix"].trigger()
    assert document.job_map.by_key[task.key].init_args["comparison"] == "less"
    assert list(window.panels.shown_problems) == []
    assert document.undo_stack.undoText() == 'Set to "less"'
    document.undo_stack.undo()
    assert document.job_map == broken


async def test_that_a_fix_whose_problem_has_gone_changes_nothing(window: MainWindow, until: Until) -> None:
    document = window.document
    assert document is not None
    document.change("Break", set_argument(document.job_map, _first_filter(window).key, "comparison", "les"))
    await until(lambda: window.panels.shown_problems)
    (problem,) = window.panels.shown_problems
    document.undo_stack.undo()
    before = document.job_map
    window.panels.problems.fix_requested.emit(problem)
    assert document.job_map is before


def test_that_the_count_of_what_left_a_task_opens_its_branches(window: MainWindow) -> None:
    assert window.canvas is not None
    window.docks["inspector"].hide()
    task = _first_filter(window)
    window.canvas.select([task.key])
    window.canvas.items_requested.emit(task.key)
    assert window.docks["inspector"].isVisibleTo(window)
    header = window.docks["inspector"].findChild(QAbstractButton, "section.branches")
    assert header is not None
    assert header.isChecked()


def test_that_the_outline_waits_until_it_is_asked_for_and_selects_with_the_canvas(window: MainWindow) -> None:
    dock = window.docks["outline"]
    assert not dock.isVisibleTo(window)
    dock.toggle.trigger()
    assert dock.isVisibleTo(window)
    tree = dock.findChild(QTreeView, "outline.tree")
    assert tree is not None
    assert window.canvas is not None
    task = _first_filter(window)
    window.canvas.select([task.key])
    assert [index.data() for index in tree.selectionModel().selectedRows()] == [task.name]
    tree.setCurrentIndex(tree.model().index(0, 0))
    assert window.document is not None
    names = [window.document.job_map.by_key[key].name for key in window.canvas.selected_keys()]
    assert names == [tree.model().index(0, 0).data()]


def test_that_the_json_view_costs_nothing_behind_another_tab_and_follows_in_front(window: MainWindow) -> None:
    assert window.document is not None
    window.docks.reveal("json")
    QApplication.sendPostedEvents()
    before = window.panels.json.editor.text
    window.docks.reveal("problems")
    document = window.document
    document.change("Break", set_argument(document.job_map, _first_filter(window).key, "comparison", "longest"))
    assert window.panels.json.editor.text == before
    window.docks.reveal("json")
    assert window.panels.json.editor.text == dump_job_map(document.job_map)
