"""Collects: all payloads that come from one invocation of a fan-out, brought together in branch order.

A gather belongs to one collect and to one invocation of the task that it collects over. It is complete once every branch behind that invocation has delivered
to the collect; that is counted on the fan-outs themselves, one number for each collect, so that a branch costs the same however many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.execution.tokens import Absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.execution.branches import Branch, Opening
    from engine.execution.tokens import Token
    from engine.model.job_map import Window
    from engine.tasks import Payload


class Gather:
    """What one collect has of one invocation of its fan-out.

    Attributes:
        collect: number of the task that collects.
        branch: the branch that the fan-out ran on, and the collect will.
        items: what arrived, with the branch that it arrived on.
        broken: the first parent (by position) of which a failure arrived; None where none did.
    """

    __slots__ = ("branch", "broken", "collect", "items")

    def __init__(self, collect: int, branch: Branch) -> None:
        self.collect = collect
        self.branch = branch
        self.items: list[tuple[Branch, Payload]] = []
        self.broken: int | None = None

    def payloads(self) -> list[Payload]:
        """Return what arrived, in branch order."""
        return [payload for _, payload in sorted(self.items, key=lambda item: item[0].key())]


def begin(collects: Sequence[int], branch: Branch) -> None:
    """Let the collects gather what comes from the invocation that just ended on the branch."""
    if branch.gathers is None:
        branch.gathers = {}
    for collect in collects:
        branch.gathers[collect] = Gather(collect, branch)


def find(collect: int, branch: Branch) -> Gather | None:
    """Return the gather that something on the branch belongs to; None where the fan-out never ran on its way."""
    above: Branch | None = branch
    while above is not None:
        if above.gathers is not None and collect in above.gathers:
            return above.gathers[collect]
        above = above.parent
    return None


def deliver(gather: Gather, branch: Branch, token: Token, slot: int) -> bool:
    """Take what arrived at the collect on the branch; return whether the gather is complete now."""
    if token is Absent.BROKEN:
        gather.broken = slot if gather.broken is None else min(slot, gather.broken)
    elif not isinstance(token, Absent):
        gather.items.append((branch, token))
    return _cover(gather, branch)


def complete(opening: Opening) -> list[Gather]:
    """Return the gathers that are complete because the fan-out just turned out to have no more branches."""
    done = []
    for collect, covered in (opening.covered or {}).items():
        gather = find(collect, opening.branch)
        if covered == opening.opened and gather is not None and _cover(gather, opening.branch):
            done.append(gather)
    return done


def windows(items: Sequence[Any], window: Window) -> list[Sequence[Any]]:
    """Cut the items into windows; a last one that is shorter only where it holds an item that no window had."""
    step = window.step or window.size
    cut = []
    start = 0
    seen = 0
    while start < len(items) and (start + window.size <= len(items) or seen < len(items)):
        cut.append(items[start : start + window.size])
        seen = start + window.size
        start += step
    return cut


def _cover(gather: Gather, branch: Branch) -> bool:
    """Count the branch as covered, and every branch above whose fan-out is covered by that."""
    while branch is not gather.branch:
        opening = branch.opening
        if opening is None:  # cannot be: the gather's branch lies on the way to the trunk
            return False
        if opening.covered is None:
            opening.covered = {}
        covered = opening.covered.get(gather.collect, 0) + 1
        opening.covered[gather.collect] = covered
        if not opening.is_closed or covered < opening.count:
            return False
        branch = opening.branch
    if branch.gathers is not None:
        branch.gathers.pop(gather.collect, None)
    return True
