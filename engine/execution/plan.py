"""The plan of a run: what a job map says, worked out once in numbers, so that a running invocation never looks anything up by name.

A task's number is its position in ``tasks``; so numbers give branch order.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.execution.collecting import Lane
    from engine.execution.policy import Policy
    from engine.execution.rivals import Pair
    from engine.model.job_map import Collect, Join, Task


class Entry(IntEnum):
    """How a payload enters a task."""

    PLAIN = 0
    OUTPUT = 1
    JOIN = 2
    COLLECT = 3
    ANY = 4
    KEPT = 5
    """No entry at all: what the task gives is kept as a result, for the run ends after it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One wire, seen from the task that it leaves: where it leads, and which parent of that task it makes the other."""

    task: int
    entry: Entry
    slot: int


@dataclass(frozen=True, slots=True)
class CollectPlan:
    """A collect with its fan-out found.

    Attributes:
        over: number of the fan-out.
        rule: what the job map says.
        has_lanes: whether there are joins of any, so that several ways may lead from the fan-out to the collect.
        count_lanes: tells how many, from where the fan-out got its payload by some of these joins.
        name_lanes: tells all ways on which payloads come to the collect, from the input on.
        name_lanes_behind: the same from the fan-out on.
        lanes_before: joins of any whose lanes the fan-out itself runs on.
        is_direct: whether all that arrives is on branches of the fan-out, where it opened any.
    """

    over: int
    rule: Collect
    has_lanes: bool
    count_lanes: Callable[[Lane], int]
    name_lanes: Callable[[], Sequence[Lane]]
    name_lanes_behind: Callable[[], Sequence[Lane]]
    lanes_before: frozenset[int]
    is_direct: bool


@dataclass(frozen=True, slots=True)
class Rivalry:
    """A join that cannot pair its parents' branches where a task before it opens some.

    Attributes:
        join: number of the join.
        pairs: parents (by position) that are apart then: one on lanes of a join of any, one behind the task.
    """

    join: int
    pairs: frozenset[Pair]


@dataclass(frozen=True, slots=True)
class Lanes:
    """What a join behind joins of any knows of the lanes that its parents come on.

    Attributes:
        in_step: the openers whose branches parents come through side by side.
        parents: by the opener of lanes, the parents (by position) that come on them.
    """

    in_step: frozenset[int]
    parents: Mapping[int, frozenset[int]]


NO_LANES: Final = Lanes(frozenset(), {})


@dataclass(frozen=True, slots=True)
class Plan:
    """A job map ready to run. All sequences are by task number.

    Attributes:
        names: the names of the tasks.
        numbers: the tasks by name.
        tasks: the tasks of the job map.
        entry: the input task.
        targets: the wires that leave each task, in the order of ``workflow``.
        only: the child of a task that has a single one which takes the payload as it is; None for all others.
        sinks: the output of a task that has nothing else behind it; None for all others.
        only_merged: whether what a task gives is merged with others by each of its children: all of them read it, none gets it.
        parents: names of the parents, in the order of ``workflow``.
        widths: how many parents each task has.
        parent_numbers: the same parents by number.
        joins: how the payloads of several parents become one; None where there is no join.
        collects: what a task collects; None for all others.
        is_gathering: whether several payloads become one before the body gets it.
        collected_by: the tasks that collect over each task.
        listeners: the wires by which the news that nothing comes must travel on: those that lead to a join or a collect.
        rivals: by opener, the joins that fail where it opens branches: behind a join of any, with another parent on the opener's way.
        lanes: by join behind a join of any, what its parents do there side by side.
        gated: whether behind a task there is one at which invocations can pile up (it has a limit of its own, or retries).
        is_plain: whether an invocation of the task needs nothing but its body called.
        off: tasks that are switched off, or depend on one that is, or are no part of the run.
        outputs: the tasks whose results the run gives back: outputs, and tasks that it ends after.
        order: the tasks so that each stands behind its parents.
    """

    job: str
    names: tuple[str, ...]
    numbers: Mapping[str, int]
    tasks: tuple[Task, ...]
    entry: int
    targets: tuple[tuple[Target, ...], ...]
    only: tuple[int | None, ...]
    sinks: tuple[Target | None, ...]
    only_merged: tuple[bool, ...]
    parents: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    parent_numbers: tuple[tuple[int, ...], ...]
    joins: tuple[Join | None, ...]
    collects: tuple[CollectPlan | None, ...]
    is_gathering: tuple[bool, ...]
    collected_by: tuple[tuple[int, ...], ...]
    listeners: tuple[tuple[Target, ...], ...]
    rivals: Mapping[int, tuple[Rivalry, ...]]
    lanes: Mapping[int, Lanes]
    gated: tuple[bool, ...]
    policies: tuple[Policy, ...]
    is_plain: tuple[bool, ...]
    off: frozenset[int]
    outputs: tuple[int, ...]
    order: tuple[int, ...]
    max_concurrent: int
    fail_fast: bool
