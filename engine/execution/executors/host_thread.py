"""Threads of a dask worker that call bodies, each beside an event loop of its own; what dask calls waits for them."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from engine.execution.executors.body_host import BodyHost

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class HostThread:
    """A thread that calls bodies, one at a time."""

    def __init__(self) -> None:
        self.free = threading.Lock()
        self.host: BodyHost
        self._news: SimpleQueue[str] = SimpleQueue()
        self._work: SimpleQueue[tuple[Callable[[], Any], Future[Any]] | None] = SimpleQueue()
        started: Future[None] = Future()
        threading.Thread(target=self._serve, args=(started,), name="ephemeral-body", daemon=True).start()
        started.result()

    def run(self, work: Callable[[], T]) -> T:
        """Do something in the thread and wait for its end."""
        done: Future[T] = Future()
        done.add_done_callback(lambda _: self._news.put("done"))
        self._work.put((work, done))
        while self._news.get() == "aside":
            _secede()
        return done.result()

    def step_aside(self) -> None:
        """Let dask run other tasks in the place of this one, which will wait for some of them."""
        self._news.put("aside")

    def close(self) -> None:
        """End the thread as soon as it is free, its resources closed."""
        self._work.put(None)

    def _serve(self, started: Future[None]) -> None:
        self.host = BodyHost()
        started.set_result(None)
        while (item := self._work.get()) is not None:
            work, done = item
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001  whoever waits must hear of it
                done.set_exception(error)
            del item, work, done
        self.host.close()


def _secede() -> None:
    from distributed import secede  # noqa: PLC0415  it is there already: this runs on a worker

    with suppress(Exception):  # it has seceded before
        secede()  # type: ignore[no-untyped-call]  # distributed is typed in part
