"""Calling bodies, and asking generators, on an event loop of its own: in a thread, in a worker process, on a dask worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from engine.execution import pulling
from engine.execution.executors.remote_context import RemoteContext
from engine.execution.outcome import check_payload, flaw_of, is_generator
from engine.execution.resources import Resources
from engine.tasks import _context

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from contextvars import Context

    from engine.tasks import Payload, TaskBody

T = TypeVar("T")

BATCH_SECONDS = 0.02
"""How long a generator is asked for more items before those that came are sent on."""


@dataclass(slots=True)
class Outcome:
    """How a call ended: ``error``, else ``stream`` for a generator, else a checked ``result``.

    The stream is a ``Stream`` beside the generator, and whatever names it elsewhere.
    """

    result: Payload | list[Payload] | None = None
    error: BaseException | None = None
    stream: Any = None


@dataclass(slots=True)
class Stream:
    """A generator that a body returned, between two requests for items."""

    source: Any
    context: Context
    opened: int = 0


@dataclass(slots=True)
class Batch:
    """Items of a generator, and how it ended if it did: ``error`` comes after the items. ``size`` in bytes, where they were sent."""

    items: list[Payload]
    is_last: bool = False
    error: BaseException | None = None
    size: int = 0


class BodyHost:
    """Calls one body at a time on an event loop of its own, in the thread that it was made in; ``cancel`` may come from any thread."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._loop = self._runner.get_loop()
        self._running: asyncio.Task[Any] | None = None
        self.resources = Resources()

    def call(self, body: TaskBody, payload: Payload, context: Context) -> Outcome:
        """Call a body and wait for its end; whatever it raises is in the outcome."""
        return self._run(_call(body, payload, context), context)

    def pull(self, stream: Stream, most: int) -> Batch:
        """Ask a generator for items: at least one where there is one, and no more once that takes time."""
        return self._run(_pull(stream, most), stream.context)

    def close_stream(self, stream: Stream) -> None:
        """Close a generator before its end."""
        self._run(pulling.close_source(stream.source), stream.context)

    def cancel(self) -> None:
        """Cancel what is being waited for at this moment; a body that computes does not hear of it."""
        running = self._running
        if running is not None:
            with suppress(RuntimeError):  # the loop is closed by now
                self._loop.call_soon_threadsafe(running.cancel)

    def close(self) -> list[str]:
        """Close the resources that bodies opened here, and the loop; return in words what could not be closed."""
        try:
            return self._loop.run_until_complete(self.resources.close())
        finally:
            self._runner.close()

    def _run(self, coroutine: Coroutine[Any, Any, T], context: Context) -> T:
        self._running = task = self._loop.create_task(coroutine, context=context)
        try:
            while not task.done():
                self._go_on(task)
            return task.result()
        finally:
            self._running = None
            here = context.get(_context)
            if isinstance(here, RemoteContext):
                here.pass_on_progress()

    def _go_on(self, task: asyncio.Task[Any]) -> None:
        """Run the loop until the task is done, or until something that an earlier body left behind stops it."""
        try:
            self._loop.run_until_complete(task)
        except (SystemExit, KeyboardInterrupt, RuntimeError):
            if self._loop.is_closed():
                raise


async def _call(body: TaskBody, payload: Payload, context: Context) -> Outcome:
    try:
        result: Any = await body(payload)
        flaw = await flaw_of(result)
    except BaseException as error:  # noqa: BLE001  a body may raise anything; it is its run that must know
        return Outcome(error=error)
    if flaw is not None:
        return Outcome(error=flaw)
    return Outcome(stream=Stream(result, context)) if is_generator(result) else Outcome(result)


async def _pull(stream: Stream, most: int) -> Batch:
    batch = Batch([])
    ends = perf_counter() + BATCH_SECONDS
    try:
        while len(batch.items) < most:
            batch.items.append(await _ask(stream))
            stream.opened += 1
            if perf_counter() > ends:
                break
    except StopAsyncIteration:
        batch.is_last = True
    except BaseException as error:  # noqa: BLE001  a generator may raise anything
        batch.error = error
        batch.is_last = True
        await pulling.close_source(stream.source)
    return batch


async def _ask(stream: Stream) -> Payload:
    try:
        item: Payload = await anext(stream.source) if isinstance(stream.source, AsyncIterator) else next(stream.source)
    except StopIteration:
        raise StopAsyncIteration from None
    check_payload(item, f"result[{stream.opened}]")
    return item
