"""One watchdog over the start times of all bodies that have a time limit, in place of a timer for each."""

from __future__ import annotations

import math
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

NEVER = math.inf


class Timed(Protocol):
    """Something with a deadline on the clock of ``perf_counter``."""

    deadline: float

    def overdue(self) -> None:
        """The deadline has passed; it must set a new one, or none."""


class Deadlines:
    """Wakes up when the earliest deadline passes."""

    def __init__(self, loop: asyncio.AbstractEventLoop, watched: Callable[[], Iterable[Timed]]) -> None:
        self._loop = loop
        self._watched = watched
        self._timer: asyncio.TimerHandle | None = None
        self._due = NEVER

    def expect(self, deadline: float) -> None:
        """See to it that the deadline is noticed."""
        if deadline < self._due:
            self._arm(deadline)

    def stop(self) -> None:
        """Forget all deadlines."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._due = NEVER

    def _arm(self, deadline: float) -> None:
        self.stop()
        self._due = deadline
        self._timer = self._loop.call_later(max(0.0, deadline - perf_counter()), self._look)

    def _look(self) -> None:
        self.stop()
        now = perf_counter()
        for each in tuple(self._watched()):
            if each.deadline <= now:
                each.overdue()
        earliest = min((each.deadline for each in self._watched()), default=NEVER)
        if earliest < NEVER:
            self.expect(earliest)
