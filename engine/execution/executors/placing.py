"""Which executor the bodies of a task run on, and what an engine's worker awaits in their place."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Protocol

from engine.model.job_map import RunsOn
from engine.overriding import override
from engine.tasks import context

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.execution.executors.body_host import Batch
    from engine.execution.executors.body_reference import BodyReference
    from engine.execution.executors.pool import Pool, Seat
    from engine.execution.invocation_context import InvocationContext
    from engine.model.definition import Definition
    from engine.model.job_map import Task
    from engine.tasks import Payload, TaskBody, TaskResult

MOST_ITEMS = 256
"""Items of a generator that are asked for at once, where it gives them fast."""

ENOUGH_BYTES = 1_000_000
"""Size of a batch that the next one need not exceed."""


class Origins(Protocol):
    """What placing asks of the catalogue."""

    def definition(self, namespace: str, method: str, /) -> Definition | None:
        """Return the definition of a method."""

    def workspace_of(self, namespace: str, /) -> tuple[str, str] | None:
        """Return the workspace that a namespace comes from and the name that its code is imported by."""


def placed(body: TaskBody, task: Task, catalog: Origins, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body as the executor runs it that the task's policy names, else its definition."""
    match runs_on(task, catalog.definition(task.namespace, task.method)):
        case RunsOn.THREAD:
            return in_thread(body)
        case RunsOn.PROCESS | RunsOn.DASK as elsewhere:
            from engine.execution.executors.body_reference import BodyReference  # noqa: PLC0415  who needs no process does not pay for it

            reference = BodyReference.of(catalog.workspace_of(task.namespace), task.namespace, task.method, init_args)
            return in_process(reference) if elsewhere is RunsOn.PROCESS else on_dask(reference)
        case _:
            return body


def runs_on(task: Task, definition: Definition | None) -> RunsOn:
    """Return where the bodies of a task run."""
    return task.policy.runs or (RunsOn.LOOP if definition is None else definition.runs)


def in_thread(body: TaskBody) -> TaskBody:
    """Return a body that has this one called in a thread of the run."""

    async def run_task(payload: Payload) -> TaskResult:
        here: Any = context()  # in this process it is the run's own
        return await _call(here.run.pools.threads, body, here, payload)

    return run_task


def in_process(reference: BodyReference) -> TaskBody:
    """Return a body that has the one referred to called in a worker process of the run."""

    async def run_task(payload: Payload) -> TaskResult:
        here: Any = context()  # as above
        return await _call(here.run.pools.processes, reference, here, payload)

    return run_task


def on_dask(reference: BodyReference) -> TaskBody:
    """Return a body that has the one referred to called on the run's dask cluster."""

    async def run_task(payload: Payload) -> TaskResult:
        here: Any = context()  # as above
        return await _call(here.run.pools.dask, reference, here, payload)

    return run_task


async def _call(pool: Pool[Any], body: Any, here: InvocationContext, payload: Payload) -> TaskResult:
    with here.run.clock_stopped():
        seat = await pool.take()
    try:
        with here.run.clock_stopped():
            await seat.prepare(body, here)
        outcome = await seat.call(body, here, payload)
    finally:
        pool.give_back(seat)
    if outcome.error is not None:
        raise outcome.error
    result: Any = outcome.result if outcome.stream is None else Items(pool, seat, outcome.stream)
    return result  # type: ignore[no-any-return]  # a checked result, or an iterator that is asked like an async generator


class Items(AsyncIterator["Payload"]):
    """The items of a generator that lives on a seat, asked for in batches: more at a time as long as they come fast."""

    def __init__(self, pool: Pool[Any], seat: Seat[Any], stream: Any) -> None:
        self._pool = pool
        self._seat = seat
        self._stream = stream
        self._came: deque[Payload] = deque()
        self._most = 1
        self._is_open = True
        self._error: BaseException | None = None
        seat.streams += 1

    @override
    async def __anext__(self) -> Payload:
        if not self._came and self._is_open:
            await self._pull()
        if self._came:
            return self._came.popleft()
        error, self._error = self._error, None
        raise error or StopAsyncIteration

    def close(self) -> None:
        """Let the generator be closed where it lives."""
        if self._is_open:
            self._end()
            self._seat.close_stream(self._stream)

    async def _pull(self) -> None:
        here: Any = context()
        with here.run.clock_stopped():
            await self._pool.take_this(self._seat)
        try:
            batch: Batch = await self._seat.pull(self._stream, self._most)
        finally:
            self._pool.give_back(self._seat)
        self._came.extend(batch.items)
        self._most = _next_size(batch)
        self._error = batch.error
        if batch.is_last:
            self._end()

    def _end(self) -> None:
        self._is_open = False
        self._seat.streams -= 1


def _next_size(batch: Batch) -> int:
    """Return how many items to ask for after this batch: twice as many, but no more bytes than enough."""
    came = max(1, len(batch.items))
    fitting = MOST_ITEMS if batch.size == 0 else max(1, came * ENOUGH_BYTES // batch.size)
    return min(2 * came, fitting, MOST_ITEMS)
