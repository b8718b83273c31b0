"""Bodies in worker processes: for work that computes, and for libraries that may crash. One that is killed takes nothing else along.

A worker is started with the interpreter of this process and a module of ours, never forked and never by importing the script that was
started; so scripts and notebooks need no guard. It leads a process group of its own: what bodies leave running ends with it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from engine.errors import OutputError
from engine.execution import memory
from engine.execution.describing import RemoteError, told
from engine.execution.executors.body_host import Batch, Outcome
from engine.execution.executors.body_reference import BodyReference
from engine.execution.executors.pool import Seat
from engine.execution.executors.remote_context import InvocationFacts, claimed
from engine.execution.executors.wire import CannotSendError, packed, unpacked
from engine.execution.executors.worker_processes import WorkerProcess
from engine.execution.log_records import TASK_LOGGER, handle_from_elsewhere
from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution.executors.cluster_place import Place
    from engine.execution.executors.frames import Channel
    from engine.execution.invocation_context import InvocationContext
    from engine.execution.output_folder import OutputFolder
    from engine.tasks import Payload

KILL_AFTER: Final = 1.0
"""Seconds that a cancelled body gets to end before its process is killed."""

KILLED: Final = -9
OUT_OF_MEMORY: Final = "worker out of memory"

MOST_NAMED: Final = 5
"""Files and sockets that are named one by one."""

CLOSE_SECONDS: Final = 3.0
"""Seconds that an idle worker gets to close its resources and to leave."""


class ProcessSeat(Seat[BodyReference]):
    """A worker process, and the two threads of this one that belong to it: one waits for its end, the other speaks with it.

    Args:
        drop: called when the process has ended.
        output_folder: told to the worker when a body asks for it.
    """

    def __init__(self, drop: Callable[[ProcessSeat], None], output_folder: OutputFolder) -> None:
        super().__init__()
        self._drop = drop
        self._output_folder = output_folder
        self._requests: SimpleQueue[tuple[Any, ...] | None] = SimpleQueue()
        self._answer: asyncio.Future[Any] | None = None
        self._is_pull = False
        self._context: InvocationContext | None = None
        self._streams: dict[int, InvocationContext] = {}
        self._prepared: set[str] = set()
        self._tasks: dict[str, None] = {}
        self._killing: asyncio.TimerHandle | None = None
        self._end = "worker process ended"
        self._killed_for: str | None = None
        self._complaints: list[str] = []
        self._ended: asyncio.Future[None] = self.loop.create_future()
        self._process = WorkerProcess()
        # daemons: a process that leaves at once does not wait for them
        threading.Thread(target=self._live, name="ephemeral-process", daemon=True).start()

    @property
    def process_id(self) -> int | None:
        """Identity of the process; None where it has not started, or has ended."""
        return self._process.id

    def end_for(self, reason: str) -> None:
        """Kill the process because it takes too much memory; what ran in it fails with these words."""
        self._killed_for = reason
        self._process.kill()

    @override
    async def prepare(self, body: BodyReference, context: InvocationContext) -> None:
        if body.token not in self._prepared:
            outcome: Outcome = await self._ask(context, "prepare", body)
            if outcome.error is not None:
                raise outcome.error
            self._prepared.add(body.token)

    @override
    async def call(self, body: BodyReference, context: InvocationContext, payload: Payload) -> Outcome:
        self._tasks[context.task] = None
        outcome: Outcome = await self._ask(context, "call", body, InvocationFacts.of(context), payload)
        if outcome.stream is not None:
            self._streams[outcome.stream] = context
        return outcome

    @override
    async def pull(self, stream: int, most: int) -> Batch:
        batch: Batch = await self._ask(self._streams[stream], "pull", stream, most)
        if batch.is_last:
            del self._streams[stream]
        return batch

    @override
    def close_stream(self, stream: int) -> None:
        self._streams.pop(stream, None)
        self._requests.put(("close_stream", stream))

    @override
    async def close(self) -> list[str]:
        if self.is_busy:
            self._process.kill()
        self._requests.put(None)
        await asyncio.wait([self._ended], timeout=CLOSE_SECONDS)
        if not self._ended.done():
            self._complaints.append(f"a worker process did not end when the run did and was killed; {self._ran()}")
            self._process.kill()
            await asyncio.wait([self._ended], timeout=CLOSE_SECONDS)
        return self._complaints

    @override
    def _cancel(self) -> None:
        self._process.send_if_free("cancel")
        if self._killing is None:
            self._killing = self.loop.call_later(KILL_AFTER, self._process.kill)

    async def _ask(self, context: InvocationContext, *request: Any) -> Any:
        self._context = context
        self._is_pull = request[0] == "pull"
        self._answer = answer = self.loop.create_future()
        if self.is_lost:
            self._settle(self._lost())
        self._requests.put(request)
        try:
            return await self._answered(answer)
        finally:
            if self._killing is not None:
                self._killing.cancel()
                self._killing = None

    def _settle(self, answer: Any) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    def _lost(self) -> Outcome | Batch:
        error = RemoteError("worker-ended", self._end)
        return Batch([], is_last=True, error=error) if self._is_pull else Outcome(error=error)

    def _has_ended(self, how: str, complaints: list[str]) -> None:
        self._end = how if self._killed_for is None else f"{OUT_OF_MEMORY}: {self._killed_for}"
        self._complaints += complaints
        self._drop(self)
        self._settle(self._lost())
        self._ended.set_result(None)

    def _ran(self) -> str:
        return f"bodies of {', '.join(self._tasks)} ran in it" if self._tasks else "no body ran in it"

    # In the thread that waits for the end

    def _live(self) -> None:
        try:
            channel = self._process.start()
        except (OSError, ValueError) as error:
            self._post(self._has_ended, f"no worker process could be started: {error}", [])
            return
        speaking = threading.Thread(target=self._speak, args=(channel,), name="ephemeral-process-pipe", daemon=True)
        speaking.start()
        kills_before = memory.kills()
        code, left_behind = self._process.wait()
        self._requests.put(None)
        speaking.join(timeout=1)
        if not speaking.is_alive():
            channel.close()
        complaints = [f"processes that were left running in a worker process were ended; {self._ran()}"] if left_behind else []
        was_killed = code == KILLED and memory.kills() > kills_before
        how = f"{OUT_OF_MEMORY}: the operating system killed it" if was_killed else f"worker process ended (exit code {code})"
        self._post(self._has_ended, how, complaints)

    # In the thread that speaks

    def _speak(self, channel: Channel) -> None:
        with suppress(OSError, EOFError, CannotSendError):
            try:
                self._answer_all(channel)
            except BaseException:
                self._process.kill()  # where it has not ended: it can no longer be spoken with
                raise
            channel.send("end")
            while True:
                self._hear(channel, *channel.receive())

    def _answer_all(self, channel: Channel) -> None:
        channel.send("hello", logging.getLogger().level, logging.getLogger(TASK_LOGGER).getEffectiveLevel())
        while (request := self._requests.get()) is not None:
            answer = self._answer_to(channel, *request)
            if answer is not None:
                self._post(self._settle, answer)
            del request, answer  # or they would be held until the next comes

    def _answer_to(self, channel: Channel, kind: str, *request: Any) -> Outcome | Batch | None:
        if kind == "call":
            body, facts, payload = request
            try:
                data = packed(payload, "payload")
            except CannotSendError as error:
                return Outcome(error=error)
            channel.send(kind, body.token, facts, data)
            return self._outcome(*self._reply(channel))
        channel.send(kind, *request)
        if kind == "close_stream":
            return None
        return self._batch(*self._reply(channel)) if kind == "pull" else self._outcome(*self._reply(channel))

    def _reply(self, channel: Channel) -> tuple[Any, ...]:
        while True:
            message = channel.receive()
            if message[0] == "reply":
                return message[1:]
            self._hear(channel, *message)

    def _outcome(self, data: bytes | None, stream: int | None, error: RemoteError | None) -> Outcome:
        if data is None:
            return Outcome(stream=stream, error=error)
        try:
            return Outcome(unpacked(data, "result"))
        except CannotSendError as flaw:
            return Outcome(error=flaw)

    def _batch(self, items: list[bytes], is_last: bool, error: RemoteError | None) -> Batch:  # noqa: FBT001  as it comes over the pipe
        batch = Batch([], is_last, error, size=sum(map(len, items)))
        try:
            batch.items.extend(unpacked(each, "result") for each in items)
        except CannotSendError as flaw:
            batch.error, batch.is_last = flaw, True
        return batch

    def _hear(self, channel: Channel, kind: str, *rest: Any) -> None:
        if kind == "log":
            self._post(handle_from_elsewhere, *rest)
        elif kind == "progress" and self._context is not None:
            self._post(self._context.report_progress, *rest)
        elif kind == "folder":
            channel.send("folder", *self._folder())
        elif kind == "claim" and self._context is not None:
            channel.send("claim", claimed(self._context, *rest))
        elif kind == "dask":
            channel.send("dask", *self._dask_place())
        elif kind == "closed":
            complaints, left_open = rest
            self._complaints += complaints
            if left_open:
                self._complaints.append(f"left open in a worker process: {', '.join(left_open[:MOST_NAMED])}; {self._ran()}")

    def _folder(self) -> tuple[str, str | None]:
        try:
            return str(self._output_folder.path()), None
        except OutputError as error:
            return str(error.path), str(error).removeprefix(f"{error.path}: ")

    def _dask_place(self) -> tuple[Place | None, RemoteError | None]:
        """Return where the run's dask scheduler is, or why there is none."""
        assert self._context is not None  # noqa: S101  it is the body of a context that asks
        try:
            return asyncio.run_coroutine_threadsafe(self._context.dask_place(), self.loop).result(), None
        except BaseException as error:  # noqa: BLE001  whatever it is, the body has to know
            return None, told(error)

    def _post(self, tell: Callable[..., None], *what: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed by now
            self.loop.call_soon_threadsafe(tell, *what)
