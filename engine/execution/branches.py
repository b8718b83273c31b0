"""Branches of a run as a tree of small objects: the trunk, and one branch for each payload that a fan-out opens.

A branch lives as long as something on it or below it does, and takes what waits there along when it goes: nothing is looked up by path.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, TypeAlias

from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.execution.backlog import Invocation
    from engine.execution.branch_path import BranchPath
    from engine.execution.collecting import Gather, Lane
    from engine.execution.join_nodes import First, JoinNode
    from engine.tasks import Payload

BranchKey: TypeAlias = tuple[int, ...]
"""A branch path as one row of numbers: (task, index, task, index, ...), a task being its position in ``tasks``. Sorting gives branch order.

The garbage collector does not look at tuples of numbers again once it has seen them, however many are kept.
"""


class Opening:
    """The fan-out of one invocation: where it happened, and how many branches it has opened.

    Attributes:
        task: number of the task that fanned out.
        branch: the branch that it ran on.
        items: the payloads of a list; None where a generator or the engine gives them.
        opened: branches opened so far.
        is_closed: no further branch will be opened.
        covered: for each collect (by number) and each way to it, how many of the branches have delivered to it all that they will.
        is_lane: a join of any, whose parents each have a branch of their own here.
    """

    __slots__ = ("_key", "branch", "covered", "is_closed", "is_lane", "items", "opened", "task")

    def __init__(self, task: int, branch: Branch, items: Sequence[Payload] | None = None) -> None:
        self.task = task
        self.branch = branch
        self.items = items
        self.opened = 0
        self.is_closed = items is not None
        self.is_lane = False
        self.covered: dict[tuple[int, Lane], int] | None = None
        self._key: BranchKey | None = None

    @property
    def key(self) -> BranchKey:
        """What the keys of all its branches begin with."""
        if self._key is None:
            steps = [self.task]
            branch = self.branch
            while (opening := branch.opening) is not None:
                steps += (branch.index, opening.task)
                branch = opening.branch
            self._key = tuple(reversed(steps))
        return self._key

    @property
    def opener(self) -> int:
        """What the branches are told apart from others' by: the task, or its complement where they were opened before its body ran."""
        return ~self.task if self.items is None else self.task

    @property
    def count(self) -> int:
        """Branches that are known to come: of a list all, of a generator those opened so far."""
        return self.opened if self.items is None else len(self.items)

    @property
    def remaining(self) -> int:
        """Branches that are known but not opened yet."""
        return self.count - self.opened


class Stream(Opening):
    """The fan-out of a generator, which is asked for one branch after the other.

    Attributes:
        origin: the invocation that the generator came from.
        source: the generator.
        is_async: it is awaited for each item.
        seconds: time spent inside it.
    """

    __slots__ = ("is_async", "origin", "seconds", "source")

    def __init__(self, origin: Invocation, source: Any) -> None:
        super().__init__(origin[0], origin[1])
        self.origin = origin
        self.source = source
        self.is_async = isinstance(source, AsyncIterator)
        self.seconds = 0.0

    @property
    @override
    def opener(self) -> int:
        """The task itself: its body opens them."""
        return self.task


class Branch:
    """One payload's way behind a fan-out.

    Attributes:
        opening: the fan-out that opened it; None for the trunk.
        index: its place among the branches of that opening.
        joins: by task number, what waits at joins on this branch.
        gathers: by task number, the collects that gather what comes from an invocation on this branch; None where only further in.
    """

    __slots__ = ("gathers", "index", "joins", "opening")

    def __init__(self, opening: Opening | None = None, index: int = 0) -> None:
        self.opening = opening
        self.index = index
        self.joins: dict[int, JoinNode | First] | None = None
        self.gathers: dict[int, Gather | None] | None = None

    @property
    def parent(self) -> Branch | None:
        """The branch that this one was opened from; None for the trunk."""
        return None if self.opening is None else self.opening.branch

    def key(self) -> BranchKey:
        """Return what branches are ordered by."""
        return () if self.opening is None else (*self.opening.key, self.index)

    def path(self, names: Sequence[str]) -> BranchPath:
        """Return the branch path, given the task names by number."""
        key = self.key()
        return tuple((names[task], index) for task, index in zip(key[::2], key[1::2], strict=True))
