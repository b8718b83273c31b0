"""How an invocation ended, where it was not simply by one payload of a task that nothing is asked of."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from engine.execution.describing import BodyTimeoutError
from engine.execution.outcome import flaw_of, is_generator
from engine.execution.recorder import Ended

if TYPE_CHECKING:
    from engine.execution.backlog import Invocation
    from engine.execution.run import Run
    from engine.execution.worker import Worker


async def finish(run: Run, worker: Worker, result: Any, error: BaseException | None, seconds: float) -> Invocation | None:
    """Judge what the body returned or raised, let it be kept, and tell the run state; return what follows in place."""
    task, branch, _, attempt = invocation = worker.invocation
    if was_cancelled(run, worker, error):
        run.was_cancelled(task, branch)
        return None
    if worker.has_timed_out:
        error = BodyTimeoutError(run.plan.policies[task].timeout or 0.0)
    elif error is None:
        error = await flaw_of(result)
    if error is not None:
        await _fail(run, invocation, error)
        return None
    if is_generator(result):
        run.state.streaming(invocation, result)
        return None
    if run.recorder is not None:
        payloads = (result,) if isinstance(result, dict) else tuple(result)
        await run.recorder.record(Ended(run.plan.names[task], branch.path(run.plan.names), attempt, payloads))
    if run.announcer is not None:
        run.announcer.succeeded(task, branch, attempt, seconds)
    if isinstance(result, dict):
        return run.state.returned(task, branch, result)
    run.state.opened(task, branch, result)
    return None


def was_cancelled(run: Run, worker: Worker, error: BaseException | None) -> bool:
    """Return whether the body's end is the run's cancel; one from outside, as of a loop that closes, is taken for the run's."""
    if run.is_stopping:
        return True
    if isinstance(error, asyncio.CancelledError) and worker.handle.cancelling() and not worker.has_timed_out:
        run.cancel()
        return True
    return False


async def _fail(run: Run, invocation: Invocation, error: BaseException) -> None:
    """Try again where the policy says so, else let the branch fail."""
    task, branch, _, attempt = invocation
    failure = run.describe(error, task, branch, attempt)
    if run.retry_later(invocation, failure):
        return
    if run.recorder is not None:
        await run.recorder.record(Ended(failure.task, failure.branch_path, attempt, failure=failure))
    run.note_failure(task, branch, failure)
    run.state.failed(task, branch)
