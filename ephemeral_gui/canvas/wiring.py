"""Whether a wire may be drawn, in words: one pure rule that the hand, the menus and the tests ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model import editing
from engine.model.graph import reachable, shortest_path
from engine.model.job_map import Disabled, TaskType
from engine.validation.data_flow import holds, is_built

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, Task, TaskKey


def refusal(job_map: JobMap, source: TaskKey, target: TaskKey, catalog: Catalog) -> str | None:
    """Return why no wire may lead from one task to another, None where it may."""
    giver, taker = job_map.by_key.get(source), job_map.by_key.get(target)
    if giver is None or taker is None:
        return "that task is gone"
    return _plain_refusal(job_map, giver, taker) or _cycle(job_map, giver, taker) or _type_refusal(job_map, giver, taker, catalog)


def connected(job_map: JobMap, source: TaskKey, target: TaskKey, catalog: Catalog) -> JobMap:
    """Return the job map with the wire; tasks whose definitions offer several types take the pair that fits.

    Ask ``refusal`` first: a wire that it refuses is drawn all the same, with the types as they are.
    """
    giver, taker = job_map.by_key[source], job_map.by_key[target]
    pair = _fitting_types(job_map, giver, taker, catalog)
    if pair is not None:
        job_map = _with_types(job_map, giver, taker, *pair)
    return editing.connect(job_map, [(giver.name, taker.name)])


def fitting_targets(job_map: JobMap, source: TaskKey, catalog: Catalog) -> frozenset[TaskKey]:
    """Return every task that a wire from ``source`` may enter."""
    giver = job_map.by_key[source]
    before = reachable(job_map.parents, [giver.name])
    return frozenset(_fits(job_map, ((giver, taker) for taker in job_map.tasks if taker.name not in before), catalog, end=1))


def fitting_sources(job_map: JobMap, target: TaskKey, catalog: Catalog) -> frozenset[TaskKey]:
    """Return every task that a wire into ``target`` may leave."""
    taker = job_map.by_key[target]
    behind = reachable(job_map.children, [taker.name])
    return frozenset(_fits(job_map, ((giver, taker) for giver in job_map.tasks if giver.name not in behind), catalog, end=0))


def _fits(job_map: JobMap, pairs: Iterable[tuple[Task, Task]], catalog: Catalog, *, end: int) -> Iterator[TaskKey]:
    for pair in pairs:
        if _plain_refusal(job_map, *pair) is None and _type_refusal(job_map, *pair, catalog) is None:
            yield pair[end].key


def _plain_refusal(job_map: JobMap, giver: Task, taker: Task) -> str | None:
    if giver.key == taker.key:
        return "a task cannot feed itself"
    if giver.type is TaskType.OUTPUT:
        return "an output passes nothing on"
    if taker.type is TaskType.INPUT:
        return "the input takes no wire"
    for task in (giver, taker):
        if job_map.by_name[task.name].key != task.key:
            return f"two tasks are named “{task.name}”: rename one first"
    if taker.name in job_map.children[giver.name]:
        return "there is such a wire already"
    return None


def _cycle(job_map: JobMap, giver: Task, taker: Task) -> str | None:
    path = shortest_path(job_map.children, taker.name, giver.name)
    return None if path is None else f"would close a cycle: {' → '.join([giver.name, *path])}"


def _type_refusal(job_map: JobMap, giver: Task, taker: Task, catalog: Catalog) -> str | None:
    if not giver.is_function or not taker.is_function or Disabled.BYPASS in (giver.disabled, taker.disabled):
        return None  # what flows through a bypass is its parents': the validator follows it
    if _fitting_types(job_map, giver, taker, catalog) is not None:
        return None
    takes = " or ".join(_wanted(taker, catalog)) or "nothing"
    gives = " or ".join(_offered(giver, catalog)) or "nothing"
    if is_built(taker):
        return f"“{taker.name}” gathers payloads: it must take map, any or list, not {takes}"
    return f"{gives} does not fit: “{taker.name}” takes {takes}"


def _fitting_types(job_map: JobMap, giver: Task, taker: Task, catalog: Catalog) -> tuple[str, str] | None:
    """Return the first pair of produced and consumed type that holds on this wire and breaks no other; the present ones first."""
    if not giver.is_function or not taker.is_function:
        return None
    for produced in _offered(giver, catalog):
        if produced != giver.produces and not _holds_for_children(job_map, giver, produced):
            continue
        for consumed in _wanted(taker, catalog):
            if _holds(taker, consumed, produced) and (consumed == taker.consumes or _holds_for_parents(job_map, taker, consumed)):
                return produced, consumed
    return None


def _holds(taker: Task, consumed: str, produced: str) -> bool:
    """Return whether a wire holds, by the validator's own rule, if the task consumed that type."""
    if not consumed or not produced:
        return True  # nothing is said: the validator asks for it
    return holds(taker if consumed == taker.consumes else replace(taker, consumes=consumed), produced)


def _offered(task: Task, catalog: Catalog) -> list[str]:
    definition = catalog.definition(task.namespace, task.method)
    return list(dict.fromkeys([task.produces, *(definition.produces if definition else ())]))


def _wanted(task: Task, catalog: Catalog) -> list[str]:
    definition = catalog.definition(task.namespace, task.method)
    return list(dict.fromkeys([task.consumes, *(definition.consumes if definition else ())]))


def _holds_for_children(job_map: JobMap, giver: Task, produced: str) -> bool:
    children = (job_map.by_name.get(name) for name in job_map.children[giver.name])
    return all(child is None or not child.is_function or _holds(child, child.consumes, produced) for child in children)


def _holds_for_parents(job_map: JobMap, taker: Task, consumed: str) -> bool:
    parents = (job_map.by_name.get(name) for name in job_map.parents[taker.name])
    return all(parent is None or not parent.is_function or _holds(taker, consumed, parent.produces) for parent in parents)


def _with_types(job_map: JobMap, giver: Task, taker: Task, produced: str, consumed: str) -> JobMap:
    if produced != giver.produces:
        job_map = editing.replace_task(job_map, giver.key, produces=produced)
    if consumed != taker.consumes:
        job_map = editing.replace_task(job_map, taker.key, consumes=consumed)
    return job_map
