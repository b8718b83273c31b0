"""Makes the events of a run for those who subscribed. A run that nobody subscribed to has no announcer and makes no events."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, TypeAlias

from engine.execution import events
from engine.execution.branch_path import TRUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.execution.branch_path import BranchPath
    from engine.execution.branches import Branch
    from engine.execution.events import Event
    from engine.execution.failure import Failure
    from engine.execution.progress import RunStatus

_log = logging.getLogger(__name__)

Subscriber: TypeAlias = "Callable[[Event], None]"
"""Told of every event, at once and in order; it must not block."""


class Announcer:
    """Numbers the events and passes them on; a subscriber that raises is told nothing more."""

    def __init__(self, run_id: str, names: Sequence[str], subscribers: Sequence[Subscriber]) -> None:
        self._run_id = run_id
        self._names = names
        self._subscribers = list(subscribers)
        self._sequence = 0

    def run_started(self, job: str) -> None:
        """The run has begun."""
        self._tell(events.RunStarted(*self._stamp(), job))

    def run_finished(self, status: RunStatus, seconds: float) -> None:
        """The run has ended."""
        self._tell(events.RunFinished(*self._stamp(), status.value, seconds))

    def queued(self, task: int, branch: Branch) -> None:
        """A payload waits for a free slot."""
        self._tell(events.InvocationQueued(*self._at(task, branch)))

    def started(self, task: int, branch: Branch, attempt: int) -> None:
        """The body was called."""
        self._tell(events.InvocationStarted(*self._at(task, branch), attempt))

    def succeeded(self, task: int, branch: Branch, attempt: int, seconds: float) -> None:
        """The body returned what a task may return."""
        self._tell(events.InvocationSucceeded(*self._at(task, branch), attempt, seconds))

    def failed(self, task: int, branch: Branch, failure: Failure) -> None:
        """The last attempt failed."""
        self._tell(events.InvocationFailed(*self._at(task, branch), failure))

    def retried(self, task: int, branch: Branch, failure: Failure, delay: float) -> None:
        """An attempt failed; another one comes."""
        self._tell(events.InvocationRetried(*self._at(task, branch), failure, delay))

    def skipped(self, task: int, branch: Branch, cause: str) -> None:
        """The body is never called on this branch."""
        self._tell(events.InvocationSkipped(*self._at(task, branch), cause))

    def cancelled(self, task: int, branch: Branch, *, abandoned: bool = False) -> None:
        """The run was cancelled before the body ended."""
        self._tell(events.InvocationCancelled(*self._at(task, branch), abandoned))

    def opened(self, task: int, branch: Branch, count: int) -> None:
        """The invocation fanned out."""
        self._tell(events.BranchesOpened(*self._at(task, branch), count))

    def reported(self, task: int, branch: Branch, fraction: float, text: str) -> None:
        """A body said how far it is."""
        self._tell(events.TaskReported(*self._at(task, branch), fraction, text))

    def loop_blocked(self, task: int, branch: Branch, seconds: float, stack: str) -> None:
        """A body held the event loop."""
        self._tell(events.LoopBlocked(*self._at(task, branch), seconds, stack))

    def _stamp(self) -> tuple[str, int, float]:
        self._sequence += 1
        return self._run_id, self._sequence, time.time()

    def _at(self, task: int, branch: Branch) -> tuple[str, int, float, str, BranchPath]:
        path = TRUNK if branch.opening is None else branch.path(self._names)
        return *self._stamp(), self._names[task], path

    def _tell(self, event: Event) -> None:
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(event)
            except Exception:  # noqa: BLE001  a subscriber's own bug must not end the run; it is logged
                _log.exception("a subscriber to the events of run %s raised, and is told nothing more", self._run_id)
                self._subscribers.remove(subscriber)
