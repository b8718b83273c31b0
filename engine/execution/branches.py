"""Branches of a run as a tree of small objects: the trunk, and one branch for each payload that a fan-out opens.

A branch lives as long as something on it or below it does, and takes what waits there along when it goes: nothing is looked up by path.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.execution.branch_path import BranchPath
    from engine.execution.collecting import Gather, Lane
    from engine.execution.joining import JoinNode
    from engine.tasks import Payload

BranchKey: TypeAlias = tuple[tuple[int, int], ...]
"""A branch path with the task as its position in ``tasks``: sorting by it gives branch order."""


class Opening:
    """The fan-out of one invocation: where it happened, and how many branches it has opened.

    Attributes:
        task: number of the task that fanned out.
        branch: the branch that it ran on.
        items: the payloads of a list; None where a generator or the engine gives them.
        source: the generator; None for a list.
        opened: branches opened so far.
        is_closed: no further branch will be opened.
        covered: for each collect (by number) and each way to it, how many of the branches have delivered to it all that they will.
        seconds: time spent inside the generator.
        is_async: the generator is awaited for each item.
        is_lane: a join of any, whose parents each have a branch of their own here.
        origin: the payload and the attempt that the generator came from.
    """

    __slots__ = ("branch", "covered", "is_async", "is_closed", "is_lane", "items", "opened", "origin", "seconds", "source", "task")

    def __init__(
        self,
        task: int,
        branch: Branch,
        items: Sequence[Payload] | None = None,
        source: Iterator[Any] | AsyncIterator[Any] | None = None,
    ) -> None:
        self.task = task
        self.branch = branch
        self.items = items
        self.source = source
        self.opened = 0
        self.is_closed = False
        self.is_async = source is not None and isinstance(source, AsyncIterator)
        self.is_lane = False
        self.covered: dict[tuple[int, Lane], int] | None = None
        self.seconds = 0.0
        self.origin: tuple[Payload, int] | None = None

    @property
    def attempt(self) -> int:
        """Which attempt of the invocation this is."""
        return 1 if self.origin is None else self.origin[1]

    @property
    def opener(self) -> int:
        """What the branches are told apart from others' by: the task, or its complement where they were opened before its body ran."""
        return ~self.task if self.items is None and self.source is None else self.task

    @property
    def count(self) -> int:
        """Branches that are known to come: of a list all, of a generator those opened so far."""
        return self.opened if self.items is None else len(self.items)

    @property
    def remaining(self) -> int:
        """Branches that are known but not opened yet."""
        return self.count - self.opened


class Branch:
    """One payload's way behind a fan-out.

    Attributes:
        opening: the fan-out that opened it; None for the trunk.
        index: its place among the branches of that opening.
        joins: by task number, what waits at joins on this branch.
        gathers: by task number, the collects that gather what comes from an invocation on this branch.
    """

    __slots__ = ("gathers", "index", "joins", "opening")

    def __init__(self, opening: Opening | None = None, index: int = 0) -> None:
        self.opening = opening
        self.index = index
        self.joins: dict[int, JoinNode] | None = None
        self.gathers: dict[int, Gather] | None = None

    @property
    def parent(self) -> Branch | None:
        """The branch that this one was opened from; None for the trunk."""
        return None if self.opening is None else self.opening.branch

    def key(self) -> BranchKey:
        """Return what branches are ordered by."""
        steps = []
        branch = self
        while (opening := branch.opening) is not None:
            steps.append((opening.task, branch.index))
            branch = opening.branch
        return tuple(reversed(steps))

    def path(self, names: Sequence[str]) -> BranchPath:
        """Return the branch path, given the task names by number."""
        return tuple((names[task], index) for task, index in self.key())
