"""Every change of a job map, as a function from one immutable job map to the next.

Keys that name no task are ignored, so that a gesture on something that just vanished changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.model.job_map import Collect, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from engine.model.job_map import Datasource, Edge, JobMap, Layout, Position, Task, TaskKey
    from engine.model.json_value import JsonValue


def unique_name(job_map: JobMap, wanted: str) -> str:
    """Return the wanted name, or the first of ``wanted 2``, ``wanted 3``, ... that no task has."""
    if wanted not in job_map.by_name:
        return wanted
    number = 2
    while f"{wanted} {number}" in job_map.by_name:
        number += 1
    return f"{wanted} {number}"


def add_tasks(job_map: JobMap, tasks: Iterable[Task], positions: Mapping[str, Position] | None = None) -> JobMap:
    """Return the job map with the tasks at its end, placed where ``positions`` says."""
    layout = replace(job_map.layout, positions={**job_map.layout.positions, **(positions or {})})
    return _changed(job_map, tasks=(*job_map.tasks, *tasks), layout=layout)


def remove_tasks(job_map: JobMap, keys: Collection[TaskKey]) -> JobMap:
    """Return the job map without the tasks, their edges and their positions."""
    kept = tuple(task for task in job_map.tasks if task.key not in keys)
    names = {task.name for task in kept}
    gone = {task.name for task in job_map.tasks} - names
    return _changed(
        job_map,
        tasks=kept,
        workflow=tuple(edge for edge in job_map.workflow if not gone.intersection(edge)),
        layout=replace(job_map.layout, positions={name: at for name, at in job_map.layout.positions.items() if name not in gone}),
    )


def rename_task(job_map: JobMap, key: TaskKey, name: str) -> JobMap:
    """Return the job map with one task renamed, and every edge, position and collect that speaks of it."""
    task = job_map.by_key.get(key)
    if task is None or task.name == name:
        return job_map
    if job_map.by_name[task.name].key != key:  # a second task of one name: edges and positions belong to the first
        return replace_task(job_map, key, name=name)
    old = task.name

    def renamed(other: str) -> str:
        return name if other == old else other

    return _changed(
        job_map,
        tasks=tuple(_task_after_rename(each, key, old, name) for each in job_map.tasks),
        workflow=tuple((renamed(source), renamed(target)) for source, target in job_map.workflow),
        layout=replace(job_map.layout, positions={renamed(other): at for other, at in job_map.layout.positions.items()}),
    )


def connect(job_map: JobMap, edges: Iterable[Edge]) -> JobMap:
    """Return the job map with the edges at the end of its workflow; edges that are there already are not doubled."""
    there = set(job_map.workflow)
    new = tuple(edge for edge in dict.fromkeys(edges) if edge not in there)
    return _changed(job_map, workflow=(*job_map.workflow, *new)) if new else job_map


def disconnect(job_map: JobMap, edges: Collection[Edge]) -> JobMap:
    """Return the job map without the edges."""
    return _changed(job_map, workflow=tuple(edge for edge in job_map.workflow if edge not in edges))


def replace_task(job_map: JobMap, key: TaskKey, **fields: Any) -> JobMap:
    """Return the job map with fields of one task replaced; rename through ``rename_task``, which mends the edges."""
    return _changed(job_map, tasks=tuple(replace(task, **fields) if task.key == key else task for task in job_map.tasks))


def change_tasks(job_map: JobMap, keys: Collection[TaskKey], change: Callable[[Task], Task]) -> JobMap:
    """Return the job map with what ``change`` makes of each of the tasks, which keep their names; one pass for any number of them."""
    chosen = frozenset(keys)
    return _changed(job_map, tasks=tuple(change(task) if task.key in chosen else task for task in job_map.tasks))


def set_argument(job_map: JobMap, key: TaskKey, name: str, value: JsonValue) -> JobMap:
    """Return the job map with one of the task's ``init_args`` set."""
    task = job_map.by_key.get(key)
    return job_map if task is None else replace_task(job_map, key, init_args={**task.init_args, name: value})


def remove_argument(job_map: JobMap, key: TaskKey, name: str) -> JobMap:
    """Return the job map without one of the task's ``init_args``."""
    task = job_map.by_key.get(key)
    if task is None or name not in task.init_args:
        return job_map
    return replace_task(job_map, key, init_args={each: v for each, v in task.init_args.items() if each != name})


def move_tasks(job_map: JobMap, positions: Mapping[str, Position]) -> JobMap:
    """Return the job map with tasks placed elsewhere; nothing but ``layout`` changes."""
    return _changed(job_map, layout=replace(job_map.layout, positions={**job_map.layout.positions, **positions}))


def set_layout(job_map: JobMap, layout: Layout) -> JobMap:
    """Return the job map with other places, notes and frames; the engine never reads them."""
    return _changed(job_map, layout=layout)


def set_datasource(job_map: JobMap, datasource: Datasource) -> JobMap:
    """Return the job map with another datasource."""
    return _changed(job_map, datasource=datasource)


def describe(job_map: JobMap, *, name: str, description: str | None) -> JobMap:
    """Return the job map with another name and description."""
    return _changed(job_map, name=name, description=description)


def _changed(job_map: JobMap, **fields: Any) -> JobMap:
    return replace(job_map, **fields, origin=Origin(job_map.origin.path))


def _task_after_rename(task: Task, key: TaskKey, old: str, new: str) -> Task:
    if task.key == key:
        task = replace(task, name=new)
    match task.collect:
        case Collect(over=over) if over == old:
            return replace(task, collect=replace(task.collect, over=new))
        case _:
            return task
