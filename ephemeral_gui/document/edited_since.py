"""What was edited between two states of a document, as far as it changes what a run gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model.graph import reachable
from engine.model.job_map import TaskType

if TYPE_CHECKING:
    from engine.model.job_map import JobMap, Task, TaskKey


def outdated(before: JobMap, now: JobMap) -> frozenset[TaskKey]:
    """Return the tasks whose results are out of date: those that were edited, added or fed otherwise since, and all behind them."""
    if now is before:
        return frozenset()
    known = before.by_key
    edited = [task.name for task in now.tasks if task.key not in known or _differs(known[task.key], before, task, now)]
    if now.datasource != before.datasource:
        edited += [task.name for task in now.tasks if task.type is TaskType.INPUT]
    behind = reachable(now.children, edited) if edited else ()
    return frozenset(task.key for task in now.tasks if task.name in behind)


def _differs(ran: Task, before: JobMap, task: Task, now: JobMap) -> bool:
    return (ran is not task and _what_runs(ran) != _what_runs(task)) or _parents(ran, before) != _parents(task, now)


def _what_runs(task: Task) -> Task:
    return replace(task, name="", id=None, description=None, extra={})


def _parents(task: Task, job_map: JobMap) -> list[int]:
    names = job_map.parents.get(task.name, ())
    return [job_map.by_name[name].key for name in names if name in job_map.by_name]
