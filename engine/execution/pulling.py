"""Generators: asked for one item at a time, each item a branch, so that no more are open than are being worked on."""

from __future__ import annotations

import logging
from inspect import isasyncgen
from typing import TYPE_CHECKING, Any

from engine.execution.outcome import InvalidResultError, check_payload
from engine.execution.recorder import Ended

if TYPE_CHECKING:
    from engine.execution.branches import Opening
    from engine.execution.run import Run

_log = logging.getLogger(__name__)


def understood(raised: BaseException, item: Any, opening: Opening) -> BaseException:
    """Return what it means that asking for an item raised: the end, keys that are not text, or a failure of the generator's own."""
    if isinstance(raised, StopIteration):
        return StopAsyncIteration()
    if isinstance(item, dict):
        try:
            check_payload(item, f"result[{opening.opened}]")
        except InvalidResultError as flaw:
            return flaw
    return raised


async def record(run: Run, opening: Opening, attempt: int, item: Any) -> None:
    """Let the recorder keep an item before it opens a branch."""
    path = opening.branch.path(run.plan.names)
    if run.recorder is not None:
        await run.recorder.record(Ended(run.plan.names[opening.task], path, attempt, (item,), index=opening.opened))


def finish(run: Run, opening: Opening, attempt: int) -> None:
    """The generator came to its end."""
    if run.announcer is not None:
        run.announcer.succeeded(opening.task, opening.branch, attempt, opening.seconds)
    run.state.exhausted(opening)


async def break_off(run: Run, opening: Opening, attempt: int, error: BaseException) -> None:
    """The generator failed: once it has given an item there is no further attempt."""
    task, branch = opening.task, opening.branch
    await close_source(opening.source)
    failure = run.describe(error, task, branch, attempt)
    if opening.opened == 0 and opening.origin is not None and run.retry_later((task, branch, opening.origin[0], attempt), failure):
        run.state.restarted(opening)
        return
    if run.recorder is not None:
        await run.recorder.record(Ended(failure.task, failure.branch_path, attempt, failure=failure))
    run.note_failure(task, branch, failure)
    run.state.broke(opening)


async def close_source(source: Any) -> None:
    """Close a generator; what it raises meanwhile is its own affair."""
    try:
        if isasyncgen(source):
            await source.aclose()
        elif hasattr(source, "close"):
            source.close()
    except BaseException:  # noqa: BLE001  its failure is already known, or the run is over
        _log.debug("a generator raised while it was closed", exc_info=True)
