"""A run in a few words, for the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.execution.progress import RunStatus
from ephemeral_gui.runs.guess import seconds_left
from ephemeral_gui.widgets.strip import shares_of, sum_of

if TYPE_CHECKING:
    from ephemeral_gui.runs.runs import Runs

WORDS = {
    RunStatus.RUNNING: ("running", "Running"),
    RunStatus.PAUSED: ("paused", "Paused"),
    RunStatus.CANCELLING: ("cancelled", "Stopping"),
    RunStatus.DONE: ("done", "Done"),
    RunStatus.FAILED: ("failed", "Failed"),
    RunStatus.CANCELLED: ("cancelled", "Stopped"),
}


def run_words(runs: Runs) -> tuple[str, str]:
    """Return the state that names icon and colour, and the words."""
    snapshot = runs.progress
    if runs.is_running and (snapshot is None or snapshot.status.has_ended):
        return "waiting", "Starting"
    if snapshot is None:
        return "ready", "Ready"
    state, word = WORDS[snapshot.status]
    if snapshot.status.has_ended:
        return state, f"{word} in {duration(snapshot.seconds)}"
    left = seconds_left(snapshot.status, snapshot.seconds, sum_of([shares_of(task) for task in snapshot.tasks.values()]))
    return state, f"{word} {clock(snapshot.seconds)}" + ("" if left is None else f", about {clock(left)} left")


def duration(seconds: float) -> str:
    """Return how long something took: ``0.3 s``, from a minute on ``01:07``."""
    return f"{seconds:.1f} s" if seconds < 59.95 else clock(seconds)


def clock(seconds: float) -> str:
    """Return ``00:07``, from an hour on ``1:00:07``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
