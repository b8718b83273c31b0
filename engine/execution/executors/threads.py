"""Bodies in threads: for calls that block, in libraries that know no asyncio.

A thread cannot be killed, and one that computes slows the loop.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from contextvars import copy_context
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.execution.executors.body_host import BodyHost
from engine.execution.executors.pool import Seat
from engine.execution.executors.remote_context import InvocationFacts, RemoteContext
from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from engine.execution.executors.body_host import Batch, Outcome, Stream
    from engine.execution.executors.cluster_place import Place
    from engine.execution.invocation_context import InvocationContext
    from engine.tasks import Payload, TaskBody

    Request: TypeAlias = "tuple[asyncio.Future[Any] | None, Callable[[BodyHost], Any]]"

MOST_THREADS: Final = 32
LOST_AFTER: Final = 1.0
"""Seconds that a cancelled body may go on before another thread may take the place of its own."""

CLOSE_SECONDS: Final = 5.0


class ThreadLink:
    """What a body in a thread asks of its run."""

    def __init__(self, context: InvocationContext, loop: asyncio.AbstractEventLoop) -> None:
        self._context = context
        self._loop = loop
        self.is_cancelled = False

    @property
    def cancelled(self) -> bool:
        """True once the invocation, or the whole run, is being cancelled."""
        return self.is_cancelled or self._context.cancelled

    def output_folder(self) -> Path:
        """Return the run's output folder, made if it was not yet."""
        return self._context.output_folder

    def claim(self, relative: str) -> None:
        """See to it that no other invocation of the run writes the file."""
        self._context.new_output_path(relative)

    def report_progress(self, fraction: float, text: str) -> None:
        """Pass on how far the invocation is."""
        with suppress(RuntimeError):  # the loop is closed: the body was left behind
            self._loop.call_soon_threadsafe(self._context.report_progress, fraction, text)

    def dask_place(self) -> Future[Place]:
        """Ask where the run's dask scheduler is."""
        return asyncio.run_coroutine_threadsafe(self._context.dask_place(), self._loop)


class ThreadSeat(Seat["TaskBody"]):
    """A thread with an event loop of its own, on which it drives one body after another.

    Args:
        drop: called once its body does not end although it was cancelled.
    """

    def __init__(self, drop: Callable[[ThreadSeat], None]) -> None:
        super().__init__()
        self._drop = drop
        self._requests: SimpleQueue[Request | None] = SimpleQueue()
        self._host: BodyHost | None = None
        self._link: ThreadLink | None = None
        self._losing: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[list[str]] = self.loop.create_future()
        # a daemon: a process that leaves does not wait for bodies that do not end
        threading.Thread(target=self._serve, name="ephemeral-body", daemon=True).start()

    @override
    async def prepare(self, body: TaskBody, context: InvocationContext) -> None:
        """It is there: it was built with the job."""

    @override
    async def call(self, body: TaskBody, context: InvocationContext, payload: Payload) -> Outcome:
        self._link = link = ThreadLink(context, self.loop)
        facts = InvocationFacts.of(context)
        variables = copy_context()
        outcome: Outcome = await self._ask(lambda host: host.call(body, payload, RemoteContext(facts, link, host).enter(variables)))
        return outcome

    @override
    async def pull(self, stream: Stream, most: int) -> Batch:
        batch: Batch = await self._ask(lambda host: host.pull(stream, most))
        return batch

    @override
    def close_stream(self, stream: Stream) -> None:
        self._requests.put((None, lambda host: host.close_stream(stream)))

    @override
    async def close(self) -> list[str]:
        self._requests.put(None)
        if self.is_busy:
            return []  # its body was named as left behind
        await asyncio.wait([self._ended], timeout=CLOSE_SECONDS)
        return self._ended.result() if self._ended.done() else ["a thread did not end when the run did"]

    @override
    def _cancel(self) -> None:
        if self._link is not None:
            self._link.is_cancelled = True
        if self._host is not None:
            self._host.cancel()
        if self._losing is None:
            self._losing = self.loop.call_later(LOST_AFTER, self._drop, self)

    async def _ask(self, request: Callable[[BodyHost], Any]) -> Any:
        answer: asyncio.Future[Any] = self.loop.create_future()
        self._requests.put((answer, request))
        try:
            return await self._answered(answer)
        finally:
            if self._losing is not None:
                self._losing.cancel()
                self._losing = None
            if self.is_lost:
                self._requests.put(None)

    # In the thread

    def _serve(self) -> None:
        self._host = host = BodyHost()
        while (request := self._requests.get()) is not None:
            future, work = request
            try:
                answer = work(host)
            except BaseException as error:  # noqa: BLE001  the loop of this thread was closed by a body, or worse
                self._tell(self._break, future, error)
                return
            if future is not None:
                self._tell(_settle, future, answer)
            del request, work, answer  # or they would be held until the next comes
        self._host = None
        self._tell(_settle, self._ended, host.close())

    def _tell(self, hear: Callable[..., None], *what: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed: the body was left behind
            self.loop.call_soon_threadsafe(hear, *what)

    # On the run's loop

    def _break(self, future: asyncio.Future[Any] | None, error: BaseException) -> None:
        self._drop(self)
        _settle(self._ended, [])
        if future is not None and not future.done():
            future.set_exception(RuntimeError(f"the thread of this body broke: {error}"))


def _settle(future: asyncio.Future[Any], answer: Any) -> None:
    if not future.done():
        future.set_result(answer)
