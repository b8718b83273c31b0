"""Generators: asked for one item at a time, each item a branch, so that no more are open than are being worked on."""

from __future__ import annotations

import logging
from inspect import isasyncgen
from typing import TYPE_CHECKING, Any

from engine.execution.describing import BodyTimeoutError
from engine.execution.ending import was_cancelled
from engine.execution.outcome import InvalidResultError, check_payload
from engine.execution.recorder import Ended

if TYPE_CHECKING:
    from engine.execution.backlog import Invocation
    from engine.execution.branches import Stream
    from engine.execution.run import Run
    from engine.execution.worker import Worker

_log = logging.getLogger(__name__)


async def take(run: Run, worker: Worker, stream: Stream, item: Any, error: BaseException | None) -> Invocation | None:
    """Go on from an item, the generator's end or its failure, where that is not simply an item of a task that nothing is asked of."""
    if was_cancelled(run, worker, error):
        return None
    if worker.has_timed_out:
        error = BodyTimeoutError(run.plan.policies[stream.task].timeout or 0.0)
    elif isinstance(error, StopIteration | StopAsyncIteration):
        _finish(run, stream)
        return None
    elif error is None:
        error = _flaw_of(item, stream.opened)
    if error is not None:
        await _break_off(run, stream, error)
        return None
    if run.recorder is not None:
        path = stream.branch.path(run.plan.names)
        await run.recorder.record(Ended(run.plan.names[stream.task], path, stream.origin[3], (item,), index=stream.opened))
    return run.state.pulled(stream, item)


def _flaw_of(item: Any, index: int) -> InvalidResultError | None:
    try:
        check_payload(item, f"result[{index}]")
    except InvalidResultError as flaw:
        return flaw
    return None


def _finish(run: Run, stream: Stream) -> None:
    """The generator came to its end."""
    if run.announcer is not None:
        run.announcer.succeeded(stream.task, stream.branch, stream.origin[3], stream.seconds)
    run.state.exhausted(stream)


async def _break_off(run: Run, stream: Stream, error: BaseException) -> None:
    """The generator failed: once it has given an item there is no further attempt."""
    await close_source(stream.source)
    task, branch, _, attempt = stream.origin
    failure = run.describe(error, task, branch, attempt)
    if stream.opened == 0 and run.retry_later(stream.origin, failure):
        run.state.restarted(stream)
        return
    if run.recorder is not None:
        await run.recorder.record(Ended(failure.task, failure.branch_path, attempt, failure=failure))
    run.note_failure(task, branch, failure)
    run.state.broke(stream)


async def close_source(source: Any) -> None:
    """Close a generator; what it raises meanwhile is its own affair."""
    try:
        if isasyncgen(source):
            await source.aclose()
        elif hasattr(source, "close"):
            source.close()
    except BaseException:  # noqa: BLE001  its failure is already known, or the run is over
        _log.debug("a generator raised while it was closed", exc_info=True)
