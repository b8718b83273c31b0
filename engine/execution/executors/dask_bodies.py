"""Bodies on a dask cluster, seen from the run: one dask task for each call, and for each batch of a generator that lives on a worker."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from engine.execution.describing import RemoteError
from engine.execution.executors.body_host import Batch, Outcome
from engine.execution.executors.body_reference import BodyReference
from engine.execution.executors.dask_talk import Call, Talk
from engine.execution.executors.pool import Pool, Seat
from engine.execution.executors.remote_context import InvocationFacts
from engine.execution.executors.wire import packed, unpacked
from engine.execution.log_records import TASK_LOGGER
from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution.executors.dask_watch import DaskConnection
    from engine.execution.invocation_context import InvocationContext
    from engine.execution.output_folder import OutputFolder
    from engine.tasks import Payload

KILL_AFTER = 2
"""Cancels, half a second apart, after which a worker of the run's own cluster is killed because its body does not end."""

SUBMISSIONS = 8
"""How often a call is submitted that dask gives up with its workers although it had not begun on all of them."""

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
