"""What became of each branch at each task: of a run that is followed all that fits, of any other its failures."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from engine.execution import events
from engine.execution.branch_path import branch_text
from engine.execution.progress import TaskState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.execution.branch_path import BranchPath
    from engine.execution.events import Event
    from engine.execution.failure import Failure

MOST_OF_ALL: Final = 50_000
MOST_OF_A_TASK: Final = 500
LEAST_OF_A_TASK: Final = 20


@dataclass(frozen=True, slots=True)
class BranchRecord:
    """One invocation of a task.

    Attributes:
        path: its branch; empty on the trunk.
        seconds: how long its body took; None where it was never called, where it still runs, or where nobody looked.
        error: what went wrong on one line; empty where nothing did.
        details: the traceback, where there is one.
    """

    path: BranchPath
    state: TaskState
    seconds: float | None = None
    error: str = ""
    details: str = ""

    @property
    def branch(self) -> str:
        """The branch in words."""
        return branch_text(self.path) or "trunk"


@dataclass(frozen=True, slots=True)
class TaskBranches:
    """The invocations of one task in branch order.

    Attributes:
        more: how many further ones ended and are not kept.
        is_followed: False where only failures are known.
    """

    records: tuple[BranchRecord, ...] = ()
    more: int = 0
    is_followed: bool = True


class BranchLog:
    """Told of every event of a run; keeps of each task what runs, its first failures, and what ended last.

    Args:
        tasks: how many tasks share the room.
    """

    def __init__(self, tasks: int) -> None:
        self._most = max(LEAST_OF_A_TASK, min(MOST_OF_A_TASK, MOST_OF_ALL // max(1, tasks)))
        self._tasks: dict[str, _Task] = {}

    def __call__(self, event: Event) -> None:
        """Note an event of the run."""
        if not isinstance(event, events.InvocationEvent):
            return
        task = self._tasks.get(event.task)
        if task is None:
            task = self._tasks[event.task] = _Task(self._most)
        task.take(event)

    def of(self, name: str) -> TaskBranches:
        """Return what is known of a task."""
        task = self._tasks.get(name)
        return TaskBranches() if task is None else task.branches()


def failed_branches(failures: Iterable[Failure], name: str) -> TaskBranches:
    """Return what the failures of a run say of a task."""
    found = [each for each in failures if each.task == name]
    return TaskBranches(tuple(_failed(each) for each in found[:MOST_OF_A_TASK]), max(0, len(found) - MOST_OF_A_TASK), is_followed=False)


def _failed(failure: Failure, seconds: float | None = None) -> BranchRecord:
    error = f"{failure.error_type}: {failure.message}"
    return BranchRecord(failure.branch_path, TaskState.FAILED, seconds, error, failure.traceback)


class _Task:
    """The branches of one task."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._live: dict[BranchPath, tuple[BranchRecord, float]] = {}
        self._failed: list[BranchRecord] = []
        self._others: deque[BranchRecord] = deque(maxlen=most)
        self._ended = 0

    def take(self, event: events.InvocationEvent) -> None:
        """Note an event."""
        path = event.branch_path
        match event:
            case events.InvocationStarted():
                self._live[path] = (BranchRecord(path, TaskState.RUNNING), time.monotonic())
            case events.InvocationRetried():
                record = replace(_failed(event.failure), state=TaskState.RETRYING)
                self._live[path] = (record, self._began(path))
            case events.InvocationSucceeded():
                self._end(BranchRecord(path, TaskState.DONE, event.seconds))
            case events.InvocationFailed():
                self._end(_failed(event.failure, time.monotonic() - self._began(path)))
            case events.InvocationSkipped():
                self._end(BranchRecord(path, TaskState.SKIPPED, error=f"{event.cause} failed or was skipped"))
            case events.InvocationCancelled():
                self._end(BranchRecord(path, TaskState.CANCELLED, error="its body would not end" if event.abandoned else ""))
            case _:
                return

    def branches(self) -> TaskBranches:
        live = [record for record, _ in list(self._live.values())[: self._most]]
        records = sorted([*live, *self._failed, *self._others], key=lambda record: record.path)
        return TaskBranches(tuple(records), self._ended - len(self._failed) - len(self._others))

    def _began(self, path: BranchPath) -> float:
        return self._live[path][1] if path in self._live else time.monotonic()

    def _end(self, record: BranchRecord) -> None:
        self._live.pop(record.path, None)
        self._ended += 1
        if record.state is TaskState.FAILED and len(self._failed) < self._most:
            self._failed.append(record)
        else:
            self._others.append(record)
