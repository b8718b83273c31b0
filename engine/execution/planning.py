"""From a job map to the plan of a run: every name becomes a number, and what depends on the job map alone is worked out once.

This runs before each job, so that what few job maps have (joins, collects, policies, tasks switched off) costs the others one look.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from engine.execution.plan import CollectPlan, Entry, Lanes, Plan, Rivalry, Target
from engine.execution.policy import PLAIN_POLICY, policy_of
from engine.execution.rivals import Rivals
from engine.files.collector import paused_collector
from engine.model.job_map import DEFAULT_MAX_CONCURRENT, FUNCTION, INPUT, OUTPUT, Disabled, Join
from engine.validation.lanes import Ways, any_joins_of, count_lanes_behind, grouping_in, is_direct, name_lanes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.execution.collecting import Lane
    from engine.execution.partial_runs import Part
    from engine.execution.rivals import Opener
    from engine.model.definition import Definition, MethodName
    from engine.model.job_map import JobMap

LANES_KEPT = 1_024
"""Ways through joins of any of which is kept how many more lead on to a collect."""

_BY_TASK, _MERGE, _ANY = Join.BY_TASK, Join.MERGE, Join.ANY  # looked up on the enumeration each costs 45 ns


def make_plan(job_map: JobMap, definitions: Mapping[MethodName, Definition], part: Part | None = None) -> Plan:
    """Return the plan of a job map that the validator found nothing wrong with, or of a part of it."""
    with paused_collector():
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
        self.edges = [(self.numbers[source], self.numbers[target]) for source, target in job_map.workflow]
        for parent, child in self.edges:
            self.all_parents[child].append(parent)
            self.children[parent].append(child)
        self.order = self._order()

    def plan(self) -> Plan:
        count, off = len(self.tasks), self._off()
        parents = self.all_parents
        if off:
            parents = [[] if number in off else [each for each in found if each not in off] for number, found in enumerate(parents)]
        joins = [
            task.join if (len(found) > 1 or task.join is _BY_TASK) and task.type is FUNCTION else None
            for task, found in zip(self.tasks, parents, strict=True)
        ]
        names = [task.name for task in self.tasks]
        named = {name: [names[each] for each in found] for name, found in zip(names, parents, strict=True)}
        overs = self._overs()
        named_overs = {names[number]: names[over] for number, over in overs.items()}
        order, any_joins = [names[each] for each in self.order], any_joins_of(self.job_map, named)
        ways = Ways(named, order, any_joins, named_overs, grouping_in(self.job_map))
        collects: list[CollectPlan | None] = [None] * count
        rivals = Rivals(ways, {names[number] for number in self.starts})
        for number, over in overs.items():
            lanes_before = frozenset(self.numbers[each] for each in rivals.lanes_of(names[over]))
            collects[number] = self._collect(number, over, ways, lanes_before)
        entries = self._entries(joins, collects)
        targets = self._targets(off, entries)
        collected_by = self._collected_by(collects, off)
        listeners = self._listeners(targets, collects) if any(joins) or overs else ((),) * count
        targets = self._with_kept(targets)
        rivalries = self._rivals(rivals)
        sole = [wires[0] if len(wires) == 1 else None for wires in targets]
        for number in (*rivalries, *overs.values()):
            if number >= 0:  # else what opens the branches is not a body
                sole[number] = None
        policies = tuple([policy_of(task.policy, has_body=task.disabled is None) for task in self.tasks])
        is_plain = tuple([policy is PLAIN_POLICY or policy.is_plain for policy in policies])
        gathering = (_MERGE, _BY_TASK)
        return Plan(
            job=self.job_map.name,
            names=tuple(names),
            numbers=self.numbers,
            tasks=self.tasks,
            entry=next(number for number, task in enumerate(self.tasks) if task.type is INPUT),
            targets=targets,
            only=tuple([None if wire is None or wire.entry is not Entry.PLAIN else wire.task for wire in sole]),
            sinks=tuple([None if wire is None or wire.entry is not Entry.OUTPUT else wire for wire in sole]),
            only_merged=_only_merged(targets, joins),
            parents=tuple(map(tuple, named.values())),
            widths=tuple(map(len, parents)),
            parent_numbers=tuple(map(tuple, parents)),
            joins=tuple(joins),
            collects=tuple(collects),
            is_gathering=tuple([join in gathering or collect is not None for join, collect in zip(joins, collects, strict=True)]),
            collected_by=collected_by,
            listeners=listeners,
            rivals=rivalries,
            lanes={self.numbers[join]: self._lanes(rivals, join) for join in rivals.on_lanes},
            gated=(False,) * count if all(is_plain) else self._gated(targets),
            policies=policies,
            is_plain=is_plain,
            off=frozenset(off),
            outputs=self._outputs(),
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

    def _outputs(self) -> tuple[int, ...]:
        """Return the tasks that results are given back of: outputs in the part that runs, and tasks that the run ends after."""
        outputs = {number for number, task in enumerate(self.tasks) if task.type is OUTPUT}
        return tuple(sorted((outputs if self.inside is None else outputs & self.inside) | self.ends))

    def _with_kept(self, targets: tuple[tuple[Target, ...], ...]) -> tuple[tuple[Target, ...], ...]:
        """Give each task that the run ends after one more wire, which leads to the results."""
        if not self.ends:
            return targets
        return tuple(
            (*wires, Target(number, Entry.KEPT, 0)) if number in self.ends and self.tasks[number].type is not OUTPUT else wires
            for number, wires in enumerate(targets)
        )

    def _entries(self, joins: Sequence[Join | None], collects: Sequence[CollectPlan | None]) -> list[Entry]:
        entries = [Entry.PLAIN] * len(self.tasks)
        for number, (task, join, collect) in enumerate(zip(self.tasks, joins, collects, strict=True)):
            if task.type is OUTPUT:
                entries[number] = Entry.OUTPUT
            elif join is not None:
                entries[number] = Entry.ANY if join is _ANY else Entry.JOIN
            elif collect is not None:
                entries[number] = Entry.COLLECT
        return entries

    def _overs(self) -> dict[int, int]:
        """Return for each task that collects which one it collects over."""
        overs = {}
        for number, task in enumerate(self.tasks):
            if task.collect is not None and task.disabled is not Disabled.BYPASS:
                over = task.collect.over
                overs[number] = self._nearest_fan_out(number) if over is None else self.numbers[over]
        return overs

    def _collect(self, number: int, over: int, ways: Ways, lanes_before: frozenset[int]) -> CollectPlan | None:
        rule, (fan_out, name) = self.tasks[number].collect, (self.tasks[over].name, self.tasks[number].name)
        if rule is None:
            return None

        @lru_cache(maxsize=LANES_KEPT)
        def lanes_behind(passed: Lane) -> int:
            return count_lanes_behind(ways, frozenset((self.tasks[each].name, slot) for each, slot in passed), name)

        @cache
        def numbered_lanes() -> Sequence[Lane]:
            return tuple(frozenset((self.numbers[name], slot) for name, slot in lane) for lane in name_lanes(ways, name))

        @cache
        def numbered_lanes_behind() -> Sequence[Lane]:
            return tuple({frozenset(step for step in lane if step[0] not in lanes_before) for lane in numbered_lanes()})

        direct = is_direct(ways, fan_out, name)
        return CollectPlan(over, rule, bool(ways.any_joins), lanes_behind, numbered_lanes, numbered_lanes_behind, lanes_before, direct)

    def _rivals(self, found: Rivals) -> dict[int, tuple[Rivalry, ...]]:
        return {
            self._opener(opener): tuple(Rivalry(self.numbers[join], frozenset(pairs)) for join, pairs in joins.items())
            for opener, joins in found.of.items()
        }

    def _lanes(self, found: Rivals, join: str) -> Lanes:
        parents = {~self.numbers[lane]: slots for lane, slots in found.on_lanes[join].items()}
        return Lanes(frozenset(map(self._opener, found.in_step[join])), parents)

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

    def _targets(self, off: set[int], entries: Sequence[Entry]) -> tuple[tuple[Target, ...], ...]:
        found: list[list[Target]] = [[] for _ in self.tasks]
        slots = [0] * len(self.tasks)
        for parent, child in self.edges:
            if not off or not (parent in off or child in off):
                found[parent].append(Target(child, entries[child], slots[child]))
                slots[child] += 1
        return tuple(map(tuple, found))

    def _collected_by(self, collects: list[CollectPlan | None], off: set[int]) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.tasks]
        for number, collect in enumerate(collects):
            if collect is not None and number not in off:
                found[collect.over].append(number)
        return tuple(map(tuple, found))

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


def _only_merged(targets: Sequence[Sequence[Target]], joins: Sequence[Join | None]) -> tuple[bool, ...]:
    if _MERGE not in joins:
        return (False,) * len(targets)
    merging = {number for number, join in enumerate(joins) if join is _MERGE}
    return tuple([all(wire.task in merging and wire.entry is Entry.JOIN for wire in wires) for wires in targets])
