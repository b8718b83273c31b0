"""NetCDF files and the variables in them. Files are opened in a thread, so that the loop goes on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from engine.tasks import context, require

from .library import SEASONS, describe, in_celsius, open_chunked, seasons_of, variable_of
from .outside_data import open_inspector

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "load_dataframe": load_dataframe,
        "load_dataset": load_dataset,
        "open_netcdf": open_netcdf,
        "split_by_season": split_by_season,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def load_dataframe(init_args: Mapping[str, Any]) -> TaskBody:
    """Add the lazily opened file at ``path`` under ``dataframe``, chunked along one dimension."""
    chunk_size = init_args["chunk_size"]
    chunk_parameter = init_args["chunk_parameter"]

    async def run_task(payload: Payload) -> Payload:
        path = context().input_path(require(payload, "path", str))
        inspector = await context().resource("file inspection", open_inspector)
        return {**payload, "dataframe": await asyncio.to_thread(open_chunked, path, chunk_parameter, chunk_size, inspector)}

    return run_task


def load_dataset(init_args: Mapping[str, Any]) -> TaskBody:
    """Add one variable of ``dataframe`` under ``dataset``."""
    variable = init_args["variable"]

    async def run_task(payload: Payload) -> Payload:
        dataframe = require(payload, "dataframe")
        return {**payload, "dataset": await asyncio.to_thread(variable_of, dataframe, variable)}

    return run_task


def open_netcdf(init_args: Mapping[str, Any]) -> TaskBody:
    """Turn ``path`` into one variable under ``dataset``, lazy and chunked, and where it comes from under ``source``."""
    variable = init_args["variable"]
    chunk_parameter = init_args.get("chunk_parameter", "time")
    chunk_size = init_args.get("chunk_size", 12)
    to_celsius = init_args.get("units") == "°C"

    async def run_task(payload: Payload) -> Payload:
        path = context().input_path(require(payload, "path", str))
        inspector = await context().resource("file inspection", open_inspector)
        dataframe = await asyncio.to_thread(open_chunked, path, chunk_parameter, chunk_size, inspector)
        dataset = await asyncio.to_thread(variable_of, dataframe, variable)
        if to_celsius:
            dataset = await asyncio.to_thread(in_celsius, dataset)
        others = {key: value for key, value in payload.items() if key != "path"}
        return {**others, "dataset": dataset, "source": describe(dataset, path)}

    return run_task


def split_by_season(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Open a branch for each season: its part of ``dataset``, ``season``, ``season_name`` and the number of its ``months``."""

    async def run_task(payload: Payload) -> list[Payload]:
        parts = await asyncio.to_thread(seasons_of, require(payload, "dataset"))
        return [
            {**payload, "dataset": part, "season": season, "season_name": SEASONS[season], "months": part.sizes["time"]}
            for season, part in parts
        ]

    return run_task
