"""Bodies on the event loop itself: called as they are, so that this executor costs nothing."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.tasks import Payload, TaskBody, TaskResult


def on_loop(body: TaskBody) -> TaskBody:
    """Return what a worker awaits for one invocation: the body, and around one that yields, a coroutine that returns its generator."""
    if not inspect.isasyncgenfunction(body):
        return body

    async def run_task(payload: Payload) -> TaskResult:
        generator: Any = body(payload)
        return generator  # type: ignore[no-any-return]  # calling an async def that yields gives an async generator

    return run_task
