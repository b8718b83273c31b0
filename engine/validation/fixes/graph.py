"""Fixes of the graph as a whole: its ends, and its cycles."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from engine.model import editing
from engine.model.job_map import Task, TaskType
from engine.validation.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.model.job_map import Edge, JobMap, Position
    from engine.validation.fixes.place import Place

_Found: TypeAlias = "tuple[str, JobMap] | None"
_GAP = 224.0
"""How far a new end stands from the task that it is wired to, in canvas units."""


def break_cycle(place: Place) -> _Found:
    """Take away the edge by which this task leads back to itself."""
    edge = edge_to_break(place)
    if edge is None:
        return None
    return f"Remove {quoted(edge[0])} > {quoted(edge[1])}", editing.disconnect(place.job_map, [edge])


def edge_to_break(place: Place) -> Edge | None:
    """Return the edge by which this task leads back to itself."""
    step = None if place.task is None else _first_step_back(place.job_map.children, place.task.name)
    return None if place.task is None or step is None else (place.task.name, step)


def add_output(place: Place) -> _Found:
    """Add an output behind the task, or behind each function task that nothing follows from."""
    job_map = place.job_map
    if place.task is not None:
        ends = [place.task.name]
    else:
        ends = [task.name for task in job_map.tasks if task.is_function and not job_map.children.get(task.name)]
        ends = ends or [task.name for task in job_map.tasks[-1:]]
    name = editing.unique_name(job_map, "out")
    at = _beside(job_map, ends, _GAP)
    added = editing.add_tasks(job_map, [Task(name, TaskType.OUTPUT)], {name: at} if at else None)
    return "Add an output", editing.connect(added, [(end, name) for end in ends])


def add_input(place: Place) -> _Found:
    """Add an input before each task that nothing leads to."""
    job_map = place.job_map
    starts = [task.name for task in job_map.tasks if not job_map.parents.get(task.name)]
    name = editing.unique_name(job_map, "in")
    at = _beside(job_map, starts, -_GAP)
    added = editing.add_tasks(job_map, [Task(name, TaskType.INPUT)], {name: at} if at else None)
    return "Add the input", editing.connect(added, [(name, start) for start in dict.fromkeys(starts)])


def remove_input(place: Place) -> _Found:
    """Take one of several inputs away; what it was wired to is wired to the first one."""
    job_map = place.job_map
    first = next((task for task in job_map.tasks if task.type is TaskType.INPUT), None)
    if place.task is None or first is None or first.key == place.task.key:
        return None
    children = job_map.children.get(place.task.name, ()) if job_map.by_name[place.task.name].key == place.task.key else ()
    removed = editing.remove_tasks(job_map, {place.task.key})
    return "Use one input", editing.connect(removed, [(first.name, child) for child in children])


def _first_step_back(children: Mapping[str, Sequence[str]], name: str) -> str | None:
    """Return the child through which the shortest way leads back to the task."""
    first: dict[str, str] = {}
    todo = deque((child, child) for child in children.get(name, ()))
    while todo:
        at, step = todo.popleft()
        if at == name:
            return step
        if at not in first:
            first[at] = step
            todo.extend((child, step) for child in children.get(at, ()))
    return None


def _beside(job_map: JobMap, names: Sequence[str], distance: float) -> Position | None:
    places = [job_map.layout.positions[name] for name in names if name in job_map.layout.positions]
    if not places:
        return None
    edge = max if distance > 0 else min
    taken = set(job_map.layout.positions.values())
    x, y = edge(x for x, _ in places) + distance, sum(y for _, y in places) / len(places)
    while (x, y) in taken:
        y += 120.0
    return x, y
