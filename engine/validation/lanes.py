"""Lanes: the several ways by which payloads come through joins of any, each of which keeps to itself.

A branch that meets a join of any goes on once for each parent. What gathers branches behind it has to wait for each of these ways; what
pairs branches behind it would have to pair each with each, which execution does not offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass
from engine.model.job_map import Disabled, Join, TaskType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.model.job_map import Collect, JobMap, Task
    from engine.problems import Problem
    from engine.validation.subject import Subject


@dataclass(frozen=True, slots=True)
class Ways:
    """What lanes depend on.

    Attributes:
        parents: of each task.
        order: the tasks so that each stands behind its parents.
        any_joins: the tasks with a join of any and several parents.
        overs: by task that collects, the task that it says it collects over.
    """

    parents: Mapping[str, Sequence[str]]
    order: Sequence[str]
    any_joins: frozenset[str]
    overs: Mapping[str, str]


def ways_of(job_map: JobMap, parents: Mapping[str, Sequence[str]], order: Sequence[str]) -> Ways:
    """Return what lanes depend on; the parents need not be all that the job map has."""
    any_joins = frozenset(task.name for task in job_map.tasks if len(parents.get(task.name, ())) > 1 and task.join is Join.ANY)
    gathering = [(task.name, collect.over) for task in job_map.tasks if (collect := _collect_of(task)) is not None]
    return Ways(parents, order, any_joins, {name: over for name, over in gathering if over is not None})


def count_lanes(ways: Ways, over: str, collect: str) -> int:
    """Return the number of ways from the fan-out ``over`` to the task that collects over it; 0 where a join of any lets others in too."""
    if not ways.any_joins:
        return 1
    lanes = {over: 1}
    above = _above(ways.parents, collect)
    for name in ways.order:
        if name not in above or name == over:
            continue
        entering = [lanes[parent] for parent in ways.parents[name] if parent in lanes]
        if name in ways.any_joins and 0 < len(entering) < len(ways.parents[name]):
            return 0
        gathered = ways.overs.get(name)
        if entering and gathered is not None and name != collect:
            if gathered in lanes:  # else it gathers further out: what it sends comes from none of the fan-out's invocations
                lanes[name] = lanes[gathered]
        elif entering:
            lanes[name] = sum(entering) if name in ways.any_joins else max(entering)
    return lanes.get(collect, 1)


def is_direct(ways: Ways, over: str, collect: str) -> bool:
    """Return whether no other collect over the same fan-out stands before this one, so that all arrives on the fan-out's own branches."""
    return not any(ways.overs.get(name) == over for name in _above(ways.parents, collect) - {collect})


def check_lanes(subject: Subject) -> Iterator[Problem]:
    """Yield the joins and collects that execution cannot do because of a join of any before them."""
    ways = ways_of(subject.job_map, subject.parents, subject.order)
    if not ways.any_joins:
        return
    through: dict[str, frozenset[str]] = {}
    for name in subject.order:
        index, task = subject.indexes[name], subject.job_map.by_name[name]
        entering = frozenset[str]().union(*(through[parent] for parent in subject.parents[name] if parent in through))
        if entering and name not in ways.any_joins and len(subject.parents[name]) > 1 and task.type is TaskType.FUNCTION:
            message = f'a join behind the join "any" of {_listed(entering)} is not offered by this version'
            yield subject.problem("not-supported", message, "tasks", index, "join", hint="collect before the join")
        collect = _collect_of(task)
        if collect is not None and not _can_collect(ways, collect.over, name):
            message = 'a collect behind a join "any" needs "over", and every parent of that join behind the task that it names'
            yield subject.problem("not-supported", message, "tasks", index, "collect")
        if collect is not None and collect.over in through:
            entering = through[collect.over]
        through[name] = entering | {name} if name in ways.any_joins and collect is None else entering


def _collect_of(task: Task) -> Collect | None:
    """Return what the task collects: nothing where it is passed by."""
    return None if task.collect is None or task.disabled is Disabled.BYPASS else task.collect


def _can_collect(ways: Ways, over: str | None, collect: str) -> bool:
    if over is None:
        return not (_above(ways.parents, collect) & ways.any_joins)
    return count_lanes(ways, over, collect) > 0


def _above(parents: Mapping[str, Sequence[str]], task: str) -> set[str]:
    found, todo = {task}, [task]
    while todo:
        for parent in parents[todo.pop()]:
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))
