"""Waits before retries: each on a timer of its own, all of them to be frozen and thawed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from engine.execution.backlog import Invocation


class Retries:
    """The invocations that wait for their next attempt."""

    def __init__(self, loop: asyncio.AbstractEventLoop, retry: Callable[[Invocation], None]) -> None:
        self._loop = loop
        self._retry = retry
        self._timers: dict[int, tuple[Invocation, asyncio.TimerHandle]] = {}
        self._frozen: list[tuple[Invocation, float]] | None = None
        self._last = 0

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._timers or self._frozen)

    def add(self, invocation: Invocation, delay: float) -> None:
        """Hand the invocation back after so many seconds that were not frozen."""
        if self._frozen is not None:
            self._frozen.append((invocation, delay))
            return
        self._last += 1
        self._timers[self._last] = (invocation, self._loop.call_later(delay, self._due, self._last))

    def freeze(self) -> None:
        """Let no time pass until thawed."""
        now = self._loop.time()
        if self._frozen is None:
            self._frozen = [(invocation, max(0.0, timer.when() - now)) for invocation, timer in self._timers.values()]
            self._drop_timers()

    def thaw(self) -> None:
        """Let time pass again."""
        frozen, self._frozen = self._frozen or [], None
        for invocation, delay in frozen:
            self.add(invocation, delay)

    def stop(self) -> list[Invocation]:
        """Forget all and return what was waiting."""
        left = [invocation for invocation, _ in self._timers.values()] + [invocation for invocation, _ in self._frozen or ()]
        self._drop_timers()
        self._frozen = None
        return left

    def _drop_timers(self) -> None:
        for _, timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _due(self, number: int) -> None:
        invocation, _ = self._timers.pop(number)
        self._retry(invocation)
