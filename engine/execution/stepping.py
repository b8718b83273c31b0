"""A coroutine that notes when it goes on and when it stops.

That is how the engine learns that a body waits, or hogs the loop, at no cost to bodies that never wait.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from engine.overriding import override

if TYPE_CHECKING:
    from types import TracebackType

    from engine.execution.worker import Worker

BLOCKING: Final = 0.1
"""Seconds after which a body that holds the loop is named."""


class Stepped(Coroutine[Any, Any, None]):
    """Wraps a worker's coroutine; asyncio drives it, and the worker hears of each step."""

    __slots__ = ("_coroutine", "_worker")

    def __init__(self, coroutine: Coroutine[Any, Any, None], worker: Worker) -> None:
        self._coroutine = coroutine
        self._worker = worker

    @override
    def send(self, value: Any) -> Any:  # what the worker's goes_on and stops do is spelled out: a tenth of the price of a body that waits
        worker = self._worker
        run = worker.run
        worker.resumed = now = perf_counter()
        run.watchdog.stepping = worker
        if not run.turn.is_open:
            run.turn.begin(now)
        waits_for = self._coroutine.send(value)
        run.watchdog.stepping = None
        if worker.is_busy and perf_counter() - now > BLOCKING:
            worker.look_for_blocking(perf_counter())
        if not worker.is_yielding and run.spare is None:
            run.ensure_runner()
        return waits_for

    @override
    def throw(self, typ: Any, val: Any = None, tb: TracebackType | None = None) -> Any:
        self._worker.goes_on()
        waits_for = self._coroutine.throw(typ if val is None else val)
        self._worker.stops()
        return waits_for

    @override
    def close(self) -> None:
        self._worker.is_closing = True
        self._coroutine.close()

    @override
    def __await__(self) -> Generator[Any, None, None]:
        return self._coroutine.__await__()
