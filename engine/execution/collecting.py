"""Collects: all payloads that come from one invocation of a fan-out, brought together in branch order.

A gather belongs to one collect and to one invocation of the task that it collects over. It is complete once every branch behind
that invocation has delivered to the collect; that is counted on the fan-outs themselves, one number for each collect, so that a
branch costs the same however many there are.

Behind a join of any, a branch delivers several times, once for each way that leads from the fan-out to the collect. Each such lane
is counted for itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from engine.execution.tokens import Absent
from engine.execution.windows import Windows
from engine.model.job_map import Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.execution.branches import Branch, BranchKey, Opening
    from engine.execution.plan import CollectPlan
    from engine.execution.tokens import Token

Item: TypeAlias = "tuple[Branch, Token, int]"
"""What arrived at a collect, a failure included: the branch that it arrived on, what it is, and the parent (by position) that it is of."""

Lane: TypeAlias = frozenset[tuple[int, int]]
"""One way from the fan-out to the collect: for each join of any on it, the parent (by position) that it comes from."""

ONLY_LANE: Final[Lane] = frozenset()


class Gather:
    """What one collect has of one invocation of its fan-out.

    Attributes:
        collect: number of the task that collects.
        branch: the branch that the fan-out ran on, and the collect will.
        is_idle: nothing to collect over: the fan-out got no payload here.
        items: what arrived and has not been handed on in a window.
        lanes: how many ways lead from here to the collect.
        drops_broken: a failure is left out; else it spoils what would hold it.
        broken: the first parent (by position) of which a failure arrived; None where none did.
        has_parted: one of them was a join's whose parents fanned out apart, or followed from it.
        windows: the windows being cut; None where there are none.
        opening: the windows as branches.
    """

    __slots__ = (
        "_done",
        "_lanes_left",
        "_next",
        "branch",
        "broken",
        "collect",
        "drops_broken",
        "has_parted",
        "is_idle",
        "items",
        "lanes",
        "opening",
        "plan",
        "windows",
    )

    def __init__(self, collect: int, branch: Branch, plan: CollectPlan, *, is_idle: bool = False) -> None:
        self.collect = collect
        self.branch = branch
        self.is_idle = is_idle
        self.items: list[Item] = []
        self.broken: int | None = None
        self.has_parted = False
        self.lanes = 1
        if plan.has_lanes:
            self.lanes = len(plan.name_lanes_behind()) if is_idle else plan.count_lanes(_lane(branch))
        self.drops_broken = plan.rule.missing is Missing.DROP
        self.plan = plan
        self.windows: Windows[Item] | None = None if plan.rule.window is None or is_idle else Windows(plan.rule.window)
        self.opening: Opening | None = None
        self._lanes_left = self.lanes
        self._done: dict[int, int] = {}
        self._next = 0

    def in_order(self) -> list[Item]:
        """Return what arrived and was not handed on, in branch order."""
        return sorted(self.items, key=_by_branch)

    def name_lanes(self) -> Sequence[Lane]:
        """Return the ways on which something will come, from this branch on; one that is idle may lie further out than the lanes before."""
        if self.is_idle:
            return self.plan.name_lanes_behind()
        passed = _lane(self.branch)
        return [lane - passed for lane in self.plan.name_lanes() if passed <= lane]

    def cover_lane(self) -> bool:
        """Note that one lane is through; return whether it was the last."""
        self._lanes_left -= 1
        return self._lanes_left == 0

    def cover_branch(self, opener: int, index: int) -> None:
        """Note that a branch of the fan-out is through, on one lane.

        Where the lanes are branches of several tasks, nothing is known of their order before all of them are through.
        """
        if self.lanes == 1 or (self.plan.is_direct and opener == self.plan.over):
            self._done[index] = self._done.get(index, 0) + 1

    def next_windows(self) -> list[list[Item]]:
        """Return the windows that became full because the branches up to some point are all through."""
        if self.windows is None:
            return []
        first = self._next
        while self._done.get(self._next) == self.lanes:
            del self._done[self._next]
            self._next += 1
        if self._next == first:
            return []
        ready = [item for item in self.items if self._index_of(item[0]) < self._next]
        self.items = [item for item in self.items if self._index_of(item[0]) >= self._next]
        return self.windows.add(sorted(ready, key=_by_branch))

    def last_windows(self) -> list[list[Item]]:
        """Return the windows that are left when all is through."""
        if self.windows is None:
            return []
        return [*self.windows.add(self.in_order()), *self.windows.finish()]

    def _index_of(self, branch: Branch) -> int:
        while branch.parent is not self.branch and branch.parent is not None:
            branch = branch.parent
        return branch.index


def begin(collect: int, plan: CollectPlan, branch: Branch, *, is_idle: bool) -> Gather | None:
    """Let the collect gather what comes from its fan-out, which just ended on the branch or got no payload there; None where it does."""
    if branch.gathers is None:
        branch.gathers = {}
    elif collect in branch.gathers:
        return None  # a generator that is tried anew
    gather = branch.gathers[collect] = Gather(collect, branch, plan, is_idle=is_idle)
    return gather


def find(collect: int, branch: Branch) -> Gather | None:
    """Return the gather that something on the branch belongs to; None where the fan-out has not ended on its way."""
    above: Branch | None = branch
    while above is not None:
        gather = None if above.gathers is None else above.gathers.get(collect)
        if gather is not None:
            return gather
        above = above.parent
    return None


def mark_above(collect: int, branch: Branch) -> None:
    """Let it be known on all branches above that the fan-out of the collect ended further in."""
    above = branch.parent
    while above is not None:
        if above.gathers is None:
            above.gathers = {}
        elif collect in above.gathers:
            return
        above.gathers[collect] = None
        above = above.parent


def has_ended_below(collect: int, branch: Branch) -> bool:
    """Return whether the fan-out ended further in, on branches behind this one."""
    return branch.gathers is not None and collect in branch.gathers and branch.gathers[collect] is None


def before_lanes(branch: Branch, lanes_before: frozenset[int]) -> Branch:
    """Return the branch that the lanes lead off on which something came, but for those that the fan-out itself runs on.

    News of a join that failed further out enters a join of any there, not behind the fan-out.
    """
    while branch.opening is not None and branch.opening.is_lane and branch.opening.task not in lanes_before:
        branch = branch.opening.branch
    return branch


def lies_on(branch: Branch, above: Branch) -> bool:
    """Return whether the branch is the other one, or lies behind it."""
    each: Branch | None = branch
    while each is not None and each is not above:
        each = each.parent
    return each is not None


def deliver(gather: Gather, branch: Branch, token: Token, slot: int) -> bool:
    """Take what arrived at the collect on the branch; return whether the gather is complete now.

    Where the collect's own join failed, ``slot`` is the number of its parents: one behind the last.
    """
    if token is Absent.BROKEN:
        gather.broken = slot if gather.broken is None else min(slot, gather.broken)
    if token is not Absent.ENDED and not (token is Absent.BROKEN and gather.drops_broken):
        gather.items.append((branch, token, slot))
    if gather.lanes == 1:
        return _cover(gather, branch, ONLY_LANE)
    passed = _lane(branch, gather.branch)
    if token is not Absent.BROKEN:
        return _cover(gather, branch, passed)
    covered = [_cover(gather, branch, lane) for lane in gather.name_lanes() if passed <= lane]
    return any(covered)  # several, where a join failed further out than they part


def complete(opening: Opening) -> tuple[list[Gather], list[Gather]]:
    """Return the gathers that went on because the fan-out just turned out to have no more branches, and those of them that are complete."""
    touched: dict[Gather, None] = {}  # several lanes of one gather may go on at once
    done = []
    for (collect, lane), covered in tuple((opening.covered or {}).items()):
        gather = find(collect, opening.branch)
        if covered == opening.opened and gather is not None:
            touched[gather] = None
            if _cover(gather, opening.branch, lane):
                done.append(gather)
    return list(touched), done


def _cover(gather: Gather, branch: Branch, lane: Lane) -> bool:
    """Count the branch as covered, and every branch above whose fan-out is covered by that."""
    while branch is not gather.branch:
        opening = branch.opening
        if opening is None:  # cannot be: the gather's branch lies on the way to the trunk
            return False
        if not opening.is_lane:
            if opening.covered is None:
                opening.covered = {}
            counted_by = (gather.collect, lane)
            covered = opening.covered[counted_by] = opening.covered.get(counted_by, 0) + 1
            if gather.windows is not None and opening.branch is gather.branch:
                gather.cover_branch(opening.task, branch.index)
            if not opening.is_closed or covered < opening.count:
                return False
        branch = opening.branch
    if not gather.cover_lane():
        return False
    if branch.gathers is not None:
        del branch.gathers[gather.collect]
    return True


def _lane(branch: Branch, until: Branch | None = None) -> Lane:
    """Return which way through the joins of any something came, from a branch above on."""
    steps = []
    above: Branch | None = branch
    while above is not until and above is not None and above.opening is not None:
        if above.opening.is_lane:
            steps.append((above.opening.task, above.index))
        above = above.opening.branch
    return frozenset(steps)


def _by_branch(item: Item) -> BranchKey:
    return item[0].key()
