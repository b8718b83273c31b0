"""The run that the canvas shows: its counts, and the tasks as they were when it began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.execution.progress import ProgressSnapshot, TaskProgress
    from engine.model.job_map import JobMap, Task


@dataclass(frozen=True, slots=True)
class ShownRun:
    """One run at one moment.

    Attributes:
        job_map: the document as it was when the run was first seen; a run works on its own snapshot, and names mean what they meant then.
    """

    job_map: JobMap
    snapshot: ProgressSnapshot

    def of(self, task: Task, job_map: JobMap) -> tuple[TaskProgress | None, bool]:
        """Return a task's counts in this run (None where it took no part), and whether it was edited since."""
        ran = self.job_map.by_key.get(task.key)
        progress = None if ran is None else self.snapshot.tasks.get(ran.name)
        return (None, False) if ran is None or progress is None else (progress, self._differs(ran, task, job_map))

    def _differs(self, ran: Task, task: Task, job_map: JobMap) -> bool:
        if job_map is self.job_map:
            return False
        return (ran is not task and _what_runs(ran) != _what_runs(task)) or self._fed_by(ran) != _parents(task, job_map)

    def _fed_by(self, ran: Task) -> list[int]:
        return _parents(ran, self.job_map)


def _what_runs(task: Task) -> Task:
    return replace(task, name="", id=None, description=None, extra={})


def _parents(task: Task, job_map: JobMap) -> list[int]:
    names = job_map.parents.get(task.name, ())
    return [job_map.by_name[name].key for name in names if name in job_map.by_name]
