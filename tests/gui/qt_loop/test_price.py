"""The event loop costs on Qt what it costs on plain asyncio."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from ephemeral_gui.qt_loop import EventLoop

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtWidgets import QApplication

CALLS = 50_000
MOST = 1.3
"""Times the price on asyncio's own loop."""


async def burst() -> float:
    """Seconds of this thread (another process may hold the core) for callbacks that are all asked for at once."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    start = time.thread_time()
    for _ in range(CALLS - 1):
        loop.call_soon(int)
    loop.call_soon(done.set_result, None)
    await done
    return time.thread_time() - start


async def chain() -> float:
    """Seconds of this thread for awaits one after the other."""
    start = time.thread_time()
    for _ in range(CALLS):
        await asyncio.sleep(0)
    return time.thread_time() - start


@pytest.mark.parametrize("work", [burst, chain])
def test_that_callbacks_and_awaits_cost_what_they_cost_on_asyncio(qapp: QApplication, work: Callable[[], Awaitable[float]]) -> None:
    async def best_of_rounds() -> float:
        return min([await work() for _ in range(3)])

    ratios = []
    for _ in range(5):  # rounds that alternate, and the best of them: another process may hold a core
        with asyncio.Runner() as plain:
            price = plain.run(best_of_rounds())
        with asyncio.Runner(loop_factory=lambda: EventLoop(qapp)) as on_qt:
            ratios.append(on_qt.run(best_of_rounds()) / price)
        if ratios[-1] <= MOST:
            return
    pytest.fail(f"the price on Qt is {min(ratios):.2f} times that on asyncio")
