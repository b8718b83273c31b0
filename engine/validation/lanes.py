"""Lanes: the several ways by which payloads come through joins of any, each of which keeps to itself.

A branch that meets a join of any goes on once for each parent. What gathers branches behind it has to wait for each of these ways; what
pairs branches behind it would have to pair each with each, which execution does not offer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.job_map import Join, TaskType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.problems import Problem
    from engine.validation.subject import Subject


def count_lanes(parents: Mapping[str, Sequence[str]], any_joins: set[str], order: Sequence[str], over: str, collect: str) -> int:
    """Return the number of ways from the fan-out ``over`` to the task that collects over it; 0 where a join of any lets others in too.

    Args:
        parents: of each task.
        any_joins: the tasks with a join of any and several parents.
        order: the tasks so that each stands behind its parents.
        over: the task that is collected over.
        collect: the task that collects.
    """
    if not any_joins:
        return 1
    lanes = {over: 1}
    above = _above(parents, collect)
    for name in order:
        if name not in above or name == over:
            continue
        entering = [lanes[parent] for parent in parents[name] if parent in lanes]
        if name in any_joins and 0 < len(entering) < len(parents[name]):
            return 0
        if entering:
            lanes[name] = sum(entering) if name in any_joins else max(entering)
    return lanes.get(collect, 1)


def check_lanes(subject: Subject) -> Iterator[Problem]:
    """Yield the joins and collects that execution cannot do because of a join of any before them."""
    any_joins = {task.name for _, task in subject.functions if task.join is Join.ANY and len(subject.parents[task.name]) > 1}
    if not any_joins:
        return
    through: dict[str, frozenset[str]] = {}
    for name in subject.order:
        index, task = subject.indexes[name], subject.job_map.by_name[name]
        entering = frozenset[str]().union(*(through[parent] for parent in subject.parents[name] if parent in through))
        if entering and name not in any_joins and len(subject.parents[name]) > 1 and task.type is TaskType.FUNCTION:
            message = f'a join behind the join "any" of {_listed(entering)} is not offered by this version'
            yield subject.problem("not-supported", message, "tasks", index, "join", hint="collect before the join")
        over = None if task.collect is None else task.collect.over
        if task.collect is not None and not _can_collect(subject, any_joins, over, name):
            message = 'a collect behind a join "any" needs "over", and every parent of that join behind the task that it names'
            yield subject.problem("not-supported", message, "tasks", index, "collect")
        if over is not None and over in through:
            entering = through[over] - ({over} if over in any_joins else set())
        through[name] = entering | {name} if name in any_joins and task.collect is None else entering


def _can_collect(subject: Subject, any_joins: set[str], over: str | None, collect: str) -> bool:
    if over is None:
        return not (_above(subject.parents, collect) & any_joins)
    return count_lanes(subject.parents, any_joins, subject.order, over, collect) > 0


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
