"""Lanes: the several ways by which payloads come through joins of any, each of which keeps to itself.

A branch that meets a join of any goes on once for each parent: on a branch of its own, as behind a fan-out. What gathers branches behind
it has to wait for each of these ways, and every one of them has to come from the fan-out that it gathers over.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

from engine.lazy_dataclasses import dataclass
from engine.model.graph import reachable
from engine.model.job_map import Disabled, Join, TaskType
from engine.validation.fan_outs import nearest_fan_outs
from engine.validation.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.model.job_map import JobMap
    from engine.problems import Problem
    from engine.validation.subject import Subject


Lane: TypeAlias = frozenset[tuple[str, int]]
"""One way through joins of any: by which parent, by position, each is entered."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What lanes depend on.

    Attributes:
        parents: of each task.
        order: the tasks so that each stands behind its parents.
        any_joins: the tasks with a join of any and several parents.
        overs: by task that collects, the task that it collects over.
        grouping: the tasks that open a branch for each group or window that they collect.
    """

    parents: Mapping[str, Sequence[str]]
    order: Sequence[str]
    any_joins: frozenset[str]
    overs: Mapping[str, str]
    grouping: frozenset[str]


def any_joins_of(job_map: JobMap, parents: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Return the tasks that open a lane for each of several parents; the parents need not be all that the job map has."""
    return frozenset(task.name for task in job_map.tasks if task.join is Join.ANY and len(parents.get(task.name, ())) > 1)


def grouping_in(job_map: JobMap) -> frozenset[str]:
    """Return the tasks that collect groups or windows."""
    passed_by = Disabled.BYPASS
    return frozenset(each.name for each in job_map.tasks if each.collect and each.collect.opens_branches and each.disabled is not passed_by)


def count_lanes(ways: Ways, over: str, collect: str) -> int:
    """Return the number of ways from the fan-out ``over`` to the task that collects over it; 0 where a join of any lets others in too."""
    if not ways.any_joins:
        return 1
    lanes = dict.fromkeys(reachable(ways.parents, [over]), 1)  # their lanes are those that the fan-out itself is on
    coming_from = {over}
    above = reachable(ways.parents, [collect])
    for name in ways.order:
        if name not in above or name in lanes:
            continue
        parents, gathered = ways.parents[name], None if name == collect else ways.overs.get(name)
        if gathered is not None:
            lanes[name] = lanes.get(gathered, 1)
        else:
            lanes[name] = (sum if name in ways.any_joins else max)([lanes[parent] for parent in parents] or [1])
        from_over = [parent in coming_from for parent in parents]
        if name in ways.any_joins and any(from_over) and not all(from_over):
            return 0
        if any(from_over) and (gathered is None or gathered in coming_from):  # else what it sends is gathered further out
            coming_from.add(name)
    return lanes[collect] if collect in coming_from else 0


def count_lanes_behind(ways: Ways, passed: Lane, collect: str) -> int:
    """Return the number of ways that lead to the task that collects from where a payload has come by some joins of any."""
    slots, lanes = dict(passed), dict[str, int]()
    above = reachable(ways.parents, [collect])
    for name in ways.order:
        gathered = None if name == collect else ways.overs.get(name)
        if name not in above:
            continue
        each = [lanes[parent] for parent in ways.parents[name]]
        if gathered is not None:
            lanes[name] = lanes.get(gathered, 1)
        elif name in slots:
            lanes[name] = each[slots[name]]
        else:
            lanes[name] = (sum if name in ways.any_joins else max)(each or [1])
    return lanes[collect]


def name_lanes(ways: Ways, collect: str) -> frozenset[Lane]:
    """Return all ways on which payloads come from the input to the task that collects: by which parents they entered the joins of any."""
    trunk: frozenset[Lane] = frozenset([frozenset()])
    lanes: dict[str, frozenset[Lane]] = {}
    above = reachable(ways.parents, [collect])
    for name in ways.order:
        gathered = None if name == collect else ways.overs.get(name)
        if name not in above:
            continue
        if gathered is not None:
            lanes[name] = lanes.get(gathered, trunk)
        elif name in ways.any_joins:
            parents = enumerate(ways.parents[name])
            lanes[name] = frozenset(lane | {(name, slot)} for slot, parent in parents for lane in lanes[parent])
        else:
            lanes[name] = reduce(_side_by_side, (lanes[parent] for parent in ways.parents[name]), trunk)
    return lanes[collect]


def _side_by_side(some: frozenset[Lane], others: frozenset[Lane]) -> frozenset[Lane]:
    """Return the lanes on which payloads of two parents meet."""
    if some == others:
        return some
    both = (one | other for one in some for other in others)
    return frozenset(lane for lane in both if len({name for name, _ in lane}) == len(lane))


def is_direct(ways: Ways, over: str, collect: str) -> bool:
    """Return whether no other collect over the same fan-out stands before this one, so that all arrives on the fan-out's own branches."""
    return not any(ways.overs.get(name) == over for name in reachable(ways.parents, [collect]) - {collect})


def check_lanes(subject: Subject) -> Iterator[Problem]:
    """Yield the collects at which payloads arrive that do not come from the task that they collect over."""
    if not any(task.join is Join.ANY for _, task in subject.special):
        return
    any_joins, parents = any_joins_of(subject.job_map, subject.parents), subject.flowing_parents
    if not any_joins:
        return
    ways = Ways(parents, subject.order, any_joins_of(subject.job_map, parents), _overs(subject), grouping_in(subject.job_map))
    for name, over in ways.overs.items():
        above = reachable(subject.parents, [name])
        if over in above and parents[name] and not (over in reachable(parents, [name]) and count_lanes(ways, over, name)):
            letting_in = listed(sorted(any_joins & above & reachable(subject.children, [over])))
            message = f"what arrives here through {letting_in} does not all come from {quoted(over)}, over which this task collects"
            hint = f'collect before the join "any", or over a task that stands before every parent of {letting_in}'
            yield subject.problem("collect-of-others", message, "tasks", subject.indexes[name], "collect", hint=hint)


def _overs(subject: Subject) -> dict[str, str]:
    """Return what each collect is over, said or found; those of which that cannot be told are another rule's business."""
    found: dict[str, str] = {}
    nearest = nearest_fan_outs(subject)
    for task in subject.job_map.tasks:
        if task.collect is None or task.disabled is Disabled.BYPASS or task.type is not TaskType.FUNCTION:
            continue
        near = nearest[task.name].tasks if task.name in nearest else ()
        over = task.collect.over or (near[0] if len(near) == 1 else None)
        if over is not None and over in subject.indexes:
            found[task.name] = over
    return found
