"""What happens in a run, as facts: the only road from the engine to an observer.

Observers ``match`` on the union ``Event`` and close with ``assert_never``. ``sequence`` counts from 1 without gaps within a run;
``time`` is seconds since the epoch, for show; durations come from a monotonic clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeAlias

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from engine.execution.branch_path import BranchPath
    from engine.execution.failure import Failure

EVENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class RunEvent:
    """What every event carries."""

    type: ClassVar[str]
    run_id: str
    sequence: int
    time: float


@dataclass(frozen=True, slots=True)
class RunStarted(RunEvent):
    """The run has begun; its datasource was checked and its tasks are loaded."""

    type: ClassVar[str] = "run-started"
    job: str


@dataclass(frozen=True, slots=True)
class InvocationEvent(RunEvent):
    """Something about one call of one task on one branch."""

    type: ClassVar[str]
    task: str
    branch_path: BranchPath


@dataclass(frozen=True, slots=True)
class InvocationQueued(InvocationEvent):
    """A payload waits for a free slot."""

    type: ClassVar[str] = "invocation-queued"


@dataclass(frozen=True, slots=True)
class InvocationStarted(InvocationEvent):
    """The body was called."""

    type: ClassVar[str] = "invocation-started"
    attempt: int


@dataclass(frozen=True, slots=True)
class InvocationSucceeded(InvocationEvent):
    """The body returned what a task may return. ``seconds`` is the time inside it."""

    type: ClassVar[str] = "invocation-succeeded"
    attempt: int
    seconds: float


@dataclass(frozen=True, slots=True)
class InvocationFailed(InvocationEvent):
    """The last attempt failed."""

    type: ClassVar[str] = "invocation-failed"
    failure: Failure


@dataclass(frozen=True, slots=True)
class InvocationRetried(InvocationEvent):
    """An attempt failed; the next one starts after ``delay`` seconds."""

    type: ClassVar[str] = "invocation-retried"
    failure: Failure
    delay: float


@dataclass(frozen=True, slots=True)
class InvocationSkipped(InvocationEvent):
    """The body is never called on this branch, because ``cause`` failed there or was skipped."""

    type: ClassVar[str] = "invocation-skipped"
    cause: str


@dataclass(frozen=True, slots=True)
class InvocationCancelled(InvocationEvent):
    """The run was cancelled before the body ended; ``abandoned`` where the body would not end."""

    type: ClassVar[str] = "invocation-cancelled"
    abandoned: bool = False


@dataclass(frozen=True, slots=True)
class BranchesOpened(InvocationEvent):
    """The invocation returned a list (or a generator came to its end) and opened ``count`` branches."""

    type: ClassVar[str] = "branches-opened"
    count: int


@dataclass(frozen=True, slots=True)
class TaskReported(InvocationEvent):
    """A task body said how far it is."""

    type: ClassVar[str] = "task-progress"
    fraction: float
    text: str


@dataclass(frozen=True, slots=True)
class LoopBlocked(InvocationEvent):
    """A ``loop`` body held the event loop for ``seconds``; it should be declared ``thread`` or ``process``.

    ``stack`` is where it was seen meanwhile, the innermost call last; empty where it ended before anybody looked.
    """

    type: ClassVar[str] = "loop-blocked"
    seconds: float
    stack: str = ""


@dataclass(frozen=True, slots=True)
class RunFinished(RunEvent):
    """The run has ended; ``status`` is ``done``, ``failed`` or ``cancelled``."""

    type: ClassVar[str] = "run-finished"
    status: str
    seconds: float


Event: TypeAlias = (
    RunStarted
    | InvocationQueued
    | InvocationStarted
    | InvocationSucceeded
    | InvocationFailed
    | InvocationRetried
    | InvocationSkipped
    | InvocationCancelled
    | BranchesOpened
    | TaskReported
    | LoopBlocked
    | RunFinished
)
