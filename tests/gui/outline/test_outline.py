"""The outline: every task and wire in words, one selection with the canvas."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.catalog import load_catalog
from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from engine.model import editing
from engine.model.job_map import Datasource, Disabled, JobMap, Task, TaskKey, TaskType
from engine.problems import Problem, Severity
from ephemeral_gui.document.document import Document
from ephemeral_gui.outline.lines import Lines, TaskLine, lines_of
from ephemeral_gui.outline.panel import OutlinePanel
from ephemeral_gui.widgets.theme import Appearance, Look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from engine.catalog import Catalog


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def example(name: str, method: str = "example") -> Task:
    return Task(name, TaskType.FUNCTION, namespace="main", method=method, consumes="string", produces="string")


JOB = JobMap(
    "Words",
    Datasource("direct", {"content": {}}),
    (Task("out", TaskType.OUTPUT), example("clean"), example("report", "no_such_method"), Task("in", TaskType.INPUT)),
    (("in", "clean"), ("clean", "report"), ("clean", "out"), ("report", "out")),
)


@pytest.fixture
def panel(qapp: QApplication, catalog: Catalog) -> Iterator[OutlinePanel]:
    panel = OutlinePanel(Look(appearance=Appearance.DARK))
    panel.resize(280, 400)
    panel.show()
    panel.show_document(Document(JOB), catalog)
    yield panel
    panel.show_document(None, None)
    panel.close()
    panel.deleteLater()


def texts(panel: OutlinePanel, column: int = 0, parent: QModelIndex | None = None) -> list[str]:
    model, parent = panel.tree.model(), parent or QModelIndex()
    return [model.index(row, column, parent).data() for row in range(model.rowCount(parent))]


def key_of(name: str) -> TaskKey:
    return JOB.by_name[name].key


def settle(panel: OutlinePanel) -> None:
    """Let what the panel puts off happen now."""
    panel._show_lines()


def test_that_tasks_stand_in_the_order_of_their_work_with_their_wires_below(panel: OutlinePanel) -> None:
    assert texts(panel) == ["in", "clean", "report", "out"]
    assert texts(panel, parent=panel.tree.model().index(1, 0)) == ["to report", "to out"]
    assert texts(panel, column=1) == ["Ready", "Ready", "Method not found", "Ready"]


def test_that_every_task_and_wire_is_told_in_words(panel: OutlinePanel) -> None:
    done = TaskProgress("clean", TaskState.DONE, succeeded=4, items_in=4, items_out=4)
    panel.show_progress(ProgressSnapshot("run", RunStatus.RUNNING, 1.0, {"clean": done}))
    panel.show_problems([Problem("x", Severity.ERROR, f"number {number}", task="clean") for number in range(3)])
    settle(panel)
    clean = panel.tree.model().index(1, 0)
    assert clean.data(Qt.ItemDataRole.AccessibleTextRole) == "clean, function task, done, 4 of 4 ended, 3 problems"
    wire = panel.tree.model().index(0, 0, clean)
    assert wire.data(Qt.ItemDataRole.AccessibleTextRole) == "wire from clean to report, 4 items passed"


def test_that_a_screen_reader_finds_the_outline_by_its_name(panel: OutlinePanel) -> None:
    assert panel.tree.accessibleName() == "Outline of the job"


def test_that_the_selection_is_one_with_the_canvas(panel: OutlinePanel) -> None:
    heard: list[list[TaskKey]] = []
    panel.chosen.connect(heard.append)
    panel.show_selection([key_of("report")])
    assert [index.data() for index in panel.tree.selectionModel().selectedRows()] == ["report"]
    assert heard == []
    panel.tree.setCurrentIndex(panel.tree.model().index(1, 0))
    assert heard == [[key_of("clean")]]


def test_that_typing_jumps_to_a_name_and_enter_goes_there(panel: OutlinePanel) -> None:
    gone_to: list[object] = []
    panel.activated.connect(gone_to.append)
    panel.tree.setFocus()
    QTest.keyClicks(panel.tree, "rep")
    assert panel.tree.currentIndex().data() == "report"
    QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert gone_to == [key_of("report")]


def test_that_enter_on_a_wire_goes_to_the_task_that_it_leads_to(panel: OutlinePanel) -> None:
    gone_to: list[object] = []
    panel.activated.connect(gone_to.append)
    panel.tree.setCurrentIndex(panel.tree.model().index(1, 0, panel.tree.model().index(1, 0)))
    QTest.keyClick(panel.tree, Qt.Key.Key_Return)
    assert gone_to == [key_of("out")]


def test_that_an_edit_is_followed_and_what_is_open_stays_open(qapp: QApplication, catalog: Catalog) -> None:
    document = Document(JOB)
    panel = OutlinePanel(Look(appearance=Appearance.DARK))
    panel.show()
    panel.show_document(document, catalog)
    panel.tree.expand(panel.tree.model().index(1, 0))
    document.change("Rename", editing.rename_task(document.job_map, key_of("clean"), "tidy"))
    assert texts(panel)[1] == "tidy"
    assert panel.tree.isExpanded(panel.tree.model().index(1, 0))
    document.change("Delete", editing.remove_tasks(document.job_map, [key_of("report")]))
    assert texts(panel) == ["in", "tidy", "out"]
    panel.close()
    panel.deleteLater()


def test_that_tasks_on_a_cycle_stand_at_the_end(catalog: Catalog) -> None:
    looped = JobMap("Loop", JOB.datasource, (example("a"), example("b"), example("c")), (("a", "b"), ("b", "a")))
    assert [line.name for line in lines_of(looped, catalog)] == ["c", "a", "b"]


def test_that_a_task_that_is_switched_off_says_so(catalog: Catalog) -> None:
    off = JobMap("Off", JOB.datasource, (Task("x", TaskType.FUNCTION, namespace="main", method="example", disabled=Disabled.OFF),), ())
    assert [line.state_text for line in lines_of(off, catalog)] == ["Off"]


def test_that_an_edit_makes_the_lines_anew_that_say_something_else(catalog: Catalog) -> None:
    lines, before = Lines(catalog), JobMap("Row", JOB.datasource, tuple(map(example, "abcd")), tuple(itertools.pairwise("abcd")))
    first = lines.of(before, None, ())
    after = editing.rename_task(before, before.by_name["b"].key, "x")
    second = lines.of(after, None, ())
    assert second == lines_of(after, catalog)
    assert [one is other for one, other in zip(first, second, strict=True)] == [False, False, True, True]  # the wire from a to b is a's
    swapped = replace(after, tasks=(*after.tasks[:3], example("d")))
    third = lines.of(swapped, None, (Problem("x", "y", task="x"),))
    assert third == lines_of(swapped, catalog, None, (Problem("x", "y", task="x"),))
    assert [one is other for one, other in zip(second, third, strict=True)] == [True, False, False, False]


def test_that_without_tasks_it_says_what_it_is_for(qapp: QApplication) -> None:
    panel = OutlinePanel(Look(appearance=Appearance.DARK))
    none = panel.findChild(QWidget, "outline.none")
    assert none is not None
    assert none.isVisibleTo(panel)
    panel.deleteLater()


def test_that_two_thousand_tasks_are_outlined_at_once(panel: OutlinePanel, catalog: Catalog) -> None:
    names = [f"task {number}" for number in range(2_000)]
    many = JobMap("Many", JOB.datasource, tuple(map(example, names)), tuple(itertools.pairwise(names)))
    document = Document(many)
    start = time.process_time()
    panel.show_document(document, catalog)
    panel.tree.viewport().repaint()
    assert time.process_time() - start < 0.5  # ten times what it needs
    assert panel.tree.model().rowCount() == 2_000
    lines = lines_of(many, catalog)
    assert isinstance(lines[0], TaskLine)
