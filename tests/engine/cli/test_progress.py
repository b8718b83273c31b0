from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from engine.cli.progress_bars import MOST_ROWS, ProgressBars
from engine.cli.progress_lines import MOST_LINES, ProgressLines
from engine.cli.progress_view import progress_view
from engine.cli.progress_words import ICONS, counts_text, seconds_text
from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState

if TYPE_CHECKING:
    from collections.abc import Callable


def _snapshot(*tasks: TaskProgress, seconds: float = 1.0, quiet: float = 0.0) -> ProgressSnapshot:
    return ProgressSnapshot("run", RunStatus.RUNNING, seconds, {task.name: task for task in tasks}, quiet)


def _done(name: str) -> TaskProgress:
    return TaskProgress(name, TaskState.DONE, succeeded=1, busy_seconds=0.25, is_closed=True)


@pytest.fixture
def terminal() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=100, height=12, markup=False, color_system=None)


def _drawn(terminal: Console, show: Callable[[ProgressBars], None]) -> str:
    bars = ProgressBars(terminal)
    try:
        show(bars)
    finally:
        bars.finish(_snapshot())
    assert isinstance(terminal.file, io.StringIO)
    return terminal.file.getvalue()


def test_that_a_bar_says_word_icon_counts_and_time(terminal: Console) -> None:
    task = TaskProgress("split", TaskState.RUNNING, running=1, succeeded=3, queued=2, busy_seconds=4.5, text="reading")
    drawn = _drawn(terminal, lambda bars: bars.show(_snapshot(task)))
    assert "▶ running" in drawn
    for part in ("split", "3/6+", "4.50 s", "reading"):
        assert part in drawn


def test_that_every_state_has_an_icon() -> None:
    assert set(ICONS) == set(TaskState)
    assert len(set(ICONS.values())) == len(ICONS)


def test_that_texts_of_a_map_are_neither_markup_nor_control_characters(terminal: Console) -> None:
    drawn = _drawn(terminal, lambda bars: bars.show(_snapshot(_done("[red]x[/red]\x1b]0;owned\x07"))))
    assert "[red]x[/red]\\x1b]0;owned\\x07" in drawn


def test_that_a_job_longer_than_the_terminal_shows_what_matters(terminal: Console) -> None:
    tasks = [_done(f"task-{number}") for number in range(50)]
    tasks[40] = TaskProgress("task-40", TaskState.FAILED, failed=1)
    drawn = _drawn(terminal, lambda bars: bars.show(_snapshot(*tasks)))
    assert "task-40" in drawn
    assert "50 of 50 tasks have ended" in drawn
    assert "task-30" not in drawn


def test_that_the_last_picture_of_a_huge_job_is_bounded(terminal: Console) -> None:
    drawn = _drawn(terminal, lambda bars: bars.finish(_snapshot(*[_done(f"task-{number}") for number in range(1000)])))
    assert drawn.count("task-") < MOST_ROWS + 1


def test_that_plain_lines_come_once_for_each_task_that_ended(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ProgressLines()
    lines.show(_snapshot(_done("a"), TaskProgress("b", TaskState.RUNNING, running=1)))
    lines.show(_snapshot(_done("a"), TaskProgress("b\n", TaskState.FAILED, failed=1, succeeded=2)))
    lines.finish(_snapshot(_done("a")))
    assert capsys.readouterr().err == "done      a  1/1  0.25 s\nfailed    b\\n  3/3  0.00 s\n"


def test_that_a_quiet_time_is_broken_by_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ProgressLines()
    for seconds in (1.0, 9.0, 11.0, 12.0):
        lines.show(_snapshot(TaskProgress("slow", TaskState.RUNNING, running=1), seconds=seconds))
    assert capsys.readouterr().err == "11.00 s: 0 of 1 tasks have ended; running: slow\n"


def test_that_a_run_that_does_not_move_says_so(capsys: pytest.CaptureFixture[str], terminal: Console) -> None:
    slow = _snapshot(TaskProgress("slow", TaskState.RUNNING, running=1), seconds=12.0, quiet=11.6)
    ProgressLines().show(slow)
    assert capsys.readouterr().err == "12.00 s: 0 of 1 tasks have ended; no progress for 12 s; running: slow\n"
    assert "no progress for 12 s" in _drawn(terminal, lambda bars: bars.show(slow))


def test_that_a_large_job_has_no_line_for_each_task(capsys: pytest.CaptureFixture[str]) -> None:
    ProgressLines().finish(_snapshot(*[_done(f"task-{number}") for number in range(MOST_LINES + 1)]))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("is_terminal", "term", "kind"), [(True, "xterm", ProgressBars), (True, "dumb", ProgressLines), (False, "xterm", ProgressLines)]
)
def test_that_bars_are_for_terminals_alone(monkeypatch: pytest.MonkeyPatch, is_terminal: bool, term: str, kind: type[Any]) -> None:  # noqa: FBT001
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    monkeypatch.setenv("TERM", term)
    view = progress_view()
    view.finish(_snapshot())
    assert isinstance(view, kind)


@pytest.mark.parametrize(("seconds", "text"), [(0.0, "0.00 s"), (99.5, "99.50 s"), (187.0, "3 min 07 s"), (7260.0, "2 h 01 min")])
def test_that_durations_are_read_at_a_glance(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


def test_that_counts_say_whether_more_may_come() -> None:
    assert counts_text(TaskProgress("a", TaskState.RUNNING, running=1, succeeded=1)) == "1/2+"
    assert counts_text(TaskProgress("a", TaskState.RUNNING, running=1, succeeded=1, is_closed=True)) == "1/2"
