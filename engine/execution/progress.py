"""How far a run is: counts per task, cheap to take at any time, and what windows and progress bars read."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping


QUIET = 10.0
"""Seconds without any movement after which that is said."""


class TaskState(StrEnum):
    """The one word for a task in a run."""

    READY = "ready"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    RETRYING = "retrying"
    PAUSED = "paused"
    DISABLED = "disabled"


class RunStatus(StrEnum):
    """The one word for a run."""

    RUNNING = "running"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def has_ended(self) -> bool:
        """True once nothing of the run will change any more."""
        return self in (RunStatus.DONE, RunStatus.FAILED, RunStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """Counts of one task's invocations by state, and what went through it.

    Attributes:
        first_start: seconds since the run began, of the first invocation; None before it.
        busy_seconds: time inside bodies, summed over invocations (those that run included).
        items_in: payloads that arrived.
        items_out: payloads that were passed on.
        expected: invocations known so far (a lower bound until every ancestor has ended).
        is_closed: no further invocation can come: every ancestor has ended.
        fraction: mean of what running bodies reported, 0 where none did.
        text: the last words that a body reported.
    """

    name: str
    state: TaskState
    queued: int = 0
    running: int = 0
    retrying: int = 0
    succeeded: int = 0
    failed: int = 0
    skipped: int = 0
    cancelled: int = 0
    first_start: float | None = None
    busy_seconds: float = 0.0
    items_in: int = 0
    items_out: int = 0
    is_closed: bool = False
    fraction: float = 0.0
    text: str = ""

    @property
    def ended(self) -> int:
        """Invocations that will not change any more."""
        return self.succeeded + self.failed + self.skipped + self.cancelled

    @property
    def expected(self) -> int:
        """Invocations known so far."""
        return self.ended + self.running + self.retrying + self.queued


@dataclass(frozen=True, slots=True)
class ProgressSnapshot:
    """A whole run at one moment. ``tasks`` is in the order of the job map; ``quiet_seconds`` is how long nothing has moved."""

    run_id: str
    status: RunStatus
    seconds: float
    tasks: Mapping[str, TaskProgress]
    quiet_seconds: float = 0.0

    @property
    def quiet_text(self) -> str:
        """What a person should know of a run that does not move: ``no progress for 12 s``; empty where it does."""
        is_quiet = self.status is RunStatus.RUNNING and self.quiet_seconds >= QUIET
        return f"no progress for {self.quiet_seconds:.0f} s" if is_quiet else ""
