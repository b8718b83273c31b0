"""Where what the parents of a join sent has fanned out apart, so that it cannot be paired."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING

from engine.model.job_map import Join
from tests.property.tokens import depth

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine.model.job_map import JobMap
    from tests.property.tokens import Path, Sent

Openings = set[tuple["Path", int]]
"""Where branches were opened, and the place of the task that did."""


class Ways:
    """What the payloads of each task come through, whatever becomes of them: tasks are named by their places.

    Args:
        starts: the tasks that the run starts at; nothing comes to them from others.
    """

    def __init__(self, job_map: JobMap, starts: Collection[str]) -> None:
        self._tasks, self._starts = job_map.tasks, starts
        self._place = {task.name: number for number, task in enumerate(job_map.tasks)}
        self._parents = [[] if name in starts else [self._place[each] for each in job_map.parents[name]] for name in self._place]
        self.before, self.lanes = cache(self._before), cache(self._lanes)

    def parted(self, name: str, sent: Sequence[Sent]) -> set[Path]:
        """Return the branches at which two parents of a join fanned out apart: both went on behind them, not through the same openings.

        News of a join whose parents did that lies further out than that join would have run. So where one parent may come on other ways
        of a join of any than the other, a fan-out on the way of the other that does not lie before all of these ways parts them too.
        """
        opened = [_openings(each, of_news=False) for each in sent]
        apart = {at for one, other in permutations(opened, 2) for at, _ in one - other if at in dict(other)}
        for (one, of_one), (other, of_other) in permutations(zip(self._parents[self._place[name]], sent, strict=True), 2):
            behind = dict(_openings(of_one, of_news=True))
            rivals = set[int]().union(*(self._between(other, lane) for lane in self.lanes(one) - self.lanes(other)))
            apart |= {at for at, by in _openings(of_other, of_news=False) if at in behind and by in rivals}
        return apart

    def _between(self, number: int, lane: int) -> set[int]:
        """Return the tasks on the way to one, itself included, up to those that lie before all ways of a join of any."""
        found: set[int] = set()
        todo = [number]
        while todo:
            each = todo.pop()
            if each not in found and each not in self.before(lane):
                found.add(each)
                todo += self._coming_from(each)
        return found

    def _coming_from(self, number: int) -> Sequence[int]:
        """Return the tasks that opened the branches next before: those before what a collect is over."""
        collect = self._tasks[number].collect
        return self._parents[number] if collect is None or not self._parents[number] else self._coming_from(self._place[collect.over or ""])

    def _before(self, number: int) -> frozenset[int]:
        """Return the tasks that all payloads of a task have come through, as far as these may have opened the branches they are on."""
        task, parents = self._tasks[number], self._parents[number]
        own = {number} if task.name in self._starts or (task.collect is not None and task.collect.opens_branches) else set()
        if task.collect is not None and parents:
            return self.before(self._place[task.collect.over or ""]) | own
        ways = [self.before(parent) | {parent} for parent in parents]
        together = frozenset.intersection if task.join is Join.ANY else frozenset.union
        return together(*ways) | own if ways else frozenset(own)

    def _lanes(self, number: int) -> frozenset[int]:
        """Return the joins of any on one of whose ways the payloads of a task are."""
        task, parents = self._tasks[number], self._parents[number]
        if task.collect is not None and parents:
            return self.lanes(self._place[task.collect.over or ""])
        own = {number} if task.join is Join.ANY and parents else set()
        return frozenset(own).union(*map(self.lanes, parents))


def _openings(each: Sent, *, of_news: bool) -> Openings:
    """Return what the paths came through; of news the joins of any that it passed only where asked."""
    return {(path[:n], path[n][0]) for path, token in each.items() for n in range(len(path if of_news else path[: depth(token)]))}
