"""Where what the parents of a join sent has fanned out apart, so that it cannot be paired."""

from __future__ import annotations

from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING

from engine.model.job_map import Join
from tests.property.tokens import depth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import JobMap
    from tests.property.tokens import Path, Sent, Starts

Openings = set[tuple["Path", int]]
"""Where branches were opened, and what did: the place of a task whose body did, its complement where that was before the body ran."""


class Ways:
    """What the payloads of each task come through, whatever becomes of them: tasks are named by their places, openers as above.

    Args:
        starts: what enters the tasks that the run starts at; nothing comes to them from others.
    """

    def __init__(self, job_map: JobMap, starts: Starts) -> None:
        self._tasks = job_map.tasks
        self._place = {task.name: number for number, task in enumerate(job_map.tasks)}
        self._parents = [[] if name in starts else [self._place[each] for each in job_map.parents[name]] for name in self._place]
        self._opening_first = {self._place[name] for name, given in starts.items() if name in self._place and len(given) > 1} | {
            number
            for number, task in enumerate(job_map.tasks)
            if (task.join is Join.ANY if task.collect is None else task.collect.opens_branches) and self._parents[number]
        }
        self.before, self.lanes = cache(self._before), cache(self._lanes)

    def parted(self, name: str, sent: Sequence[Sent]) -> set[Path]:
        """Return the branches at which two parents of a join fanned out apart: both went on behind them, not through the same openings.

        News of a join whose parents did that lies further out than that join would have run. So where one parent may come on other ways
        of a join of any than the other, a fan-out on the way of the other that does not lie before all of these ways parts them too.
        """
        opened = [self._openings(each, of_news=False) for each in sent]
        apart = {at for one, other in permutations(opened, 2) for at, _ in one - other if at in dict(other)}
        for (one, of_one), (other, of_other) in permutations(zip(self._parents[self._place[name]], sent, strict=True), 2):
            behind = dict(self._openings(of_one, of_news=True))
            rivals = set[int]().union(*(self._between(other, lane) for lane in self.lanes(one) - self.lanes(other)))
            apart |= {at for at, by in self._openings(of_other, of_news=False) if at in behind and by in rivals}
        return apart

    def _between(self, number: int, lane: int) -> set[int]:
        """Return what may open branches on the way to a task and in it, from where all ways of a join of any have passed on."""
        found: set[int] = set()
        todo = [number]
        while todo:
            opener = todo.pop()
            if opener not in found and opener not in self.before(lane):
                found.add(opener)
                todo += [~opener] if opener in self._opening_first else self._coming_to(opener if opener >= 0 else ~opener)
        return found

    def _coming_to(self, number: int) -> Sequence[int]:
        """Return what opened branches next before a task does: before what it collects over."""
        collect = self._tasks[number].collect
        if collect is None or not self._parents[number]:
            return self._parents[number]
        over = self._place[collect.over or ""]
        return [~over] if over in self._opening_first else self._coming_to(over)

    def _before(self, number: int) -> frozenset[int]:
        """Return what may have opened the branches that all payloads of a task are on."""
        task, parents = self._tasks[number], self._parents[number]
        own = {~number} if number in self._opening_first else set()
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

    def _openings(self, each: Sent, *, of_news: bool) -> Openings:
        """Return what the paths came through; of news the joins of any that it passed only where asked."""
        kept = [path if of_news else path[: depth(token)] for path, token in each.items()]
        return {(path[:n], self._opener(path, n)) for path in kept for n in range(len(path))}

    def _opener(self, path: Path, n: int) -> int:
        place = path[n][0]
        is_first = place in self._opening_first and not (n and path[n - 1][0] == place)
        return ~place if is_first else place
