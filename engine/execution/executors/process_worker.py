"""What runs in a worker process: one body at a time on the main thread, while another thread hears what the run says."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from contextvars import Context
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, NoReturn

from engine.errors import OutputError
from engine.execution import log_records
from engine.execution.describing import RemoteError, told
from engine.execution.executors.body_host import BodyHost, Outcome, Stream
from engine.execution.executors.body_reference import BodyReference, load_referenced, prepare_import
from engine.execution.executors.frames import Channel
from engine.execution.executors.open_files import forgotten, open_here
from engine.execution.executors.remote_context import InvocationFacts, RemoteContext
from engine.execution.executors.wire import CannotSendError, packed, unpacked
from engine.overriding import override

if TYPE_CHECKING:
    from engine.execution.executors.cluster_place import Place
    from engine.tasks import TaskBody

THE_RUN: Final = "the process of the run"


def main() -> None:
    """Serve the process at the other end of standard input and output until it says that the run has ended."""
    channel = _private_channel()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the run's
    _volunteer()
    Worker(channel).serve()


class Worker:
    """The bodies and generators of this process."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._host = BodyHost()
        self._link = PipeLink(channel)
        self._requests: SimpleQueue[tuple[Any, ...] | None] = SimpleQueue()
        self._bodies: dict[str, TaskBody] = {}
        self._streams: dict[int, Stream] = {}
        self._open: dict[int, str] = {}
        self._last = 0

    def serve(self) -> None:
        """Do what is asked, one thing after the other, to the end of the run."""
        self._open = open_here()
        threading.Thread(target=self._hear, name="ephemeral-pipe", daemon=True).start()
        while (request := self._requests.get()) is not None:
            getattr(self, f"_{request[0]}")(*request[1:])
            _flush()
            del request  # or it would be held until the next comes
        self._channel.send("closed", self._host.close(), forgotten(self._open))

    # What is asked

    def _hello(self, root_level: int, task_level: int) -> None:
        log_records.install()
        logging.getLogger().setLevel(root_level)
        logging.getLogger(log_records.TASK_LOGGER).setLevel(task_level)
        logging.getLogger().addHandler(Forwarder(self._channel))

    def _prepare(self, reference: BodyReference) -> None:
        try:
            prepare_import(reference)
            self._bodies[reference.token] = load_referenced(reference)
        except BaseException as error:  # noqa: BLE001  importing task code may raise anything
            self._channel.send("reply", None, None, told(error))
        else:
            self._channel.send("reply", None, None, None)

    def _call(self, token: str, facts: InvocationFacts, data: bytes) -> None:
        outcome = self._outcome(self._bodies[token], facts, data)
        if outcome.stream is not None:
            self._last += 1
            self._streams[self._last] = outcome.stream
            self._channel.send("reply", None, self._last, None)
            return
        try:
            reply = None if outcome.error is not None else packed(outcome.result, "result", THE_RUN)
        except CannotSendError as error:
            outcome, reply = Outcome(error=error), None
        self._channel.send("reply", reply, None, None if outcome.error is None else told(outcome.error))

    def _outcome(self, body: TaskBody, facts: InvocationFacts, data: bytes) -> Outcome:
        try:
            payload = unpacked(data, "payload")
        except CannotSendError as error:
            return Outcome(error=error)
        return self._host.call(body, payload, RemoteContext(facts, self._link, self._host).enter(Context()))

    def _pull(self, number: int, most: int) -> None:
        stream = self._streams[number]
        batch = self._host.pull(stream, most)
        first = stream.opened - len(batch.items)
        items: list[bytes] = []
        error = batch.error
        try:
            items.extend(packed(item, f"result[{index}]", THE_RUN) for index, item in enumerate(batch.items, first))
        except CannotSendError as flaw:
            self._host.close_stream(stream)
            error, batch.is_last = flaw, True
        if batch.is_last:
            del self._streams[number]
        self._channel.send("reply", items, batch.is_last, None if error is None else told(error))

    def _close_stream(self, number: int) -> None:
        stream = self._streams.pop(number, None)
        if stream is not None:
            self._host.close_stream(stream)

    # In the thread that hears

    def _hear(self) -> None:
        try:
            while True:
                message = self._channel.receive()
                if message[0] == "cancel":
                    self._link.is_cancelled = True
                    self._host.cancel()
                elif message[0] == "folder":
                    self._link.folders.put(message[1:])
                elif message[0] == "claim":
                    self._link.claims.put(message[1])
                elif message[0] == "dask":
                    self._link.settle_place(*message[1:])
                elif message[0] == "end":
                    self._requests.put(None)
                else:
                    self._link.is_cancelled = False
                    self._requests.put(message)
        except (EOFError, RemoteError):
            _end_group()


class PipeLink:
    """What bodies here ask of their run, over the pipe."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._folder: Path | None = None
        self._places: SimpleQueue[Future[Place]] = SimpleQueue()
        self._claiming = threading.Lock()
        self.folders: SimpleQueue[tuple[str, str | None]] = SimpleQueue()
        self.claims: SimpleQueue[str | None] = SimpleQueue()
        self.is_cancelled = False

    @property
    def cancelled(self) -> bool:
        """True once the invocation is being cancelled."""
        return self.is_cancelled

    def output_folder(self) -> Path:
        """Return the run's output folder, made if it was not yet."""
        if self._folder is None:
            self._channel.send("folder")
            path, complaint = self.folders.get()
            if complaint is not None:
                raise OutputError(path, complaint)
            self._folder = Path(path)
        return self._folder

    def claim(self, relative: str) -> None:
        """Ask the run for a file that this invocation alone writes."""
        with self._claiming:  # bodies may ask from several threads, and each answer is to one of them
            self._channel.send("claim", relative)
            complaint = self.claims.get()
        if complaint is not None:
            raise ValueError(complaint)

    def report_progress(self, fraction: float, text: str) -> None:
        """Pass on how far the invocation is."""
        self._channel.send("progress", fraction, text)

    def dask_place(self) -> Future[Place]:
        """Ask where the run's dask scheduler is."""
        place: Future[Place] = Future()
        self._places.put(place)
        self._channel.send("dask")
        return place

    def settle_place(self, place: Place | None, error: RemoteError | None) -> None:
        """The run has answered; nobody may be waiting any more."""
        asked = self._places.get()
        if not asked.set_running_or_notify_cancel():
            return
        if place is None:
            asked.set_exception(error or RuntimeError("no answer"))
        else:
            asked.set_result(place)


class Forwarder(logging.Handler):
    """Sends log records to the run's process, where its handlers are."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel

    @override
    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.format(record)  # makes the texts of the message and of an exception
            values = {name: value for name, value in vars(record).items() if value is None or isinstance(value, (str, int, float))}
            self._channel.send("log", {**values, "msg": record.getMessage(), "args": None, "exc_info": None})
        except Exception:  # noqa: BLE001  logging never fails the code that logs
            self.handleError(record)


def _volunteer() -> None:
    """Let the operating system, where it must kill somebody for want of memory, take this process rather than the window."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def _private_channel() -> Channel:
    """Take standard input and output for the channel; bodies read nothing, and what they print goes to standard error."""
    reading, writing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    try:
        os.dup2(2, 1)
    except OSError:  # the run's process has no standard error
        os.dup2(nothing, 1)
    os.close(nothing)
    return Channel(reading, writing)


def _end_group() -> NoReturn:
    """The run's process is gone: end at once, with everything that bodies started."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):  # closed by a body, or nobody reads it any more
                stream.flush()
