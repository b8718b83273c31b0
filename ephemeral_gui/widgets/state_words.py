"""The words for a task's state, so that it is never told by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.execution.progress import TaskProgress

WORDS = {
    "ready": "Ready",
    "waiting": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
    "skipped": "Skipped",
    "cancelled": "Cancelled",
    "retrying": "Retrying",
    "paused": "Paused",
    "stale": "Stale, edited",
    "disabled": "Off",
    "missing": "Method not found",
}
"""Every state that a task can be shown in."""


def state_word(progress: TaskProgress) -> str:
    """Return the state in a few words: ``Running``, ``Done, opened 4``, ``Skipped, parent failed``."""
    word = WORDS.get(str(progress.state), str(progress.state))
    if progress.state == "done" and progress.items_out > progress.succeeded:
        return f"{word}, opened {progress.items_out:,}"
    if progress.state == "skipped":
        return f"{word}, parent failed"
    if progress.state == "cancelled" and progress.succeeded:
        return f"{word}, {progress.succeeded:,} kept"
    return word


def counts_text(progress: TaskProgress) -> str:
    """Return how many invocations have ended and failed: ``3 of 4 ended, 1 failed``; empty before the first."""
    if progress.expected == 0:
        return ""
    text = f"{progress.ended:,} of {progress.expected:,} ended"
    return f"{text}, {progress.failed:,} failed" if progress.failed else text


def short_count(count: int) -> str:
    """Return a count for a place of a few letters: ``9950``, ``12.3k``, ``450k``, ``3.1M``; never more than there is."""
    if count < 10_000:
        return str(count)
    size, letter = (1_000, "k") if count < 1_000_000 else (1_000_000, "M")
    tenths = count * 10 // size
    return f"{tenths // 10}{letter}" if tenths >= 1_000 or tenths % 10 == 0 else f"{tenths / 10:.1f}{letter}"


def seconds_text(seconds: float) -> str:
    """Return a duration for a person: ``0.2 s``, ``34 s``, ``2:05``, ``1:02:05``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
