"""The run that the canvas shows: its counts, and the tasks as they were when it began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.model.graph import reachable
from engine.model.job_map import TaskType

if TYPE_CHECKING:
    from engine.execution.progress import ProgressSnapshot, TaskProgress
    from engine.model.job_map import JobMap, Task, TaskKey


@dataclass(frozen=True, slots=True)
class ShownRun:
    """One run at one moment.

    Attributes:
        job_map: the document as it was when the run was first seen; a run works on its own snapshot, and names mean what they meant then.
    """

    job_map: JobMap
    snapshot: ProgressSnapshot

    def of(self, task: Task) -> TaskProgress | None:
        """Return a task's counts in this run, None where it took no part."""
        ran = self.job_map.by_key.get(task.key)
        return None if ran is None else self.snapshot.tasks.get(ran.name)

    def stale(self, job_map: JobMap) -> frozenset[TaskKey]:
        """Return the tasks whose results are out of date: those that were edited, added or fed otherwise since, and all behind them."""
        if job_map is self.job_map:
            return frozenset()
        before = self.job_map.by_key
        edited = [task.name for task in job_map.tasks if task.key not in before or self._differs(before[task.key], task, job_map)]
        if job_map.datasource != self.job_map.datasource:
            edited += [task.name for task in job_map.tasks if task.type is TaskType.INPUT]
        behind = reachable(job_map.children, edited) if edited else ()
        return frozenset(task.key for task in job_map.tasks if task.name in behind)

    def _differs(self, ran: Task, task: Task, job_map: JobMap) -> bool:
        return (ran is not task and _what_runs(ran) != _what_runs(task)) or self._fed_by(ran) != _parents(task, job_map)

    def _fed_by(self, ran: Task) -> list[int]:
        return _parents(ran, self.job_map)


def _what_runs(task: Task) -> Task:
    return replace(task, name="", id=None, description=None, extra={})


def _parents(task: Task, job_map: JobMap) -> list[int]:
    names = job_map.parents.get(task.name, ())
    return [job_map.by_name[name].key for name in names if name in job_map.by_name]
