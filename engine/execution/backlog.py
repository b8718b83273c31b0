"""What could run and does not yet: what is ready, what waits at the limit of its task, and fan-outs that hold back because of that."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias

from engine.execution.branches import Branch, Opening, Stream
from engine.execution.plan import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.execution.plan import Plan
    from engine.tasks import Payload

Invocation: TypeAlias = tuple[int, Branch, "Payload", int]
"""One call to make: task number, branch, payload, attempt."""


class Backlog:
    """The stack of what is ready, and what comes back to it later.

    Attributes:
        ready: what can start, the next one last: invocations, and fan-outs that have branches left to open.
        crowd: how many invocations wait at a limit of their task or for a retry; where they are many, fan-outs before them hold back.
    """

    def __init__(self, plan: Plan, ready: list[Invocation | Opening]) -> None:
        self.ready = ready
        self.crowd = 0
        self._plan = plan
        self._held: list[Opening] = []
        self._waiting: dict[int, deque[Invocation]] = {}
        self._running: dict[int, int] = {}

    @property
    def waits(self) -> bool:
        """True where something waits for others to end."""
        return bool(self._held or any(self._waiting.values()))

    def startable(self, most: int) -> int:
        """Return how much is ready to start at once, up to so much; what a generator will give counts as nothing."""
        if most <= 1 or not self.ready:
            return most
        last = self.ready[-1]
        known = 0 if isinstance(last, tuple) else last.remaining - 1
        return min(most, len(self.ready) + known)

    # Limits of tasks

    def admit(self, invocation: Invocation) -> bool:
        """Return whether the task's own limit lets the invocation start; else it waits, and is ready when its turn is there."""
        task = invocation[0]
        limit = self._plan.policies[task].max_concurrent
        if limit is None:
            return True
        running = self._running.get(task, 0)
        if running >= limit:
            self._waiting.setdefault(task, deque()).append(invocation)
            self.crowd += 1
            return False
        self._running[task] = running + 1
        return True

    def leave(self, task: int) -> None:
        """Give back what ``admit`` took: the body is no longer running."""
        if self._plan.policies[task].max_concurrent is None:
            return
        self._running[task] -= 1
        waiting = self._waiting.get(task)
        if waiting:
            self.ready.append(waiting.popleft())
            self.thin_out()

    def holds_back(self, opening: Opening) -> bool:
        """Return whether the fan-out, the next that is ready, has to wait until fewer invocations wait behind it."""
        if self.crowd < self._plan.max_concurrent or not self._plan.gated[opening.task]:
            return False
        self._held.append(opening)
        del self.ready[-1]
        return True

    def thin_out(self) -> None:
        """One fewer invocation waits at a limit or for a retry: fan-outs may open branches again."""
        self.crowd -= 1
        if self._held and self.crowd < self._plan.max_concurrent:
            self.ready[0:0] = self._held
            self._held.clear()

    # What is in it

    def queued(self) -> list[int]:
        """Return by task number how many invocations are known and have not started."""
        queued = [0] * len(self._plan.names)
        for task, _, _, _ in self.invocations():
            queued[task] += 1
        for opening in self.lists():
            for target in self._plan.targets[opening.task]:
                if target.entry is Entry.PLAIN:
                    queued[target.task] += opening.remaining
        return queued

    def lists_open(self) -> list[int]:
        """Return by task number how many lists have branches left to open."""
        left = [0] * len(self._plan.names)
        for opening in self.lists():
            left[opening.task] += 1
        return left

    def invocations(self) -> Iterator[Invocation]:
        """Walk all invocations that have not started."""
        for item in self.ready:
            if isinstance(item, tuple):
                yield item
        for waiting in self._waiting.values():
            yield from waiting

    def lists(self) -> Iterator[Opening]:
        """Walk the lists that have branches left to open."""
        for item in (*self.ready, *self._held):
            if not isinstance(item, tuple | Stream):
                yield item

    def clear(self) -> None:
        """Forget all."""
        self.ready.clear()
        self._held.clear()
        self._waiting.clear()
        self.crowd = 0
