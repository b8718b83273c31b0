"""Bodies on a dask cluster, seen from the run: one dask task for each call, and for each batch of a generator that lives on a worker."""

from __future__ import annotations

import asyncio
import itertools
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from engine.errors import OutputError
from engine.execution.describing import RemoteError
from engine.execution.executors.body_host import Batch, Outcome
from engine.execution.executors.body_reference import BodyReference
from engine.execution.executors.pool import Pool, Seat
from engine.execution.executors.processes import OUT_OF_MEMORY
from engine.execution.executors.remote_context import InvocationFacts
from engine.execution.executors.topic_link import RunName
from engine.execution.executors.wire import packed, unpacked
from engine.execution.log_records import TASK_LOGGER, handle_from_elsewhere
from engine.execution.memory import size_text
from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from engine.execution.executors.dask_watch import DaskConnection
    from engine.execution.invocation_context import InvocationContext
    from engine.execution.output_folder import OutputFolder
    from engine.tasks import Payload

KILL_AFTER = 2
"""Cancels, half a second apart, after which a worker of the run's own cluster is killed because its body does not end."""

END_SECONDS = 3.0
"""How long workers get to close what bodies opened on them."""

GIVE_UP_SECONDS = 1.0
"""How long an errand that was cancelled gets to end."""

SUBMISSIONS = 8
"""How often a call is submitted that dask gives up with its workers although it had not begun on all of them."""

MEMORY_TOPIC = "worker-restart-memory"
"""What nannies say to when they end a worker that needs too much memory."""

A_WORKER = "a dask worker"


class DaskPool(Pool["DaskSeat"]):
    """As many seats as there are bodies at once: it is dask that lets them wait for a worker."""

    def __init__(self, output_folder: OutputFolder) -> None:
        self.talk = Talk(output_folder)
        super().__init__(lambda: DaskSeat(self.talk), limit=1_000_000)

    @override
    async def close(self) -> list[str]:
        complaints = await super().close()
        complaints += self.talk.left_behind()
        await self.talk.end()
        return complaints


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


class DaskSeat(Seat[BodyReference]):
    """A body on the cluster."""

    def __init__(self, talk: Talk) -> None:
        super().__init__()
        self._talk = talk
        self._connection: DaskConnection
        self._call: Call | None = None
        self._homes: dict[str, Call] = {}

    @override
    async def prepare(self, body: BodyReference, context: InvocationContext) -> None:
        self._connection = await self._talk.connect(context)

    @override
    async def call(self, body: BodyReference, context: InvocationContext, payload: Payload) -> Outcome:
        call = self._talk.new_call(context)
        facts = InvocationFacts.of(context)

        def submit() -> Any:
            sent = packed((body, facts, packed(payload, "payload", A_WORKER)), "payload", A_WORKER)
            return self._submitted("call", call, sent)

        def read(reply: Any) -> Outcome:
            data, stream, error = reply
            if data is None:
                return Outcome(stream=stream, error=error)
            return Outcome(unpacked(data, "result"))

        outcome: Outcome = await self._carried_out(call, submit, read, lambda error: Outcome(error=error))
        if outcome.stream is None:
            self._talk.calls.pop(call.name, None)
        else:
            self._homes[str(outcome.stream)] = call  # its words are heard as long as the generator lives
        return outcome

    @override
    async def pull(self, stream: str, most: int) -> Batch:
        home = self._homes[stream]
        call = self._talk.new_call(home.context)
        call.must_be_on = home.worker

        def read(reply: Any) -> Batch:
            items, is_last, error = reply
            return Batch([unpacked(each, "result") for each in items], is_last, error, size=sum(map(len, items)))

        batch: Batch = await self._carried_out(
            call, lambda: self._submitted("pull", call, stream, most), read, lambda error: Batch([], is_last=True, error=error)
        )
        self._talk.calls.pop(call.name, None)
        if batch.is_last:
            self._forget(stream)
        return batch

    @override
    def close_stream(self, stream: str) -> None:
        home = self._forget(stream)
        if home is not None:
            self._talk.tell_workers("close_stream", stream, worker=home.worker)

    @override
    async def close(self) -> list[str]:
        return []

    @override
    def _cancel(self) -> None:
        call = self._call
        if call is None:
            return
        call.cancels += 1
        if self._connection.lost is not None:
            call.fail(self._connection.lost)
        self._talk.tell_workers("cancel", call.name)
        if not call.begun.done():
            call.fail(RemoteError("worker-ended", "cancelled before it began"))
        elif call.cancels > KILL_AFTER and self._connection.embedded:
            call.fail(RemoteError("worker-ended", "cancelled"))  # first, or dask would try it again on another worker
            self._talk.tell_workers("kill_worker", worker=call.worker, nanny=True)

    def _forget(self, stream: str) -> Call | None:
        home = self._homes.pop(stream, None)
        if home is not None:
            self._talk.calls.pop(home.name, None)
        return home

    def _submitted(self, function: str, call: Call, *arguments: Any) -> Any:
        """Submit a dask task; called in a thread, because making its graph takes a while."""
        from engine.execution.executors import dask_worker  # noqa: PLC0415  who uses dask pays for it

        call.submissions += 1
        call.begins = 0
        request = dask_worker.Request(self._talk.name, call.name, logging.getLogger(TASK_LOGGER).getEffectiveLevel())
        return self._connection.client.submit(
            getattr(dask_worker, function),
            request,
            *arguments,
            key=f"{call.context.task}-{call.name}-{call.submissions}",
            pure=False,
            workers=None if call.must_be_on is None else [call.must_be_on],
        )

    async def _carried_out(
        self, call: Call, submit: Callable[[], Any], read: Callable[[Any], Any], failed: Callable[[BaseException], Any]
    ) -> Any:
        answer: asyncio.Future[Any] = self.loop.create_future()
        self._call = call
        self._talk.own(self._work(call, answer, submit, read, failed))
        try:
            with call.context.run.clock_stopped():
                await self._begun(call, answer)
            return await self._answered(answer)
        finally:
            self._call = None

    async def _begun(self, call: Call, answer: asyncio.Future[Any]) -> None:
        """Wait until a worker has the task; being cancelled gives it up."""
        try:
            await asyncio.wait([answer, call.begun], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._cancel()
            raise

    async def _work(
        self,
        call: Call,
        answer: asyncio.Future[Any],
        submit: Callable[[], Any],
        read: Callable[[Any], Any],
        failed: Callable[[BaseException], Any],
    ) -> None:
        """Answer, whatever happens: also where a closing event loop cancels this."""
        getting = self._talk.own(_get(call, submit))
        answered = failed(RemoteError("worker-ended", "cancelled"))
        try:
            await asyncio.wait([call.replied])
            answered = await asyncio.to_thread(read, call.replied.result())
        except Exception as error:  # noqa: BLE001  whatever dask raises is why the body failed
            answered = failed(self._connection.lost or self._talk.named(error, call))
        finally:
            getting.cancel()
            answer.set_result(answered)


async def _get(call: Call, submit: Callable[[], Any]) -> None:
    """Submit a dask task, and wait for its reply as long as anybody wants it."""
    try:
        while not await _tried(call, submit):
            pass
    except Exception as error:  # noqa: BLE001  whatever it is, the one who waits for the reply has to know
        call.fail(error)
    except BaseException as error:  # dask raises no Exception where it cancelled a future itself, as when its scheduler is gone
        call.fail(RemoteError("worker-ended", f"given up by dask: {error}"))
        raise


async def _tried(call: Call, submit: Callable[[], Any]) -> bool:
    """Submit a dask task once; return whether that settled it.

    dask counts a worker's end against every task that the worker had, and gives up one that lost too many, also where it only waited
    behind another that kills its workers. Such a one, which had not begun on all of them, is submitted again.
    """
    from distributed import KilledWorker  # noqa: PLC0415  imported by now: there is a client

    future = await asyncio.to_thread(submit)
    try:
        call.reply(await future)
    except KilledWorker as error:
        if call.begins > error.allowed_failures or call.must_be_on is not None or call.submissions >= SUBMISSIONS:
            raise
        return False
    finally:
        future.release()  # what nobody wants any more is not tried again
    return True
