"""Looks after the memory of worker processes: before the machine runs out of it, the greediest worker is killed, and says why."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from engine.execution import memory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.execution.executors.processes import ProcessSeat

BETWEEN_LOOKS: Final = 0.1
"""Seconds between two looks; one look at two workers takes about 0.1 ms."""

MOST: Final = 0.95
"""Share of what the workers could have at most, together, that they may hold."""


class WorkerMemory:
    """Looks at the workers of a run from time to time, from the first one on.

    Args:
        seats: returns the workers that there are.
    """

    def __init__(self, seats: Callable[[], Sequence[ProcessSeat]]) -> None:
        self._seats = seats
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(BETWEEN_LOOKS, self._look)

    def stop(self) -> None:
        """Look no more."""
        self._next.cancel()

    def _look(self) -> None:
        self._next = self._loop.call_later(BETWEEN_LOOKS, self._look)
        held = {seat: memory.held_by(process) for seat in self._seats() if (process := seat.process_id) is not None}
        total, spare = sum(held.values()), memory.spare()
        if total > MOST * (total + spare):
            greediest = max(held, key=lambda seat: held[seat])
            greediest.end_for(f"it held {memory.size_text(held[greediest])} when {memory.size_text(spare)} were left")
