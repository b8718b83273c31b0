"""What task bodies open for the whole run: opened by the first who asks, closed in reverse order when the run ends, however it ends."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    Opener = Callable[[], AbstractAsyncContextManager[Any]]

_log = logging.getLogger(__name__)


class Resources:
    """The open resources of one run.

    Each is opened and closed by a task of its own, because what was entered in one asyncio task must be left in the same one, and
    because the body that asked first may be cancelled while others wait for the same resource.
    """

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}

    async def get(self, name: str, opener: Opener) -> Any:
        """Return the resource of that name, opening it where nobody has yet; all who ask meanwhile wait for the same opening.

        A cancelled wait leaves the opening going on for the others. Raises what the opener raised, to all who waited; the next who
        asks tries anew.
        """
        held = self._held.get(name)
        if held is None:
            held = self._held[name] = _Held(opener)
        try:
            return await held.value()
        except BaseException:
            if held.has_failed and self._held.get(name) is held:
                del self._held[name]
            raise

    async def close(self) -> list[str]:
        """Close everything, the latest opened first, and return in words what could not be closed. Not to be cancelled midway."""
        complaints = []
        while self._held:
            name, held = self._held.popitem()
            error = await held.close()
            if error is not None:
                _log.warning("the resource %s could not be closed", name, exc_info=error)
                complaints.append(f"the resource {name} could not be closed: {type(error).__name__}")
        return complaints


class _Held:
    """One resource and the task that holds it open."""

    def __init__(self, opener: Opener) -> None:
        loop = asyncio.get_running_loop()
        self._opener = opener
        self._opened: asyncio.Future[Any] = loop.create_future()
        self._released = asyncio.Event()
        self._task = loop.create_task(self._hold())  # owned here: close() waits for its end

    @property
    def has_failed(self) -> bool:
        return self._opened.done() and not self._opened.cancelled() and self._opened.exception() is not None

    async def value(self) -> Any:
        if not self._opened.done():
            await asyncio.wait([self._opened])  # unlike awaiting the future, being cancelled here does not cancel it for others
        return self._opened.result()

    async def close(self) -> BaseException | None:
        self._released.set()
        if not self._opened.done():
            self._task.cancel()
        await asyncio.wait([self._task])
        if self._task.cancelled():
            return None
        return self._task.exception()

    async def _hold(self) -> None:
        try:
            async with self._opener() as value:
                self._opened.set_result(value)
                await self._released.wait()
        except BaseException as error:
            if self._opened.done():
                raise
            self._opened.set_exception(error if isinstance(error, Exception) else RuntimeError(f"not opened: {type(error).__name__}"))
            self._opened.exception()  # seen: nobody may be waiting any more
