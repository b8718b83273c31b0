"""A job map with all said in full: what is off is gone, what is passed by gathers nothing, and each collect names its fan-out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.job_map import Disabled, JobMap, Join, Task, TaskType

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def spelled_out(job_map: JobMap, fans_out: Collection[str] = ()) -> JobMap:
    """Return the job map that means the same; ``fans_out`` names the tasks whose definitions say that they open branches."""
    off = {task.name for task in job_map.tasks if is_off(job_map, task.name)}
    kept = [task for task in job_map.tasks if task.type is TaskType.OUTPUT or task.name not in off]
    tasks = tuple(_with_over(task, job_map, fans_out) for task in kept)
    return replace(job_map, tasks=tasks, workflow=tuple(edge for edge in job_map.workflow if not off.intersection(edge)))


def is_off(job_map: JobMap, name: str) -> bool:
    """Return whether the task is switched off, or depends on one that is."""
    task, gone = job_map.by_name[name], [is_off(job_map, parent) for parent in job_map.parents[name]]
    takes_each = task.join is Join.ANY or task.type is TaskType.OUTPUT
    return task.disabled is Disabled.OFF or (bool(gone) and (all(gone) if takes_each else any(gone)))


def _with_over(task: Task, job_map: JobMap, fans_out: Collection[str]) -> Task:
    if task.disabled is Disabled.BYPASS:
        return replace(task, collect=None)
    if task.collect is None or task.collect.over is not None:
        return task
    return replace(task, collect=replace(task.collect, over=_nearest(job_map.parents[task.name], job_map, fans_out)))


def _nearest(level: Sequence[str], job_map: JobMap, fans_out: Collection[str]) -> str:
    found = next((name for name in level if name in fans_out and job_map.by_name[name].disabled is None), None)
    return found or _nearest([parent for name in level for parent in job_map.parents[name]], job_map, fans_out)
