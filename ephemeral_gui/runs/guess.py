"""When a run will end: one guess for all who tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.execution.progress import RunStatus

if TYPE_CHECKING:
    from ephemeral_gui.widgets.strip import Shares

LEAST_ENDED: Final = 3
LEAST_SECONDS: Final = 2.0


def ended(shares: Shares) -> int:
    """Return how many will not change any more."""
    return shares.done + shares.failed + shares.skipped + shares.cancelled


def seconds_left(status: RunStatus, seconds: float, shares: Shares) -> float | None:
    """Return a guess from the share that has ended; None where too little has to say anything yet."""
    rest = shares.total - ended(shares)
    if status is not RunStatus.RUNNING or rest == 0 or ended(shares) < LEAST_ENDED or seconds < LEAST_SECONDS:
        return None
    return seconds * rest / ended(shares)
