"""Each branch of the selected task by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QTreeView

from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from ephemeral_gui.inspector.branch_model import short_branch, span_text
from ephemeral_gui.runs.branch_log import BranchRecord, TaskBranches

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ENDED = ProgressSnapshot("run", RunStatus.FAILED, 1.0, {"work": TaskProgress("work", TaskState.FAILED, succeeded=2, failed=1)})
FAILED = BranchRecord((("split", 2),), TaskState.FAILED, 0.2, "ValueError: <b>no</b>", "Traceback\n  <b>here</b>")
RECORDS = (BranchRecord((("split", 0),), TaskState.DONE, 0.25), BranchRecord((("split", 1),), TaskState.SKIPPED), FAILED)


def show(desk: Any, branches: TaskBranches, *, is_open: bool = True) -> None:
    desk.panel.follow_branches(lambda _name: branches)
    desk.panel.show_progress(ENDED)
    desk.control("section.branches", QPushButton).setChecked(is_open)


def rows(desk: Any) -> list[tuple[str, str]]:
    model = desk.control("branches.list", QTreeView).model()
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def spoken(desk: Any, row: int) -> str:
    model = desk.control("branches.list", QTreeView).model()
    return str(model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_that_nothing_is_said_of_branches_before_a_run(desk: Any) -> None:
    assert not desk.control("section.branches", QPushButton).isVisible()


def test_that_each_branch_has_its_name_its_state_and_its_time(desk: Any) -> None:
    show(desk, TaskBranches(RECORDS))
    assert rows(desk) == [("split[0]", "250 ms"), ("split[1]", ""), ("split[2]", "200 ms")]
    assert [spoken(desk, row) for row in range(3)] == [
        "split[0], Done, 250 ms",
        "split[1], Skipped",
        "split[2], Failed, 200 ms, ValueError: <b>no</b>",
    ]


def test_that_a_button_leads_to_the_first_failure_and_its_traceback_is_shown_as_it_is(desk: Any) -> None:
    show(desk, TaskBranches(RECORDS))
    error = desk.control("branches.error", QPlainTextEdit)
    assert not error.isVisible()
    desk.control("branches.failing", QPushButton).click()
    assert desk.control("branches.list", QTreeView).currentIndex().row() == 2
    assert error.isVisible()
    assert error.toPlainText() == "Traceback\n  <b>here</b>"


def test_that_without_a_failure_there_is_no_button(desk: Any) -> None:
    show(desk, TaskBranches(RECORDS[:2]))
    assert not desk.control("branches.failing", QPushButton).isVisible()


def test_that_what_is_not_kept_is_counted(desk: Any) -> None:
    show(desk, TaskBranches(RECORDS, more=1_000))
    assert desk.control("branches.note", QLabel).text() == "1,000 more that ended well or earlier are not kept."


def test_that_a_run_that_was_not_followed_says_how_the_next_one_will_be(desk: Any) -> None:
    show(desk, TaskBranches((FAILED,), is_followed=False))
    assert desk.control("branches.note", QLabel).text().startswith("Only failures are known.")


def test_that_opening_the_section_asks_for_branches_and_stays_open_at_the_next_task(desk: Any, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.panel.branches_wanted) as asked:
        show(desk, TaskBranches(RECORDS))
    assert asked.args == [True]
    desk.select("out")
    desk.select("work")
    assert desk.control("section.branches", QPushButton).isChecked()


def test_that_the_chosen_branch_stays_chosen_while_others_come(desk: Any) -> None:
    show(desk, TaskBranches(RECORDS))
    desk.control("branches.failing", QPushButton).click()
    more = (*RECORDS[:2], FAILED, BranchRecord((("split", 3),), TaskState.RUNNING))
    show(desk, TaskBranches(more))
    chosen = desk.control("branches.list", QTreeView).currentIndex()
    assert chosen.siblingAtColumn(0).data() == "split[2]"


def test_that_a_span_is_read_without_counting_zeros() -> None:
    assert [span_text(each) for each in (None, 0.0002, 0.0034, 0.25, 1.26, 75.0)] == ["", "under 1 ms", "3 ms", "250 ms", "1.3 s", "1:15"]


def test_that_a_narrow_line_shortens_names_and_no_numbers() -> None:
    assert short_branch((("split", 12),)) == "split[12]"
    assert short_branch((("split-seasons", 3), ("split-parameters", 11))) == "spl…[3]/spl…[11]"
    assert short_branch((("a" * 50, 1_000_000),) * 4).count("[1000000]") == 4
    assert short_branch(()) == "trunk"
