"""How far a run is, as a few plain lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cli.console import printable, say
from engine.cli.progress_words import ENDED, counts_text, seconds_text

if TYPE_CHECKING:
    from engine.execution.progress import ProgressSnapshot, TaskProgress

MOST_LINES = 50
"""Tasks that get plain lines of their own; of a larger job the lines only count."""
SECONDS_BETWEEN_LINES = 10.0


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
