"""What a run and its bodies on dask say to each other beside calls and results; what is known of each call."""

from __future__ import annotations

import asyncio
import itertools
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from engine.errors import OutputError
from engine.execution.describing import RemoteError
from engine.execution.executors.processes import OUT_OF_MEMORY
from engine.execution.executors.remote_context import claimed
from engine.execution.executors.topic_link import RunName
from engine.execution.log_records import handle_from_elsewhere
from engine.execution.memory import size_text

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from engine.execution.executors.dask_watch import DaskConnection
    from engine.execution.invocation_context import InvocationContext
    from engine.execution.output_folder import OutputFolder

END_SECONDS = 3.0
"""How long workers get to close what bodies opened on them."""

GIVE_UP_SECONDS = 1.0
"""How long an errand that was cancelled gets to end."""

MEMORY_TOPIC = "worker-restart-memory"
"""What nannies say to when they end a worker that needs too much memory."""


class Talk:
    """What a run and its bodies on dask say to each other beside calls and results.

    Args:
        output_folder: told to bodies that ask for it.
    """

    def __init__(self, output_folder: OutputFolder) -> None:
        self._output_folder = output_folder
        self._connection: DaskConnection | None = None
        self._numbers = itertools.count(1)
        self._errands: set[asyncio.Task[Any]] = set()
        self._overfull: dict[str, int] = {}
        self._trouble = ""
        self.name = RunName("", "")
        self.calls: dict[str, Call] = {}

    async def connect(self, context: InvocationContext) -> DaskConnection:
        """Return the run's connection, its topic listened to."""
        connection: DaskConnection = await context.dask_connection()
        if self._connection is None:
            self._connection = connection
            self.name = RunName(f"ephemeral-{context.run_id}", connection.client.id)
            connection.client.subscribe_topic(self.name.topic, self._hear)
            connection.client.subscribe_topic(MEMORY_TOPIC, self._hear_of_memory)
            connection.on_look.append(self._look)
            connection.on_lost.append(lambda _: self._look())
        return connection

    def new_call(self, context: InvocationContext) -> Call:
        """Return a call that is listened for."""
        name = f"{context.run_id}-{next(self._numbers)}"
        call = self.calls[name] = Call(name, context)
        return call

    def tell_workers(self, function: str, *words: Any, worker: str | None = None, nanny: bool = False) -> None:
        """Have a function of ``dask_worker`` called on a worker, or on all, or by its nanny, and do not wait for it."""
        if self._connection is None or self._connection.lost is not None:
            return
        self.own(self._tell(function, words, worker, nanny=nanny))

    def named(self, error: BaseException, call: Call) -> BaseException:
        """Return why a call failed: what dask says, or what is known better."""
        sizes = [self._overfull[worker] for worker in call.workers if worker in self._overfull]
        if not sizes or type(error).__name__ != "KilledWorker":
            return error
        return RemoteError(
            "worker-ended", f"{OUT_OF_MEMORY}: {len(call.workers)} dask workers that had it were ended, at up to {size_text(max(sizes))}"
        )

    def own(self, errand: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Carry something out beside everything else; ended with the run at the latest."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)
        return task

    def left_behind(self) -> list[str]:
        """Say in words which bodies do not end, and which workers they keep busy: those of others are not this run's to end."""
        if self._connection is None or self._connection.embedded or self._connection.lost is not None:
            return []
        left = sorted({f"{call.context.task} on {call.worker}" for call in self.calls.values() if call.is_left})
        return [f"bodies that do not end when they are cancelled go on on dask workers: {', '.join(left)}"] if left else []

    async def end(self) -> None:
        """Let the workers close what bodies opened on them."""
        connection = self._connection
        if connection is None:
            return
        connection.on_look.clear()
        self.tell_workers("end")
        if self._errands:
            _, late = await asyncio.wait(self._errands, timeout=END_SECONDS)
            for errand in late:
                errand.cancel()
            if late:
                await asyncio.wait(late, timeout=GIVE_UP_SECONDS)
        if connection.lost is None:
            for topic in (self.name.topic, MEMORY_TOPIC):
                with suppress(Exception):  # the scheduler is leaving
                    connection.client.unsubscribe_topic(topic)

    async def _tell(self, function: str, words: tuple[Any, ...], worker: str | None, *, nanny: bool) -> None:
        from engine.execution.executors import dask_worker  # noqa: PLC0415  who uses dask pays for it

        assert self._connection is not None  # noqa: S101  asked before
        with suppress(Exception):  # a worker that is gone needs no telling
            await self._connection.client.run(
                getattr(dask_worker, function),
                self.name,
                *words,
                workers=None if worker is None else [worker],
                nanny=nanny,
                on_error="ignore",
            )

    def _hear(self, event: tuple[float, dict[str, Any]]) -> None:
        _, said = event
        kind, words = said["kind"], said["words"]
        if kind == "log":  # it may come after the reply of its call
            handle_from_elsewhere(*words)
            return
        call = self.calls.get(said["id"])
        if call is None:
            return
        if kind == "started":
            call.begin(*words)
        elif kind == "progress":
            call.context.report_progress(*words)
        elif kind == "folder":
            self.tell_workers("answer", said["id"], *self._folder(), worker=call.worker)

        elif kind == "claim":
            self.tell_workers("answer_claim", said["id"], claimed(call.context, *words), worker=call.worker)

    def _hear_of_memory(self, event: tuple[float, dict[str, Any]]) -> None:
        self._overfull[str(event[1].get("worker"))] = int(event[1].get("rss", 0))

    def _folder(self) -> tuple[str, str | None]:
        try:
            return str(self._output_folder.path()), None
        except OutputError as error:
            return str(error.path), str(error).removeprefix(f"{error.path}: ")

    def _look(self) -> None:
        """End what waits for a worker that is gone, or for a cluster that is; show what the others wait for."""
        connection = self._connection
        self._show("" if connection is None else connection.trouble)
        for call in tuple(self.calls.values()):
            if connection is not None and connection.lost is not None:
                call.fail(connection.lost)
            elif connection is not None and call.must_be_on is not None and call.must_be_on not in connection.workers:
                call.fail(RemoteError("worker-ended", f"the dask worker {call.must_be_on} ended, and with it the generator"))

    def _show(self, trouble: str) -> None:
        if trouble or self._trouble:
            for context in {call.context.task: call.context for call in self.calls.values()}.values():
                context.report_waiting(trouble)
        self._trouble = trouble


class Call:
    """What one dask task is to do; dask may try it on several workers, and it may be submitted again.

    Attributes:
        worker: where it runs, or ran last; None before it began.
        workers: all where it was heard to begin.
        must_be_on: the only worker that it can run on.
        submissions: how often it was submitted.
        begins: how often it was heard to begin since it was last submitted.
    """

    def __init__(self, name: str, context: InvocationContext) -> None:
        loop = asyncio.get_running_loop()
        self.name = name
        self.context = context
        self.worker: str | None = None
        self.workers: dict[str, None] = {}
        self.must_be_on: str | None = None
        self.cancels = 0
        self.submissions = 0
        self.begins = 0
        self.begun: asyncio.Future[None] = loop.create_future()
        self.replied: asyncio.Future[Any] = loop.create_future()

    @property
    def is_left(self) -> bool:
        """Whether a body was cancelled and goes on all the same."""
        return self.cancels > 0 and self.worker is not None and not self.replied.done()

    def begin(self, worker: str) -> None:
        """A worker has it."""
        self.worker = worker
        self.workers[worker] = None
        self.begins += 1
        if not self.begun.done():
            self.begun.set_result(None)

    def reply(self, value: Any) -> None:
        """The worker has replied."""
        if not self.replied.done():
            self.replied.set_result(value)

    def fail(self, error: BaseException) -> None:
        """There will be no reply."""
        if not self.replied.done():
            self.replied.set_exception(error)
            self.replied.exception()  # seen
