"""Putting a task into a wire, and closing the wires where tasks are taken out: pure rules, asked before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.model import editing
from engine.model.graph import reachable
from ephemeral_gui.canvas import wiring

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from engine.catalog import Catalog
    from engine.model.job_map import Edge, JobMap, TaskKey


@dataclass(frozen=True, slots=True)
class Healed:
    """A job map after tasks were taken out, and the wires that could not be closed, each with the reason."""

    job_map: JobMap
    open_wires: tuple[str, ...] = ()


def inserted(job_map: JobMap, key: TaskKey, edge: Edge, catalog: Catalog) -> JobMap | None:
    """Return the job map with the task put into the wire; None where the types do not fit or it would close a cycle.

    The two new wires stand where the old one stood in ``workflow``, so that payloads are merged in the order as before.
    """
    if edge not in job_map.workflow or key not in job_map.by_key or any(name not in job_map.by_name for name in edge):
        return None
    name = job_map.by_key[key].name
    source, target = job_map.by_name[edge[0]].key, job_map.by_name[edge[1]].key
    grown: JobMap | None = editing.disconnect(job_map, [edge])
    for ends in ((source, key), (key, target)):
        grown = _with_wire(grown, *ends, catalog)
    return None if grown is None else _moved_to(grown, [(edge[0], name), (name, edge[1])], job_map.workflow.index(edge))


def healed(job_map: JobMap, keys: Collection[TaskKey], catalog: Catalog) -> Healed:
    """Return the job map without the tasks, those before them wired to those behind them wherever that wire may be."""
    gone = {task.name for task in job_map.tasks if task.key in keys}
    grown = editing.remove_tasks(job_map, set(keys))
    reasons = []
    for source, target in dict.fromkeys(_gaps(job_map, gone)):
        if target in grown.children.get(source, ()):
            continue
        ends = grown.by_name[source].key, grown.by_name[target].key
        reason = wiring.refusal(grown, *ends, catalog)
        if reason is not None:
            reasons.append(f"{source} → {target}: {reason}")
            continue
        place = _place_of_gap(job_map, gone, target)
        grown = _moved_to(wiring.connected(grown, *ends, catalog), [(source, target)], place)
    return Healed(grown, tuple(reasons))


def _with_wire(job_map: JobMap | None, source: TaskKey, target: TaskKey, catalog: Catalog) -> JobMap | None:
    if job_map is None or wiring.refusal(job_map, source, target, catalog) is not None:
        return None
    return wiring.connected(job_map, source, target, catalog)


def _gaps(job_map: JobMap, gone: Collection[str]) -> Iterator[Edge]:
    """Yield the pairs of kept tasks between which there are only tasks that go."""
    inner = {name: [child for child in job_map.children.get(name, ()) if child in gone] for name in gone}
    for source, first in job_map.workflow:
        if source in gone or first not in gone or source not in job_map.by_name:
            continue
        passed = reachable(inner, [first])
        yield from ((source, target) for giver, target in job_map.workflow if giver in passed and _is_kept(job_map, target, gone))


def _is_kept(job_map: JobMap, name: str, gone: Collection[str]) -> bool:
    return name not in gone and name in job_map.by_name


def _place_of_gap(job_map: JobMap, gone: Collection[str], target: str) -> int:
    """Return how many kept edges stand before the first one into the target that goes."""
    kept = 0
    for source, end in job_map.workflow:
        if source in gone and end == target:
            return kept
        kept += source not in gone and end not in gone
    return kept


def _moved_to(job_map: JobMap, edges: Iterable[Edge], place: int) -> JobMap:
    new = tuple(edges)
    others = tuple(edge for edge in job_map.workflow if edge not in new)
    return replace(job_map, workflow=(*others[:place], *new, *others[place:]))
