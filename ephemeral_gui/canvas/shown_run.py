"""The run that the canvas shows: its counts, and the tasks as they were when it began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ephemeral_gui.document.edited_since import outdated

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
        return outdated(self.job_map, job_map)
