"""Fan-outs that a join behind a join of any cannot stand.

A join of any opens a branch for each of its parents, each where that parent's payload is. So one parent of a join may be on several
lanes that part in different places, and a fan-out on the way of another parent may lie on some of these lanes and not on others. Where
such a task opens branches, the join's parents have fanned out apart. Definitions that say so are refused; what they do not say is found
out when the task opens its first branch, long before it is known what arrives at the join.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, permutations
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from engine.validation.lanes import Ways

Pair: TypeAlias = tuple[int, int]
"""Two parents of a join, by position: one that is on lanes, and one that the fan-out lies before."""


Opener: TypeAlias = tuple[str, bool]
"""A task that opens branches, and whether its body does: else it is the join or the collect before the body."""


class Rivals:
    """What joins behind joins of any have to look out for.

    Sets of openers are numbers with a bit for each, so that a long job map costs little.

    Attributes:
        of: by opener, the joins that fail where it opens branches, and which of their parents are apart then.
        in_step: by join behind a join of any, the openers whose branches its parents come through side by side.
        on_lanes: by the same joins, for each join of any the parents (by position) that are on its lanes.
    """

    def __init__(self, ways: Ways, starts: Collection[str] = ()) -> None:
        self.of: dict[Opener, dict[str, set[Pair]]] = defaultdict(lambda: defaultdict(set))
        self.in_step: dict[str, frozenset[Opener]] = {}
        self.on_lanes: dict[str, dict[str, frozenset[int]]] = {}
        self._ways = ways
        self._opening_first = {*ways.grouping, *starts, *(name for name in ways.any_joins if name not in ways.overs)}
        self._ranks = {name: rank for rank, name in enumerate(ways.order)}
        self._on_all: dict[str, int] = {}
        """By task, what every branch that it runs on has come through."""
        self._on_some: dict[str, int] = {}
        """By task, what some branch that it runs on may have come through."""
        self._lanes: dict[str, int] = {}
        """By task, the joins of any whose lanes it runs on."""
        self._news_lanes: dict[str, int] = {}
        """By task, the joins of any on whose lanes news may come to it that no collect takes: the same, and those before a collect."""
        self._stepped: dict[str, int] = {}
        """By task, these joins of any and what may have opened branches before them."""
        for name in ways.order if ways.any_joins else ():
            self._come_to(name)
            if len(ways.parents[name]) > 1 and name not in ways.any_joins:
                self._look_at(name)

    def lanes_of(self, name: str) -> frozenset[str]:
        """Return the joins of any whose lanes the task runs on."""
        return frozenset(each for each, _ in self._openers(self._lanes.get(name, 0)))

    def _bit(self, name: str, *, of_body: bool) -> int:
        return 1 << (2 * self._ranks[name] + of_body)

    def _come_to(self, name: str) -> None:
        parents, over = self._ways.parents[name], self._ways.overs.get(name)
        if over in self._lanes:
            for known in (self._on_all, self._on_some, self._lanes, self._stepped):
                known[name] = known[over]
        else:
            bodies = [self._bit(each, of_body=True) for each in parents]
            on_all = [self._on_all[each] | body for each, body in zip(parents, bodies, strict=True)]
            self._on_all[name] = _intersection(on_all) if name in self._ways.any_joins else _union(on_all)
            self._on_some[name] = _union(self._on_some[each] | body for each, body in zip(parents, bodies, strict=True))
            self._lanes[name] = _union(self._lanes[each] for each in parents)
            self._stepped[name] = _union(self._stepped[each] for each in parents)
        self._news_lanes[name] = _union(self._news_lanes[each] for each in parents)
        if name in self._ways.any_joins:
            self._news_lanes[name] |= self._bit(name, of_body=False)
        if name in self._opening_first:
            self._on_all[name] |= self._bit(name, of_body=False)
            self._on_some[name] |= self._bit(name, of_body=False)
        if name in self._ways.any_joins and over is None:
            self._lanes[name] |= self._bit(name, of_body=False)
            self._stepped[name] |= self._on_some[name]

    def _look_at(self, join: str) -> None:
        parents = self._ways.parents[join]
        for (slot, one), (other_slot, other) in permutations(enumerate(parents), 2):
            for lane, _ in self._openers(self._lanes[one] & ~self._lanes[other]):
                for rival in self._way_to(other, self._on_all[lane]):
                    self.of[rival][join].add((slot, other_slot))
        lanes = _union(self._news_lanes[parent] for parent in parents)
        if lanes:
            in_step = _union(self._stepped[one] & self._stepped[other] for one, other in combinations(parents, 2))
            self.in_step[join] = frozenset(self._openers(in_step))
            self.on_lanes[join] = {
                lane: frozenset(slot for slot, parent in enumerate(parents) if self._news_lanes[parent] & self._bit(lane, of_body=False))
                for lane, _ in self._openers(lanes)
            }

    def _way_to(self, name: str, until: int) -> set[Opener]:
        """Return what may have opened the branches that a task sends, up to those in ``until``."""
        found: set[Opener] = set()
        todo: list[Opener] = [(name, True)]
        while todo:
            opener = todo.pop()
            if opener not in found and not self._bit(opener[0], of_body=opener[1]) & until:
                found.add(opener)
                todo.extend(self._before(*opener))
        return found

    def _before(self, name: str, of_body: bool) -> Iterable[Opener]:  # noqa: FBT001  an opener, taken apart
        """Return what opened branches next before: those of a collect are its fan-out's."""
        if of_body and name in self._opening_first:
            return ((name, False),)
        over = self._ways.overs.get(name)
        if over is None:
            return ((parent, True) for parent in self._ways.parents[name])
        return ((over, False),) if over in self._opening_first else self._before(over, False)  # noqa: FBT003  as above

    def _openers(self, bits: int) -> Iterator[Opener]:
        while bits:
            lowest = bits & -bits
            rank, of_body = divmod(lowest.bit_length() - 1, 2)
            yield self._ways.order[rank], bool(of_body)
            bits ^= lowest


def _union(sets: Iterable[int]) -> int:
    whole = 0
    for each in sets:
        whole |= each
    return whole


def _intersection(sets: Iterable[int]) -> int:
    whole = -1
    for each in sets:
        whole &= each
    return whole
