"""The dask cluster of a run."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from engine.tasks import context, require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "dask_connect": dask_connect,
        "get_result": get_result,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def dask_connect(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Add the run's asynchronous dask client under ``client``; the run closes it at its end."""

    async def run_task(payload: Payload) -> Payload:
        return {**payload, "client": await context().dask_client()}

    return run_task


def get_result(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Wait for the number that the cluster computes under ``future``; cancelling the task gives up the future."""

    async def run_task(payload: Payload) -> Payload:
        future: Awaitable[Any] = require(payload, "future", Awaitable)  # type: ignore[type-abstract]  # enough for isinstance
        return {"value": float(await future)}

    return run_task
