"""The plan of a run: what a job map says, worked out once in numbers, so that a running invocation never looks anything up by name.

A task's number is its position in ``tasks``; so numbers give branch order.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

from engine.execution.policy import PLAIN_POLICY, Policy, policy_of
from engine.execution.rivals import Rivals
from engine.lazy_dataclasses import dataclass
from engine.model.job_map import DEFAULT_MAX_CONCURRENT, INPUT, OUTPUT, Disabled, Join
from engine.validation.lanes import Ways, any_joins_of, count_lanes, grouping_in, is_direct, name_lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from engine.execution.collecting import Lane
    from engine.execution.partial_runs import Part
    from engine.execution.rivals import Opener, Pair
    from engine.model.definition import Definition, MethodName
    from engine.model.job_map import Collect, JobMap, Task


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
        lanes: ways that lead from the fan-out to the collect; one, but for joins of any.
        name_lanes: tells all ways on which payloads come to the collect, from the input on.
        is_direct: whether all that arrives is on branches of the fan-out, where it opened any.
    """

    over: int
    rule: Collect
    lanes: int
    name_lanes: Callable[[], Sequence[Lane]]
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
        in_step: by join, the openers whose branches several of its parents come through side by side.
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
    in_step: Mapping[int, frozenset[int]]
    gated: tuple[bool, ...]
    policies: tuple[Policy, ...]
    is_plain: tuple[bool, ...]
    off: frozenset[int]
    outputs: tuple[int, ...]
    order: tuple[int, ...]
    max_concurrent: int
    fail_fast: bool


_MERGING = (Join.MERGE, Join.BY_TASK)


def make_plan(job_map: JobMap, definitions: Mapping[MethodName, Definition], part: Part | None = None) -> Plan:
    """Return the plan of a job map that the validator found nothing wrong with, or of a part of it."""
    return _Planner(job_map, definitions, part).plan()


class _Planner:
    """The steps from names to numbers."""

    def __init__(self, job_map: JobMap, definitions: Mapping[MethodName, Definition], part: Part | None) -> None:
        self.job_map = job_map
        self.inside = None if part is None else part.inside
        self.starts = part.starts if part is not None and part.starts is not None else {}
        self.ends = frozenset[int]() if part is None else part.ends
        self.definitions = definitions
        self.tasks = job_map.tasks
        self.numbers = {task.name: number for number, task in enumerate(self.tasks)}
        self.all_parents: list[list[int]] = [[] for _ in self.tasks]
        self.children: list[list[int]] = [[] for _ in self.tasks]
        for source, target in job_map.workflow:
            self.all_parents[self.numbers[target]].append(self.numbers[source])
            self.children[self.numbers[source]].append(self.numbers[target])
        self.order = self._order()

    def plan(self) -> Plan:
        off = self._off()
        parents = [
            [each for each in self.all_parents[number] if each not in off] if number not in off else [] for number in range(len(self.tasks))
        ]
        joins = [self._join(number, parents[number]) for number in range(len(self.tasks))]
        names = [task.name for task in self.tasks]
        named = {name: [names[each] for each in found] for name, found in zip(names, parents, strict=True)}
        overs = self._overs()
        named_overs = {names[number]: names[over] for number, over in overs.items()}
        order, any_joins = [names[each] for each in self.order], any_joins_of(self.job_map, named)
        ways = Ways(named, order, any_joins, named_overs, grouping_in(self.job_map))
        collects = [self._collect(number, overs[number], ways) if number in overs else None for number in range(len(self.tasks))]
        rivals = Rivals(ways, {names[number] for number in self.starts})
        entries = [self._entry(number, joins[number], collects[number]) for number in range(len(self.tasks))]
        targets = self._targets(parents, entries)
        collected_by = self._collected_by(collects, off)
        listeners, gated = self._listeners(targets, collects), self._gated(targets)
        targets = self._with_kept(targets)
        rivalries = self._rivals(rivals)
        is_watched = [bool(collected) or number in rivalries for number, collected in enumerate(collected_by)]
        sole = [wires[0] if len(wires) == 1 and not watched else None for wires, watched in zip(targets, is_watched, strict=True)]
        policies = tuple(policy_of(task.policy) for task in self.tasks)
        return Plan(
            job=self.job_map.name,
            names=tuple(task.name for task in self.tasks),
            numbers=self.numbers,
            tasks=self.tasks,
            entry=next(number for number, task in enumerate(self.tasks) if task.type is INPUT),
            targets=targets,
            only=tuple(None if wire is None or wire.entry is not Entry.PLAIN else wire.task for wire in sole),
            sinks=tuple(None if wire is None or wire.entry is not Entry.OUTPUT else wire for wire in sole),
            only_merged=tuple(all(joins[wire.task] is Join.MERGE and wire.entry is Entry.JOIN for wire in wires) for wires in targets),
            parents=tuple(tuple(self.tasks[each].name for each in found) for found in parents),
            widths=tuple(len(found) for found in parents),
            parent_numbers=tuple(tuple(found) for found in parents),
            joins=tuple(joins),
            collects=tuple(collects),
            is_gathering=tuple(join in _MERGING or collect is not None for join, collect in zip(joins, collects, strict=True)),
            collected_by=collected_by,
            listeners=listeners,
            rivals=rivalries,
            in_step={self.numbers[join]: frozenset(map(self._opener, found)) for join, found in rivals.in_step.items()},
            gated=gated,
            policies=policies,
            is_plain=tuple(policy is PLAIN_POLICY or policy.is_plain for policy in policies),
            off=frozenset(off),
            outputs=tuple(number for number in range(len(self.tasks)) if self._gives_results(number)),
            order=tuple(self.order),
            max_concurrent=self.job_map.policy.max_concurrent or DEFAULT_MAX_CONCURRENT,
            fail_fast=bool(self.job_map.policy.fail_fast),
        )

    def _order(self) -> list[int]:
        waiting = [len(found) for found in self.all_parents]
        free = [number for number, count in enumerate(waiting) if count == 0]
        for number in free:  # grows while it is walked
            for child in self.children[number]:
                waiting[child] -= 1
                if waiting[child] == 0:
                    free.append(child)
        return free

    def _off(self) -> set[int]:
        """Return the tasks that no payload can reach because a task is switched off."""
        off: set[int] = set()
        for number in self.order:
            task = self.tasks[number]
            if self.inside is not None and number not in self.inside:
                off.add(number)
                continue
            if number in self.starts:
                continue
            gone = [parent for parent in self.all_parents[number] if parent in off] if off else ()
            if gone:
                takes_any = task.type is OUTPUT or task.join is Join.ANY
                if len(gone) == len(self.all_parents[number]) or not takes_any:
                    off.add(number)
            if task.disabled is not None and task.disabled is Disabled.OFF:
                off.add(number)
        return off

    def _gives_results(self, number: int) -> bool:
        is_output = self.tasks[number].type is OUTPUT and (self.inside is None or number in self.inside)
        return is_output or number in self.ends

    def _with_kept(self, targets: tuple[tuple[Target, ...], ...]) -> tuple[tuple[Target, ...], ...]:
        """Give each task that the run ends after one more wire, which leads to the results."""
        if not self.ends:
            return targets
        return tuple(
            (*wires, Target(number, Entry.KEPT, 0)) if number in self.ends and self.tasks[number].type is not OUTPUT else wires
            for number, wires in enumerate(targets)
        )

    def _join(self, number: int, parents: list[int]) -> Join | None:
        task = self.tasks[number]
        if not task.is_function or (len(parents) < 2 and task.join is not Join.BY_TASK):
            return None
        return task.join

    def _entry(self, number: int, join: Join | None, collect: CollectPlan | None) -> Entry:
        if self.tasks[number].type is OUTPUT:
            return Entry.OUTPUT
        if join is not None:
            return Entry.ANY if join is Join.ANY else Entry.JOIN
        return Entry.PLAIN if collect is None else Entry.COLLECT

    def _overs(self) -> dict[int, int]:
        """Return for each task that collects which one it collects over."""
        overs = {}
        for number, task in enumerate(self.tasks):
            if task.collect is not None and task.disabled is not Disabled.BYPASS:
                over = task.collect.over
                overs[number] = self._nearest_fan_out(number) if over is None else self.numbers[over]
        return overs

    def _collect(self, number: int, over: int, ways: Ways) -> CollectPlan | None:
        rule, names = self.tasks[number].collect, (self.tasks[over].name, self.tasks[number].name)

        @cache
        def numbered_lanes() -> Sequence[Lane]:
            return tuple(frozenset((self.numbers[name], slot) for name, slot in lane) for lane in name_lanes(ways, names[1]))

        return None if rule is None else CollectPlan(over, rule, count_lanes(ways, *names), numbered_lanes, is_direct(ways, *names))

    def _rivals(self, found: Rivals) -> dict[int, tuple[Rivalry, ...]]:
        return {
            self._opener(opener): tuple(Rivalry(self.numbers[join], frozenset(pairs)) for join, pairs in joins.items())
            for opener, joins in found.of.items()
        }

    def _opener(self, opener: Opener) -> int:
        """Return what ``Opening.opener`` says of it."""
        name, of_body = opener
        return self.numbers[name] if of_body else ~self.numbers[name]

    def _nearest_fan_out(self, number: int) -> int:
        """Return the nearest ancestor that is not switched off and says that it fans out; the validator saw to it that there is one."""
        level = self.all_parents[number]
        seen: set[int] = set()
        while level:
            found = sorted({each for each in level if self._fans_out(each)})
            if found:
                return found[0]
            seen.update(level)
            level = [parent for each in dict.fromkeys(level) for parent in self.all_parents[each] if parent not in seen]
        raise LookupError(f'the task "{self.tasks[number].name}" has no fan-out before it to collect over')

    def _fans_out(self, number: int) -> bool:
        task = self.tasks[number]
        definition = self.definitions.get((task.namespace, task.method))
        return task.is_function and definition is not None and definition.fans_out and task.disabled is None

    def _targets(self, parents: list[list[int]], entries: list[Entry]) -> tuple[tuple[Target, ...], ...]:
        found: list[list[Target]] = [[] for _ in self.tasks]
        slots = [{parent: slot for slot, parent in enumerate(each)} for each in parents]
        for source, target in self.job_map.workflow:
            parent, child = self.numbers[source], self.numbers[target]
            if parent in slots[child]:
                found[parent].append(Target(child, entries[child], slots[child][parent]))
        return tuple(tuple(each) for each in found)

    def _collected_by(self, collects: list[CollectPlan | None], off: set[int]) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.tasks]
        for number, collect in enumerate(collects):
            if collect is not None and number not in off:
                found[collect.over].append(number)
        return tuple(tuple(each) for each in found)

    def _listeners(self, targets: tuple[tuple[Target, ...], ...], collects: list[CollectPlan | None]) -> tuple[tuple[Target, ...], ...]:
        listeners: list[tuple[Target, ...]] = [()] * len(targets)
        for number in reversed(self.order):
            listeners[number] = tuple(
                each for each in targets[number] if each.entry is Entry.JOIN or collects[each.task] is not None or listeners[each.task]
            )
        return tuple(listeners)

    def _gated(self, targets: tuple[tuple[Target, ...], ...]) -> tuple[bool, ...]:
        """Return for each task whether invocations can pile up at a task behind it."""
        gated = [False] * len(targets)
        for number in reversed(self.order):
            gated[number] = any(gated[each.task] or self._piles_up(each.task) for each in targets[number])
        return tuple(gated)

    def _piles_up(self, number: int) -> bool:
        policy = self.tasks[number].policy
        return bool(policy.max_concurrent or policy.retries)
