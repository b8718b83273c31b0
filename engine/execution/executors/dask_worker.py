"""What a dask worker does for a run: it calls bodies, asks generators that live on it, and hears what the run wants meanwhile.

Bodies run in threads of their own, each beside an event loop of its own; what dask calls waits for them. ``call`` and ``pull`` are dask
tasks; ``cancel``, ``answer``, ``close_stream``, ``make_way`` and ``end`` are called on the worker's event loop, between everything else;
``kill_worker`` in the process of its nanny.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from concurrent.futures import Future
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from engine.errors import OutputError
from engine.execution import log_records
from engine.execution.describing import told
from engine.execution.executors.body_host import Batch, BodyHost, Outcome, Stream
from engine.execution.executors.body_reference import BodyReference, load_referenced, prepare_import
from engine.execution.executors.local_cluster import CREDENTIALS, Place
from engine.execution.executors.remote_context import InvocationFacts, RemoteContext
from engine.execution.executors.wire import CannotSendError, packed, unpacked
from engine.execution.log_records import TASK_LOGGER
from engine.overriding import override
from engine.tasks import _context

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

THE_RUN = "the process of the run"
REMEMBERED = 10_000
"""How many cancelled calls are remembered that had not come to this worker."""

HEARD_SECONDS = 30.0
"""Most time that a call waits until the scheduler knows that it begins."""


@dataclass(frozen=True, slots=True)
class Request:
    """What comes with every call.

    Attributes:
        id: names the call.
        topic: what the run listens to.
        log_level: the level below which the run wants no records of tasks.
    """

    id: str
    topic: str
    log_level: int


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


class TopicLink:
    """The link from a body to its run: words to a topic of the scheduler's, and answers by a call."""

    def __init__(self, request: Request, thread: HostThread) -> None:
        self._request = request
        self._thread = thread
        self._cancelled = False
        self._folder: Future[str] = Future()
        self._has_asked = False

    @property
    def cancelled(self) -> bool:
        """Whether the invocation is to end."""
        return self._cancelled

    def cancel(self) -> None:
        """Let the body know, if it asks."""
        self._cancelled = True

    def output_folder(self) -> Path:
        """Ask the run for its output folder."""
        if not self._has_asked:
            self._has_asked = True
            self.say("folder")
        return Path(self._folder.result())

    def answer(self, folder: str, flaw: str | None) -> None:
        """The run says where the folder is, or why there is none."""
        if flaw is None:
            self._folder.set_result(folder)
        else:
            self._folder.set_exception(OutputError(folder, flaw))

    def report_progress(self, fraction: float, text: str) -> None:
        """Pass on how far the invocation is."""
        self.say("progress", fraction, text)

    def dask_place(self) -> Future[Place]:
        """Return where the scheduler of this worker is: the run's own. From now on the body does not hold the place of others."""
        worker = _worker()
        found: Future[Place] = Future()
        credentials = {name: value for name in CREDENTIALS if (value := getattr(worker.security, name))}
        found.set_result(Place(worker.scheduler.address, credentials if len(credentials) == len(CREDENTIALS) else {}))
        self._thread.step_aside()
        return found

    def say(self, kind: str, *words: Any) -> None:
        """Tell the run something."""
        with suppress(Exception):  # the scheduler is gone: so is the run
            _worker().log_event(self._request.topic, self._message(kind, words))

    def begin(self) -> None:
        """Tell the run that the call begins here, and wait until the scheduler knows: the body may be the end of this process."""
        worker = _worker()
        asking = worker.scheduler.log_event(topic=self._request.topic, msg=self._message("started", (worker.address,)))
        with suppress(Exception):  # as above
            asyncio.run_coroutine_threadsafe(asking, worker.loop.asyncio_loop).result(HEARD_SECONDS)

    def _message(self, kind: str, words: tuple[Any, ...]) -> dict[str, Any]:
        return {"id": self._request.id, "kind": kind, "words": words}


_threads: list[HostThread] = []
_links: dict[str, TopicLink] = {}
_running: dict[str, HostThread] = {}
_streams: dict[str, tuple[HostThread, Stream]] = {}
_cancelled: dict[str, None] = {}
_lock = threading.Lock()


def call(request: Request, sent: bytes) -> tuple[bytes | None, str | None, Exception | None]:
    """Call a body; return its packed result, the name of its generator, or its error."""
    try:
        reference, facts, data = unpacked(sent, "payload")
        prepare_import(reference)
        body = load_referenced(reference)
        payload = unpacked(data, "payload")
    except BaseException as error:  # noqa: BLE001  importing task code may raise anything
        return None, None, told(error)
    thread = _free_thread()
    link = TopicLink(request, thread)
    context = RemoteContext(facts, link, thread.host).enter(Context())
    outcome = _watched(request, link, thread, link.begin, lambda: thread.host.call(body, payload, context))
    if outcome.stream is not None:
        _streams[request.id] = thread, outcome.stream
        _links[request.id] = link
        return None, request.id, None
    return _reply(outcome)


def pull(request: Request, name: str, most: int) -> tuple[list[bytes], bool, Exception | None]:
    """Ask a generator for items."""
    found = _streams.get(name)
    if found is None:
        return [], True, told(LookupError("the generator is no longer there"))
    thread, stream = found
    thread.free.acquire()
    begins = TopicLink(request, thread)
    batch: Batch = _watched(
        request, _links[name], thread, lambda: begins.say("started", _worker().address), lambda: thread.host.pull(stream, most)
    )
    items: list[bytes] = []
    try:
        items.extend(packed(item, f"result[{stream.opened - len(batch.items) + index}]", THE_RUN) for index, item in enumerate(batch.items))
    except CannotSendError as flaw:
        batch.error, batch.is_last = flaw, True
    if batch.is_last:
        _forget(name)
    return items, batch.is_last, None if batch.error is None else told(batch.error)


def cancel(name: str) -> None:
    """Cancel a call, wherever it is: on this worker, on another, or on its way."""
    with _lock:
        thread = _running.get(name)
        if thread is None:
            _cancelled[name] = None
            while len(_cancelled) > REMEMBERED:
                del _cancelled[next(iter(_cancelled))]
            return
    link = _links.get(name)
    if link is not None:
        link.cancel()
    thread.host.cancel()


def answer(name: str, folder: str, flaw: str | None) -> None:
    """Pass on what the run answers."""
    link = _links.get(name)
    if link is not None:
        link.answer(folder, flaw)


def close_stream(name: str) -> None:
    """Close a generator before its end, as soon as its thread is free."""
    found = _streams.get(name)
    if found is not None:
        thread, stream = found
        _forget(name)
        threading.Thread(target=lambda: thread.run(lambda: thread.host.close_stream(stream)), name="ephemeral-close", daemon=True).start()


def kill_worker(dask_worker: Any) -> None:
    """End a worker at once, by its nanny: a body does not end, and may keep the worker from hearing. The nanny starts a new one."""
    _kill(dask_worker.pid)


def make_way() -> None:
    """End this process if it is paused for want of memory although nothing runs or is kept here: what fills it will not leave it."""
    worker = _worker()
    if worker.status.name == "paused" and not (worker.state.executing or worker.state.long_running or worker.data):
        _kill(os.getpid())


def _kill(pid: int | None) -> None:
    if pid is not None:
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def end() -> None:
    """The run has ended: close what bodies opened here. Threads whose bodies do not end are left to themselves."""
    with _lock:
        threads, _threads[:] = _threads[:], []
        _streams.clear()
        _links.clear()
        _cancelled.clear()
    for thread in threads:
        thread.close()


def _free_thread() -> HostThread:
    with _lock:
        for thread in _threads:
            if thread.free.acquire(blocking=False):
                return thread
        thread = HostThread()
        thread.free.acquire()
        _threads.append(thread)
        return thread


def _watched(request: Request, link: TopicLink, thread: HostThread, announce: Callable[[], None], work: Callable[[], T]) -> T:
    """Do something in a thread that was taken, so that it can be cancelled meanwhile; the run is told first."""
    _forward_records(request)
    announce()
    with _lock:
        is_cancelled = request.id in _cancelled
        _running[request.id] = thread
        _links[request.id] = link
    try:
        if is_cancelled:
            link.cancel()
            threading.Timer(0.0, cancel, [request.id]).start()  # once it runs
        return thread.run(work)
    finally:
        with _lock:
            del _running[request.id]
            del _links[request.id]
            _cancelled.pop(request.id, None)
        thread.free.release()


def _reply(outcome: Outcome) -> tuple[bytes | None, str | None, Exception | None]:
    if outcome.error is not None:
        return None, None, told(outcome.error)
    try:
        return packed(outcome.result, "result", THE_RUN), None, None
    except CannotSendError as flaw:
        return None, None, told(flaw)


def _secede() -> None:
    from distributed import secede  # noqa: PLC0415  it is there already: this runs on a worker

    with suppress(Exception):  # it has seceded before
        secede()  # type: ignore[no-untyped-call]  # distributed is typed in part


def _forget(name: str) -> None:
    _streams.pop(name, None)
    _links.pop(name, None)


def _worker() -> Any:
    from distributed import Worker  # noqa: PLC0415  it is there already: this runs on a worker

    return next(iter(Worker._instances))  # noqa: SLF001  the thread of a body is none of the worker's own, which get_worker() wants


class _Forwarder(logging.Handler):
    """Sends the records of bodies to their runs."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        context = _context.get(None)
        link = getattr(context, "_link", None)
        if isinstance(link, TopicLink):
            values = {name: getattr(record, name, "") for name in ("name", "levelno", "levelname", "pathname", "lineno", "funcName")}
            values |= {name: str(getattr(record, name, "")) for name in ("run", "task", "branch")}
            link.say("log", {**values, "msg": record.getMessage(), "args": None, "exc_text": _exception_text(record)})


def _exception_text(record: logging.LogRecord) -> str | None:
    return logging.Formatter().formatException(record.exc_info) if record.exc_info else None


def _forward_records(request: Request) -> None:
    log_records.install()
    logging.getLogger(TASK_LOGGER).setLevel(request.log_level)
    root = logging.getLogger()
    if not any(isinstance(handler, _Forwarder) for handler in root.handlers):
        root.addHandler(_Forwarder())


__all__ = [
    "BodyReference",
    "InvocationFacts",
    "Request",
    "answer",
    "call",
    "cancel",
    "close_stream",
    "end",
    "kill_worker",
    "make_way",
    "pull",
]
