"""Fair shares of the event loop: all workers of one turn of it get one time slice together, so that it never stands for long."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

SLICE = 0.002
"""Seconds of task bodies and engine work in one turn of the loop."""


class Turn:
    """The slice of the present turn.

    Attributes:
        ends: on the clock of ``perf_counter``, when the slice is used up.
    """

    __slots__ = ("_is_open", "_loop", "ends")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._is_open = False
        self.ends = 0.0

    def begin(self, now: float) -> None:
        """Note that a worker goes on: the first of a turn begins the slice that all others of the turn share."""
        if not self._is_open:
            self._is_open = True
            self.ends = now + SLICE
            self._loop.call_soon(self._end)

    def _end(self) -> None:
        self._is_open = False


def now() -> float:
    """Return the time on the clock that turns, durations and deadlines are measured by; it never jumps."""
    return perf_counter()
