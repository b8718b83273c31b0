"""Statistics of a variable, computed on the cluster. Graphs are made and submitted in a thread, so that the loop goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from engine.tasks import context, require

from .library import mean_and_extremes, outer_range, reduced, season_extremes, submitted, summary, summary_in_words, time_mean, without

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "get_statistic": get_statistic,
        "summarize": summarize,
        "seasonal_mean": seasonal_mean,
        "describe_field": describe_field,
        "seasonal_range": seasonal_range,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def get_statistic(init_args: Mapping[str, Any]) -> TaskBody:
    """Submit a statistic of ``dataset`` to ``client`` and add its future under ``future`` at once."""
    statistic = init_args["statistic"]

    async def run_task(payload: Payload) -> Payload:
        future = await submitted(require(payload, "client"), reduced, require(payload, "dataset"), statistic)
        return {**payload, "future": future}

    return run_task


def summarize(init_args: Mapping[str, Any]) -> TaskBody:
    """Replace ``dataset`` by one statistic of it, with units and place, under the statistic's name."""
    statistic = init_args["statistic"]

    async def run_task(payload: Payload) -> Payload:
        dataset = require(payload, "dataset")
        client = await context().dask_client()
        computed = await (await submitted(client, summary, dataset, statistic))
        return {**without(payload, "dataset"), statistic: await asyncio.to_thread(summary_in_words, dataset, computed)}

    return run_task


def seasonal_mean(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Replace ``dataset`` by its mean over time, computed and small, under ``field``."""

    async def run_task(payload: Payload) -> Payload:
        client = await context().dask_client()
        field = await (await submitted(client, time_mean, require(payload, "dataset")))
        return {**without(payload, "dataset"), "field": field}

    return run_task


def describe_field(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Replace ``field`` by its ``mean``, ``max`` and ``min``."""

    async def run_task(payload: Payload) -> Payload:
        return {**without(payload, "field"), **await asyncio.to_thread(mean_and_extremes, require(payload, "field"))}

    return run_task


def seasonal_range(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Replace ``dataset`` by the range that the means of all its seasons lie in, under ``value_range``."""

    async def run_task(payload: Payload) -> Payload:
        client = await context().dask_client()
        extremes = await submitted(client, season_extremes, require(payload, "dataset"))
        return {**without(payload, "dataset"), "value_range": outer_range(await client.gather(extremes))}

    return run_task
