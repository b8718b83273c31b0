from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest

from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from engine.model.job_map import Datasource, JobMap, Task, TaskType
from ephemeral_gui.runs.overall_bar import end_text
from ephemeral_gui.runs.progress_model import changed_ranges
from ephemeral_gui.runs.progress_panel import ProgressPanel
from ephemeral_gui.widgets.strip import Shares
from ephemeral_gui.widgets.theme import Look

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

MAP = JobMap("job", Datasource("direct"), (Task("in", TaskType.INPUT), Task("work", TaskType.FUNCTION), Task("out", TaskType.OUTPUT)))


def snapshot(*tasks: TaskProgress, status: RunStatus = RunStatus.RUNNING, seconds: float = 1.0) -> ProgressSnapshot:
    return ProgressSnapshot("run", status, seconds, {task.name: task for task in tasks})


READY = snapshot(*(TaskProgress(name, TaskState.READY) for name in ("out", "work", "in")))


@pytest.fixture
def panel(qtbot: QtBot) -> ProgressPanel:
    made = ProgressPanel(Look())
    qtbot.addWidget(made)
    made.resize(1_100, 250)
    made.show()
    return made


def column(panel: ProgressPanel, number: int) -> list[str]:
    model = panel.table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_that_before_any_run_the_panel_says_what_to_do(panel: ProgressPanel) -> None:
    panel.show_progress(MAP, None)
    assert panel._none.isVisible()
    assert "Press Run" in panel._none.label.text()


def test_that_tasks_stand_in_the_order_of_the_job_map(panel: ProgressPanel) -> None:
    panel.show_progress(MAP, READY)
    assert column(panel, 1) == ["in", "work", "out"]


FAILURES = snapshot(
    TaskProgress("in", TaskState.DONE, succeeded=1),
    TaskProgress("work", TaskState.FAILED, failed=7),
    TaskProgress("out", TaskState.RUNNING, failed=2),
)


def click_header(panel: ProgressPanel, number: int) -> None:
    header = panel.table.header()
    place = QPoint(header.sectionViewportPosition(number) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_that_the_header_sorts_up_then_down_then_as_in_the_job_map(panel: ProgressPanel) -> None:
    panel.show_progress(MAP, FAILURES)
    orders = []
    for _ in range(3):
        click_header(panel, 5)
        orders.append(column(panel, 1))
    assert orders == [["in", "out", "work"], ["work", "out", "in"], ["in", "work", "out"]]


def test_that_states_are_sorted_by_urgency_and_equal_rows_keep_the_order_of_the_job_map(panel: ProgressPanel) -> None:
    panel.show_progress(MAP, FAILURES)
    click_header(panel, 2)
    assert column(panel, 1) == ["work", "out", "in"]
    panel.show_progress(MAP, READY)
    panel.order.sort_again()
    assert column(panel, 1) == ["in", "work", "out"]


def test_that_live_numbers_move_no_row_until_they_are_sorted_again_and_the_chosen_row_stays_chosen(panel: ProgressPanel) -> None:
    panel.show_progress(MAP, FAILURES)
    click_header(panel, 5)
    panel.select("work")
    panel.show_progress(MAP, snapshot(*(replace(task, failed=0 if task.name == "work" else 9) for task in FAILURES.tasks.values())))
    assert column(panel, 1) == ["in", "out", "work"]
    assert column(panel, 5) == ["9", "9", "0"]
    panel.order.sort_again()
    assert column(panel, 1) == ["work", "in", "out"]
    assert panel.table.currentIndex().siblingAtColumn(1).data() == "work"


def test_that_a_click_on_a_sorted_row_leads_to_its_task(panel: ProgressPanel, qtbot: QtBot) -> None:
    panel.show_progress(MAP, FAILURES)
    click_header(panel, 2)
    with qtbot.waitSignal(panel.activated) as asked:
        panel.table.row_activated.emit(panel.table.model().index(0, 1))
    assert asked.args == ["work"]


def test_that_a_row_tells_state_and_counts(panel: ProgressPanel) -> None:
    work = TaskProgress("work", TaskState.RUNNING, queued=294, running=30, succeeded=1_622, failed=36, first_start=0.1, busy_seconds=8.4)
    panel.show_progress(MAP, snapshot(work))
    model = panel.table.model()
    assert [model.index(0, number).data() for number in (1, 2, 4, 5, 6, 7)] == ["work", "Running", "1,622", "36", "324", "8.4 s"]


def test_that_the_whole_is_told_in_words(panel: ProgressPanel) -> None:
    panel.show_progress(MAP, snapshot(TaskProgress("work", TaskState.RUNNING, queued=2, running=1, succeeded=12, failed=1)))
    assert panel.overall.count_text == "13 of 16"
    assert panel.overall.accessibleName() == "13 of 16, 12 done, 1 running, 1 failed, running for 1.0 s"


def test_that_only_rows_that_differ_are_announced(panel: ProgressPanel) -> None:
    panel.show_progress(MAP, READY)
    changed: list[tuple[int, int]] = []
    resets: list[object] = []

    def note(first: QModelIndex, last: QModelIndex, roles: Any) -> None:
        changed.append((first.row(), last.row()))

    panel.table.model().dataChanged.connect(note)
    panel.table.model().modelReset.connect(lambda: resets.append(None))
    panel.show_progress(MAP, READY)
    assert changed == []
    running = TaskProgress("work", TaskState.RUNNING, running=1)
    panel.show_progress(MAP, replace(READY, tasks={**READY.tasks, "work": running}))
    assert (changed, resets) == ([(1, 1)], [])


def test_that_neighbouring_changes_are_one_stretch() -> None:
    assert changed_ranges("abcdef", "aBCdeF") == [(1, 2), (5, 5)]


def test_that_thirty_updates_of_a_thousand_tasks_take_less_than_a_second(panel: ProgressPanel, qtbot: QtBot) -> None:
    names = [f"task {number}" for number in range(1_000)]
    panel.show_progress(None, snapshot(*(TaskProgress(name, TaskState.RUNNING) for name in names)))
    begun = time.process_time()
    for turn in range(30):
        panel.show_progress(None, snapshot(*(TaskProgress(name, TaskState.RUNNING, succeeded=turn, running=1) for name in names)))
        panel.table.viewport().repaint()
    assert time.process_time() - begun < 3  # a third of that on an idle machine


@pytest.mark.parametrize("key", [None, Qt.Key.Key_Return])
def test_that_a_row_leads_to_its_task(panel: ProgressPanel, qtbot: QtBot, key: Qt.Key | None) -> None:
    panel.show_progress(MAP, READY)
    index = panel.table.model().index(1, 1)
    with qtbot.waitSignal(panel.activated) as went:
        if key is None:
            at = panel.table.visualRect(index).center()
            QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        else:
            panel.table.setCurrentIndex(index)
            QTest.keyClick(panel.table, key)
    assert went.args == ["work"]


def test_that_selecting_a_task_leads_nowhere(panel: ProgressPanel, qtbot: QtBot) -> None:
    panel.show_progress(MAP, READY)
    with qtbot.assertNotEmitted(panel.activated):
        panel.select("out")
    assert panel.table.currentIndex().row() == 2


@pytest.mark.parametrize(
    ("status", "seconds", "shares", "text"),
    [
        (RunStatus.RUNNING, 10.0, Shares(done=50, left=50), "about 00:10 left"),
        (RunStatus.RUNNING, 0.5, Shares(done=50, left=50), "running for 0.5 s"),
        (RunStatus.RUNNING, 10.0, Shares(done=1, left=50), "running for 10 s"),
        (RunStatus.DONE, 3.2, Shares(done=5), "done in 3.2 s"),
        (RunStatus.PAUSED, 3.2, Shares(done=5, left=1), "paused"),
    ],
)
def test_that_the_end_is_told_or_guessed(status: RunStatus, seconds: float, shares: Shares, text: str) -> None:
    assert end_text(status, seconds, shares) == text


def test_that_a_run_that_does_not_move_says_for_how_long(panel: ProgressPanel) -> None:
    still = snapshot(TaskProgress("work", TaskState.RUNNING, running=1), seconds=20.0)
    panel.show_progress(MAP, replace(still, quiet_seconds=12.4))
    assert panel.overall.accessibleName().endswith(", no progress for 12 s")


@pytest.mark.parametrize("width", [480, 526, 650, 760, 1_100])
def test_that_task_state_and_time_are_in_sight_at_every_width(panel: ProgressPanel, width: int) -> None:
    panel.show_progress(MAP, FAILURES)
    panel.resize(width, 250)
    shown = panel.table.viewport().rect()
    for number in (1, 2, 7):
        cell = panel.table.visualRect(panel.table.model().index(0, number))
        assert cell.width() >= 80
        assert shown.contains(cell)
