"""Fair shares of the event loop: all workers of one turn of it get one time slice together, so that it never stands for long."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

SLICE = 0.002
"""Seconds of task bodies and engine work in one turn of the loop."""


class Turn:
    """The slice of the present turn.

    Attributes:
        is_open: a worker has gone on in this turn.
        ends: on the clock of ``perf_counter``, when the slice is used up.
    """

    __slots__ = ("_loop", "ends", "is_open")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.is_open = False
        self.ends = 0.0

    def begin(self, now: float) -> None:
        """Begin the slice, as the first worker that goes on in a turn does; all others of the turn share it."""
        self.is_open = True
        self.ends = now + SLICE
        self._loop.call_soon(self._end)

    def _end(self) -> None:
        self.is_open = False
