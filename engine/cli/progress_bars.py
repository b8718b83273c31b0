"""Live progress bars on a terminal, one a task. Imports rich: only ``progress_view`` imports this module, and only on a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from engine.cli.console import printable
from engine.cli.progress_words import ENDED, ICONS, counts_text, seconds_text
from engine.execution.progress import TaskState

if TYPE_CHECKING:
    from engine.execution.progress import ProgressSnapshot, TaskProgress

_STYLES = {
    TaskState.DONE: "green",
    TaskState.FAILED: "bold red",
    TaskState.RUNNING: "cyan",
    TaskState.RETRYING: "yellow",
    TaskState.PAUSED: "yellow",
    TaskState.CANCELLED: "magenta",
}
_FIRST = (TaskState.FAILED, TaskState.RETRYING, TaskState.RUNNING, TaskState.PAUSED, TaskState.WAITING)
"""What is shown of a job that is longer than the terminal: these first."""

LONGEST_NAME = 40
BAR_WIDTH = 24
MOST_ROWS = 200
"""Of a job that has ended."""


class ProgressBars:
    """A table that is drawn anew with each snapshot."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(file=sys.stderr, markup=False, highlight=False, emoji=False)
        self._with_icons = (self._console.encoding or "").lower().startswith("utf")
        self._live = Live(
            console=self._console,
            auto_refresh=False,
            redirect_stdout=sys.stdout.isatty(),  # what tasks print then stands above the bars; elsewhere it stays where it goes
            vertical_overflow="ellipsis",
        )
        self._live.start()

    def show(self, snapshot: ProgressSnapshot) -> None:
        """Draw the tasks; of a long job those that matter now."""
        self._live.update(self._table(snapshot, self._console.height - 2), refresh=True)

    def finish(self, snapshot: ProgressSnapshot) -> None:
        """Draw the tasks for the last time, and leave them on the terminal."""
        self._live.vertical_overflow = "visible"
        self._live.update(self._table(snapshot, MOST_ROWS))
        self._live.stop()  # draws once more, and only once: what is longer than the terminal could not be drawn over

    def _table(self, snapshot: ProgressSnapshot, room: int) -> Table:
        table = Table.grid(padding=(0, 1))
        for justify in ("left", "left", "left", "right", "right", "left"):
            table.add_column(justify=justify, no_wrap=True, overflow="ellipsis")
        shown = _shown(snapshot, room)
        for task in shown:
            table.add_row(*self._row(task))
        if len(shown) < len(snapshot.tasks):
            ended = sum(task.state in ENDED for task in snapshot.tasks.values())
            table.add_row(Text(""), Text(f"{ended} of {len(snapshot.tasks)} tasks have ended", style="dim"))
        if snapshot.quiet_text:
            table.add_row(Text(""), Text(snapshot.quiet_text, style="yellow"))
        return table

    def _row(self, task: TaskProgress) -> tuple[Text | ProgressBar, ...]:
        style = _STYLES.get(task.state, "dim")
        word = f"{ICONS[task.state]} {task.state.value}" if self._with_icons else task.state.value
        name = printable(task.name)
        return (
            Text(word, style=style),
            Text(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"),
            _bar(task),
            Text(counts_text(task)),
            Text(seconds_text(task.busy_seconds), style="dim"),
            Text(printable(task.text) if task.running else "", style="dim"),
        )


def _bar(task: TaskProgress) -> ProgressBar:
    part = task.ended + task.running * task.fraction
    full = task.state in ENDED and not task.expected
    return ProgressBar(total=task.expected or 1, completed=1 if full else part, width=BAR_WIDTH)


def _shown(snapshot: ProgressSnapshot, room: int) -> list[TaskProgress]:
    tasks = list(snapshot.tasks.values())
    if len(tasks) <= room:
        return tasks
    by_weight = sorted(tasks, key=lambda task: _FIRST.index(task.state) if task.state in _FIRST else len(_FIRST))
    chosen = {task.name for task in by_weight[: max(1, room - 1)]}
    return [task for task in tasks if task.name in chosen]
