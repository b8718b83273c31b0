"""What a task has to say of its run: the one word, its counts and its strip, as pure values without a colour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from engine.execution.progress import TaskState
from engine.model.job_map import Disabled, TaskType
from ephemeral_gui.widgets.state_words import seconds_text, short_count
from ephemeral_gui.widgets.strip import Shares, shares_of

if TYPE_CHECKING:
    from engine.execution.progress import TaskProgress
    from engine.model.job_map import Task


NO_SHARES: Final = Shares()


class CanvasState(StrEnum):
    """States that only the canvas knows, beside those of ``TaskState``."""

    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Status:
    """What the node of a task shows of its run.

    Attributes:
        state: a value of ``TaskState``, ``stale`` or ``missing``.
        text: the state in words, with its counts.
        time: how long its bodies ran; empty before the first.
        shares: how many of its invocations stand where, for the strip.
        far_text: the count that stands for all where the node is drawn small.
        pace: how long one invocation took on average; empty before the first ended.
        last_words: what a body said last.
    """

    state: str
    text: str
    time: str = ""
    shares: Shares = NO_SHARES
    far_text: str = "0"
    items_in: int = 0
    items_out: int = 0
    failed: int = 0
    pace: str = ""
    last_words: str = ""


READY: Final = Status(TaskState.READY, "Ready")
MISSING: Final = Status(CanvasState.MISSING, "Method not found", far_text="")
OFF: Final = Status(TaskState.DISABLED, "Off", far_text="")
BYPASSED: Final = Status(TaskState.DISABLED, "Bypassed", far_text="")


def status_of(task: Task, progress: TaskProgress | None, *, is_known: bool = True, is_edited: bool = False) -> Status:
    """Return what the task's node shows.

    Args:
        task: the task as it is in the document now.
        progress: its counts in the run that is shown, None where it took no part in one.
        is_known: False where no definition of its method is installed.
        is_edited: True where it, or what leads into it, is another one than the one that ran.
    """
    if task.type is TaskType.FUNCTION and not is_known:
        return MISSING
    if task.disabled is not None and (progress is None or progress.state is TaskState.DISABLED):
        return OFF if task.disabled is Disabled.OFF else BYPASSED
    if progress is None:
        return READY
    return _stale(progress) if is_edited and _has_ended(progress) else _of_progress(progress)


def _has_ended(progress: TaskProgress) -> bool:
    return progress.state in {TaskState.DONE, TaskState.FAILED, TaskState.SKIPPED, TaskState.CANCELLED}


def _of_progress(progress: TaskProgress) -> Status:
    return _status(progress, progress.state, _words(progress))


def _stale(progress: TaskProgress) -> Status:
    return _status(progress, CanvasState.STALE, "Stale, edited")


def _status(progress: TaskProgress, state: str, text: str) -> Status:
    return Status(
        state=state,
        text=text,
        time="" if progress.first_start is None else seconds_text(progress.busy_seconds),
        shares=shares_of(progress),
        far_text=_far_text(progress, state),
        items_in=progress.items_in,
        items_out=progress.items_out,
        failed=progress.failed,
        pace=_pace(progress),
        last_words=progress.text,
    )


def _pace(progress: TaskProgress) -> str:
    ran = progress.succeeded + progress.failed
    if not ran or progress.busy_seconds <= 0:
        return ""
    seconds = progress.busy_seconds / ran
    return f"{seconds_text(seconds) if seconds >= 1 else _milliseconds(seconds)} each"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds >= 0.01 else f"{seconds * 1000:.1f} ms"


def _words(progress: TaskProgress) -> str:
    of_all = f" {short_count(progress.ended)}/{short_count(progress.expected)}" if progress.expected > 1 else ""
    words = {
        TaskState.READY: "Ready",
        TaskState.WAITING: f"Waiting{of_all}",
        TaskState.RUNNING: f"Running{of_all or _percent(progress)}",
        TaskState.DONE: "Done",
        TaskState.FAILED: f"Failed {short_count(progress.failed)}/{short_count(progress.expected)}" if of_all else "Failed",
        TaskState.SKIPPED: "Skipped, parent failed",
        TaskState.CANCELLED: f"Cancelled, {short_count(progress.succeeded)} kept" if progress.succeeded else "Cancelled",
        TaskState.RETRYING: f"Retrying{of_all}",
        TaskState.PAUSED: f"Paused{of_all}",
        TaskState.DISABLED: "Off",
    }
    return words[progress.state]


def _percent(progress: TaskProgress) -> str:
    return f" {progress.fraction:.0%}".replace("%", " %") if progress.fraction > 0 else ""


def _far_text(progress: TaskProgress, state: str) -> str:
    match state:
        case TaskState.READY | TaskState.SKIPPED:
            return "0"
        case TaskState.WAITING:
            return short_count(progress.queued)
        case TaskState.DONE | CanvasState.STALE:
            return short_count(progress.succeeded)
        case TaskState.DISABLED:
            return ""
        case TaskState.FAILED:
            return _of(progress.failed, progress.expected)
        case _:
            return _of(progress.ended, progress.expected)


def _of(part: int, whole: int) -> str:
    """Return ``2/4``; a share where that would be too long for a small node."""
    if whole <= 1:
        return str(whole)
    return f"{part}/{whole}" if whole < 100 else f"{part / whole:.0%}".replace("%", " %")
