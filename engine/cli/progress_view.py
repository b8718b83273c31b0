"""How far a run is, on standard error: live bars on a terminal, a few plain lines else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

from engine.cli.console import printable, say
from engine.execution.progress import TaskState

if TYPE_CHECKING:
    from engine.execution.progress import ProgressSnapshot, TaskProgress

ICONS = {
    TaskState.READY: "·",
    TaskState.WAITING: "…",
    TaskState.RUNNING: "▶",
    TaskState.DONE: "✓",
    TaskState.FAILED: "✗",
    TaskState.SKIPPED: "»",
    TaskState.CANCELLED: "■",
    TaskState.RETRYING: "↻",
    TaskState.PAUSED: "‖",
    TaskState.DISABLED: "∅",
}
ENDED = frozenset({TaskState.DONE, TaskState.FAILED, TaskState.SKIPPED, TaskState.CANCELLED, TaskState.DISABLED})
MOST_LINES = 50
"""Tasks that get plain lines of their own; of a larger job the lines only count."""
SECONDS_BETWEEN_LINES = 10.0


class ProgressView(Protocol):
    """Something that shows snapshots of one run."""

    def show(self, snapshot: ProgressSnapshot) -> None:
        """Show how far the run is now."""

    def finish(self, snapshot: ProgressSnapshot) -> None:
        """Show how the run ended, and leave the terminal to others."""


def progress_view() -> ProgressView:
    """Return the view that suits standard error."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from engine.cli.progress_bars import ProgressBars  # noqa: PLC0415  rich costs 150 ms that only a terminal needs

        return ProgressBars()
    return ProgressLines()


def counts_text(task: TaskProgress) -> str:
    """Return how many invocations have ended, of how many: ``3/12``, or ``3/12+`` where more may come."""
    return f"{task.ended}/{task.expected}{'' if task.is_closed or task.state in ENDED else '+'}"


def seconds_text(seconds: float) -> str:
    """Return a duration for a person: ``0.42 s``, ``3 min 07 s``."""
    if seconds < 100:
        return f"{seconds:.2f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


class ProgressLines:
    """A line for each task that has ended, and one from time to time while nothing does."""

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._last = 0.0

    def show(self, snapshot: ProgressSnapshot) -> None:
        """Write lines for the tasks that have ended since the last time."""
        if len(snapshot.tasks) <= MOST_LINES:
            for task in snapshot.tasks.values():
                if task.state in ENDED and task.name not in self._told:
                    self._told.add(task.name)
                    self._last = snapshot.seconds
                    say(_line(task))
        if snapshot.seconds - self._last >= SECONDS_BETWEEN_LINES:
            self._last = snapshot.seconds
            say(_summary(snapshot))

    def finish(self, snapshot: ProgressSnapshot) -> None:
        """Write lines for the tasks that were not told of yet."""
        self.show(snapshot)


def _line(task: TaskProgress) -> str:
    return f"{task.state.value:<9} {printable(task.name)}  {counts_text(task)}  {seconds_text(task.busy_seconds)}"


def _summary(snapshot: ProgressSnapshot) -> str:
    ended = sum(task.state in ENDED for task in snapshot.tasks.values())
    running = [printable(task.name) for task in snapshot.tasks.values() if task.running]
    busy = f"; running: {', '.join(running[:5])}{', ...' if len(running) > 5 else ''}" if running else ""
    quiet = f"; {snapshot.quiet_text}" if snapshot.quiet_text else ""
    return f"{seconds_text(snapshot.seconds)}: {ended} of {len(snapshot.tasks)} tasks have ended{quiet}{busy}"
