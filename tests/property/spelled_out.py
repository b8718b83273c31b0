"""A job map with all said in full: what does not run is gone, what is passed by gathers nothing, and each collect names its fan-out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.model.job_map import Disabled, JobMap, Join, Task, TaskType

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@dataclass(frozen=True)
class Scope:
    """What runs of a job map.

    Attributes:
        fans_out: the tasks whose definitions say that they open branches.
        inside: the tasks that are part of the run.
        starts: those that it starts at.
    """

    job_map: JobMap
    fans_out: Collection[str]
    inside: Collection[str]
    starts: Collection[str]

    def spelled_out(self) -> JobMap:
        """Return the job map that means the same."""
        running = {task.name for task in self.job_map.tasks if not self._is_off(task.name)}
        kept = [task for task in self.job_map.tasks if task.name in running or (task.type is TaskType.OUTPUT and task.name in self.inside)]
        flow = [(parent, child) for parent, child in self.job_map.workflow if {parent, child} <= running and child not in self.starts]
        joins = {child for _, child in flow if [target for _, target in flow].count(child) > 1}
        return replace(self.job_map, tasks=tuple(self._with_all_said(task, joins) for task in kept), workflow=tuple(flow))

    def _is_off(self, name: str) -> bool:
        """Return whether the task is switched off, no part of the run, or depends on one that is."""
        task, gone = self.job_map.by_name[name], [self._is_off(parent) for parent in self.job_map.parents[name]]
        if name not in self.inside or name in self.starts:
            return name not in self.inside
        takes_each = task.join is Join.ANY or task.type is TaskType.OUTPUT
        return task.disabled is Disabled.OFF or (bool(gone) and (all(gone) if takes_each else any(gone)))

    def _with_all_said(self, task: Task, joins: Collection[str]) -> Task:
        if task.join is Join.ANY and task.name not in joins:
            task = replace(task, join=Join.MERGE)
        if task.disabled is Disabled.BYPASS:
            return replace(task, collect=None)
        if task.collect is None or task.collect.over is not None:
            return task
        return replace(task, collect=replace(task.collect, over=self._nearest(self.job_map.parents[task.name])))

    def _nearest(self, level: Sequence[str]) -> str:
        found = next((name for name in level if name in self.fans_out and self.job_map.by_name[name].disabled is None), None)
        return found or self._nearest([parent for name in level for parent in self.job_map.parents[name]])
