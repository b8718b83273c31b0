"""Fixes of edges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from engine.model import editing
from engine.problems import suggested
from engine.validation.data_flow import holds
from engine.validation.wording import cut, quoted

if TYPE_CHECKING:
    from engine.model.job_map import Edge, JobMap
    from engine.validation.fixes.place import Place

_Found: TypeAlias = "tuple[str, JobMap] | None"


def remove(place: Place) -> _Found:
    """Take away this edge, and of two equal ones only this."""
    return None if place.edge_index is None else ("Remove this edge", _with_edge(place.job_map, place.edge_index, None))


def mend_name(place: Place) -> _Found:
    """Write the name of the task that was meant, of an edge or of a collect; else take the edge away."""
    meant = suggested(place.problem)
    if place.edge is None:
        return _mend_over(place, meant)
    if meant is None or place.edge_index is None:
        return remove(place)
    source, target = place.edge
    edge = (meant, target) if place.steps[-1] == "0" else (source, meant)
    if edge in place.job_map.workflow:
        return remove(place)
    return f"Rename to {quoted(meant)}", _with_edge(place.job_map, place.edge_index, edge)


def choose_type(place: Place) -> _Found:
    """Let the consumer take another type that its method offers, or the producer give one; else take the edge away."""
    if place.edge is None:
        return None
    by_name = place.job_map.by_name
    source, target = by_name.get(place.edge[0]), by_name.get(place.edge[1])
    if source is None or target is None:
        return remove(place)
    taker, giver = place.definition_of(target), place.definition_of(source)
    for consumed in taker.consumes if taker is not None else ():
        if source.produces and holds(replace(target, consumes=consumed), source.produces):
            return f"Let it take {cut(consumed)}", editing.replace_task(place.job_map, target.key, consumes=consumed)
    for produced in giver.produces if giver is not None else ():
        if holds(target, produced):
            text = f"Let {quoted(source.name)} give {cut(produced)}"
            return text, editing.replace_task(place.job_map, source.key, produces=produced)
    return remove(place)


def _mend_over(place: Place, meant: str | None) -> _Found:
    task = place.task
    if task is None or task.collect is None:
        return None
    over = f"Collect over {quoted(meant)}" if meant is not None else "Collect over the nearest fan-out"
    return over, editing.replace_task(place.job_map, task.key, collect=replace(task.collect, over=meant))


def _with_edge(job_map: JobMap, index: int, edge: Edge | None) -> JobMap:
    kept = job_map.workflow[:index], job_map.workflow[index + 1 :]
    between = () if edge is None else (edge,)
    return replace(editing.disconnect(job_map, ()), workflow=(*kept[0], *between, *kept[1]))
