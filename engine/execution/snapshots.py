"""Progress snapshots: from the counts of a run to one ``TaskProgress`` a task. Taken only when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from engine.lazy_dataclasses import dataclass
from engine.model.job_map import TaskType
from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.execution.plan import Plan
    from engine.execution.run_state import RunState


_CANCELS = (RunStatus.CANCELLING, RunStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a snapshot is taken: seconds since the run began and since anything moved, and when it began on the clock of the tallies."""

    run_id: str
    status: RunStatus
    seconds: float
    began: float
    quiet: float = 0.0


def idle_snapshot(plan: Plan, run_id: str = "") -> ProgressSnapshot:
    """Return the snapshot of a job that is not running: every task ready."""
    tasks = {
        name: TaskProgress(name, TaskState.DISABLED if _is_disabled(plan, number) else TaskState.READY)
        for number, name in enumerate(plan.names)
    }
    return ProgressSnapshot(run_id, RunStatus.RUNNING, 0.0, tasks)


def take_snapshot(state: RunState, running: Iterable[tuple[int, float]], moment: Moment) -> ProgressSnapshot:
    """Return the progress of every task.

    Args:
        state: what is known of the run.
        running: for each body that runs now, its task and how long it has been running.
        moment: what else holds now.
    """
    return ProgressSnapshot(moment.run_id, moment.status, moment.seconds, _Tasks(_Shot(state, running, moment)), moment.quiet)


class _Tasks(Mapping[str, TaskProgress]):
    """The tasks of a snapshot by name; what nobody asks for is never worked out."""

    def __init__(self, shot: _Shot) -> None:
        self._shot = shot
        self._made: dict[str, TaskProgress] = {}

    @override
    def __getitem__(self, name: str) -> TaskProgress:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._shot.task(self._shot.plan.numbers[name])
        return made

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._shot.plan.names)

    @override
    def __len__(self) -> int:
        return len(self._shot.plan.names)


class _Shot:
    """The counts of one moment, and what is worked out for all tasks at once."""

    def __init__(self, state: RunState, running: Iterable[tuple[int, float]], moment: Moment) -> None:
        self.plan = state.plan
        self.tallies = state.tallies.copy()
        self.status = moment.status
        self.began = moment.began
        self.queued = state.backlog.queued()
        self.running = state.streams()
        self.busy = list(self.tallies.busy)
        for task, seconds in running:
            self.running[task] += 1
            self.busy[task] += seconds
        self.lists_open = state.backlog.lists_open()

    @cached_property
    def closed(self) -> list[bool]:
        """Whether no further invocation can come: every parent is closed and has nothing under way."""
        return self._closed()

    def task(self, number: int) -> TaskProgress:
        tallies = self.tallies
        started = tallies.first_start[number]
        return TaskProgress(
            name=self.plan.names[number],
            state=self._state(number),
            queued=self.queued[number],
            running=self.running[number],
            retrying=tallies.retrying[number],
            succeeded=tallies.succeeded[number],
            failed=tallies.failed[number],
            skipped=tallies.skipped[number],
            cancelled=tallies.cancelled[number],
            first_start=started - self.began if started else None,
            busy_seconds=self.busy[number],
            items_in=self._items_in(number),
            items_out=self._items_out(number),
            is_closed=self.closed[number],
            fraction=tallies.fraction[number] if self.running[number] else 0.0,
            text=tallies.text[number],
        )

    def _live(self, number: int) -> int:
        return self.queued[number] + self.running[number] + self.tallies.retrying[number]

    def _ended(self, number: int) -> int:
        tallies = self.tallies
        return tallies.succeeded[number] + tallies.failed[number] + tallies.skipped[number] + tallies.cancelled[number]

    def _items_in(self, number: int) -> int:
        if self.plan.is_gathering[number]:
            return self.tallies.arrived[number]
        return self._ended(number) - self.tallies.skipped[number] + self._live(number)

    def _items_out(self, number: int) -> int:
        tallies = self.tallies
        return tallies.succeeded[number] - tallies.fanned[number] + tallies.opened[number]

    def _closed(self) -> list[bool]:
        if self.status.has_ended:
            return [True] * len(self.plan.names)
        closed = [False] * len(self.plan.names)
        for number in self.plan.order:
            parents = self.plan.parent_numbers[number]
            if number == self.plan.entry or not parents:
                closed[number] = number in self.plan.off or self._ended(number) + self._live(number) > 0
            else:
                closed[number] = all(closed[each] and not self._live(each) and not self.lists_open[each] for each in parents)
        return closed

    def _state(self, number: int) -> TaskState:
        if _is_disabled(self.plan, number):
            return TaskState.DISABLED
        tallies = self.tallies
        if not self.status.has_ended:
            if self.running[number]:
                return TaskState.RUNNING
            if tallies.retrying[number]:
                return TaskState.RETRYING
            if not self.closed[number] or self.queued[number]:
                return self._state_between(number)
        return self._final_state(number)

    def _state_between(self, number: int) -> TaskState:
        """No body runs now, but more may come."""
        known = self._ended(number) + self.queued[number]
        if self.status is RunStatus.PAUSED and self.queued[number]:
            return TaskState.PAUSED
        if self.tallies.first_start[number] and known:
            return TaskState.RUNNING
        return TaskState.WAITING

    def _final_state(self, number: int) -> TaskState:
        tallies = self.tallies
        if tallies.failed[number]:
            return TaskState.FAILED
        if tallies.cancelled[number] or (self.status in _CANCELS and not self._ended(number)):
            return TaskState.CANCELLED
        if tallies.skipped[number] and not tallies.succeeded[number]:
            return TaskState.SKIPPED
        return TaskState.DONE


def _is_disabled(plan: Plan, number: int) -> bool:
    task = plan.tasks[number]
    return number in plan.off or (task.disabled is not None and task.type is TaskType.FUNCTION)
