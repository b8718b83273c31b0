"""The owner of the window's coroutines."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class Background:
    """Starts coroutines from Qt slots, keeps them, reports what they raise and cancels them in the end.

    Args:
        report: is given every exception that a coroutine ends with.
    """

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Run the coroutine on the running event loop; where none runs that is reported."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError as error:
            coroutine.close()
            self._report(error)
            return
        task = loop.create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._ended)

    def cancel(self) -> None:
        """Cancel what still runs."""
        for task in tuple(self._running):
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._report(error)
