"""What a dask worker holds for one run, and its end: when the run says so, or when the scheduler says that the run is gone.

A cluster may serve several runs at once, and outlives them; a run that is killed says nothing.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

from engine.execution.executors.host_thread import HostThread
from engine.execution.executors.this_worker import this_worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from engine.execution.executors.body_host import Stream
    from engine.execution.executors.topic_link import Request, RunName, TopicLink

T = TypeVar("T")

REMEMBERED: Final = 10_000
"""How many cancelled calls are remembered that had not come to this worker."""

BETWEEN_LOOKS: Final = 3.0
"""Seconds between two questions whether a run is still there."""

CANCEL_AGAIN: Final = 0.5
GRACE: Final = 5.0
"""Seconds that bodies of a run that is gone get to end, before the worker's log names them."""

_log = logging.getLogger(__name__)


class RunOnWorker:
    """Threads with what bodies opened in them, bodies that run, and generators.

    Attributes:
        streams: generators by name, each with the thread that it lives in.
        watch: what looks whether the run is still there.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: list[HostThread] = []
        self._links: dict[str, TopicLink] = {}
        self._running: dict[str, HostThread] = {}
        self._cancelled: dict[str, None] = {}
        self.streams: dict[str, tuple[HostThread, Stream]] = {}
        self.watch: Future[None] | None = None

    @property
    def running(self) -> list[str]:
        """Names of the calls whose bodies run."""
        with self._lock:
            return list(self._running)

    def free_thread(self) -> HostThread:
        """Take a thread, a new one where all are taken."""
        with self._lock:
            for thread in self._threads:
                if thread.free.acquire(blocking=False):
                    return thread
            thread = HostThread()
            thread.free.acquire()
            self._threads.append(thread)
            return thread

    def watched(self, request: Request, link: TopicLink, thread: HostThread, work: Callable[[], T]) -> T:
        """Do something in a thread that was taken, so that it can be cancelled meanwhile."""
        with self._lock:
            is_cancelled = request.id in self._cancelled
            self._running[request.id] = thread
            self._links[request.id] = link
        try:
            if is_cancelled:
                link.cancel()
                threading.Timer(0.0, self.cancel, [request.id]).start()  # once it runs
            return thread.run(work)
        finally:
            with self._lock:
                del self._running[request.id]
                del self._links[request.id]
                self._cancelled.pop(request.id, None)
            thread.free.release()

    def keep(self, name: str, thread: HostThread, stream: Stream, link: TopicLink) -> None:
        """Keep a generator, and listen for answers to it."""
        self.streams[name] = thread, stream
        self._links[name] = link

    def forget(self, name: str) -> None:
        """Let go of a generator."""
        self.streams.pop(name, None)
        self._links.pop(name, None)

    def link_of(self, name: str) -> TopicLink | None:
        """Return the link of a call, or of a generator."""
        return self._links.get(name)

    def cancel(self, name: str) -> None:
        """Cancel a call, wherever it is: here, on another worker, or on its way."""
        with self._lock:
            thread = self._running.get(name)
            if thread is None:
                self._cancelled[name] = None
                while len(self._cancelled) > REMEMBERED:
                    del self._cancelled[next(iter(self._cancelled))]
                return
        link = self._links.get(name)
        if link is not None:
            link.cancel()
        thread.host.cancel()

    def close_stream(self, name: str) -> None:
        """Close a generator before its end, as soon as its thread is free."""
        found = self.streams.get(name)
        if found is not None:
            thread, stream = found
            self.forget(name)
            close = functools.partial(thread.run, lambda: thread.host.close_stream(stream))
            threading.Thread(target=close, name="ephemeral-close", daemon=True).start()

    def end(self) -> None:
        """Close what bodies opened here. Threads whose bodies do not end are left to themselves."""
        with self._lock:
            threads, self._threads[:] = self._threads[:], []
            self.streams.clear()
        for thread in threads:
            thread.close()

    def give_up(self) -> None:
        """Nobody waits for anything any more: close generators, cancel bodies."""
        for link in list(self._links.values()):
            link.give_up()
        for name in list(self.streams):
            self.close_stream(name)
        for name in self.running:
            self.cancel(name)


_runs: dict[RunName, RunOnWorker] = {}
_lock = threading.Lock()


def held_for(name: RunName) -> RunOnWorker:
    """Return what this worker holds for a run; from the first time on the run is watched."""
    with _lock:
        run = _runs.get(name)
        if run is None:
            run = _runs[name] = RunOnWorker()
            run.watch = asyncio.run_coroutine_threadsafe(_watch(name, run), this_worker().loop.asyncio_loop)
        return run


def end(name: RunName) -> None:
    """The run has ended."""
    with _lock:
        run = _runs.pop(name, None)
    if run is not None:
        run.end()


async def _watch(name: RunName, run: RunOnWorker) -> None:
    """End what is held for a run once its client is gone."""
    while run is _runs.get(name):
        await asyncio.sleep(BETWEEN_LOOKS)
        if await _is_gone(name.client):
            with _lock:
                _runs.pop(name, None)
            await _give_up(name, run)


async def _give_up(name: RunName, run: RunOnWorker) -> None:
    run.give_up()
    run.end()
    rounds = 0
    while running := run.running:
        await asyncio.sleep(CANCEL_AGAIN)
        run.give_up()
        rounds += 1
        if rounds * CANCEL_AGAIN == GRACE:
            _log.warning(
                "%s is gone; %s of its bodies would not end when cancelled and keep a thread of this worker each", name.topic, len(running)
            )


async def _is_gone(client: str) -> bool:
    """Ask the scheduler whether a client has left it; False where it does not say: a worker ends with its scheduler."""
    try:
        events: Any = await this_worker().scheduler.events(topic=client)
    except Exception:  # noqa: BLE001  as the docstring says
        return False
    actions = [said.get("action") for _, said in events if isinstance(said, dict)]
    return actions[-1:] == ["remove-client"]
