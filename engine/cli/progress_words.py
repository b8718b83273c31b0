"""Progress in words and signs, the same in bars, lines and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.execution.progress import TaskState

if TYPE_CHECKING:
    from engine.execution.progress import TaskProgress

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
