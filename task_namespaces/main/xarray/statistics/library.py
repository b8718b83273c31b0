"""Statistics of a variable: lazy ones to be computed on a cluster, and plain numbers made of what comes back.

Missing values are left out of every statistic. Numbers for people are rounded to six decimals, far below what 32-bit data can tell.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from task_namespaces.main.xarray.library import seasons_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import xarray

Statistic: TypeAlias = Literal["mean", "max", "min"]

DECIMALS = 6


def reduced(variable: xarray.DataArray, statistic: Statistic) -> xarray.DataArray:
    """Return the lazy mean, max or min of all values alike, in 64-bit floats.

    Raises:
        ValueError: the statistic is none of them, or the variable holds no numbers to compute it over.
    """
    if statistic not in ("mean", "max", "min"):
        raise ValueError(f'statistic must be "mean", "max" or "min", got {statistic!r}')
    reduction: xarray.DataArray = getattr(_numbers(variable), statistic)()
    return reduction


def time_mean(variable: xarray.DataArray) -> xarray.DataArray:
    """Return the lazy mean over ``time`` of monthly data, where each month counts by its number of days.

    A place without a single value stays missing.
    """
    days = variable["time"].dt.days_in_month
    return _numbers(variable).weighted(days).mean("time", keep_attrs=True)


def season_extremes(variable: xarray.DataArray) -> list[xarray.DataArray]:
    """Return, lazy, the least and the greatest value of each season's mean."""
    means = [time_mean(part) for _, part in seasons_of(variable)]
    return [extreme for mean in means for extreme in (mean.min(), mean.max())]


def summary(variable: xarray.DataArray, statistic: Statistic) -> xarray.Dataset:
    """Return, lazy, the ``value`` of a statistic; for max and min also the ``index`` of the first place that has it.

    The mean is taken over everything, months of monthly data counting by their days and rows of a latitude by its cosine. The index
    counts through the dimensions in their order, the last one fastest.
    """
    if statistic == "mean":
        return _numbers(variable).weighted(_weights(variable)).mean().to_dataset(name="value")
    worst = -math.inf if statistic == "max" else math.inf
    values = _numbers(variable).fillna(worst)
    flat = values.data.reshape(-1)
    index = flat.argmax() if statistic == "max" else flat.argmin()
    return reduced(values, statistic).to_dataset(name="value").assign(index=((), index))


def summary_in_words(variable: xarray.DataArray, computed: xarray.Dataset) -> dict[str, Any]:
    """Return a computed summary as plain values: value, units, and for an extreme the coordinates of its place."""
    numbers = {"value": rounded(float(computed["value"])), "units": str(variable.attrs.get("units", ""))}
    return {**numbers, **_place(variable, int(computed["index"]))} if "index" in computed else numbers


def mean_and_extremes(field: xarray.DataArray) -> dict[str, float]:
    """Return ``mean`` (rows of a latitude counting by its cosine), ``max`` and ``min`` of a field in memory."""
    numbers = {"mean": field.weighted(_weights(field)).mean(), "max": field.max(), "min": field.min()}
    return {name: rounded(float(value)) for name, value in numbers.items()}


def outer_range(values: Iterable[float]) -> list[float]:
    """Return the least and the greatest of the values, rounded outwards to halves.

    Raises:
        ValueError: one of them is not finite.
    """
    finite = [rounded(float(value)) for value in values]
    return [math.floor(min(finite) * 2) / 2, math.ceil(max(finite) * 2) / 2]


def rounded(value: float) -> float:
    """Return a number as people are shown it.

    Raises:
        ValueError: it is not finite, because there was no value to compute it from.
    """
    if not math.isfinite(value):
        raise ValueError("there is no value to compute this from: all of them are missing")
    return round(value, DECIMALS)


def _numbers(variable: xarray.DataArray) -> xarray.DataArray:
    if variable.dtype.kind not in "biuf" or not variable.ndim:
        what = "a single value" if not variable.ndim else f"values of type {variable.dtype}"
        raise ValueError(f'"{variable.name}" holds {what}: there are no numbers to compute a statistic over')
    return variable.astype("float64")


def _weights(variable: xarray.DataArray) -> xarray.DataArray:
    import numpy as np  # noqa: PLC0415  not at import time: closures are loaded on the event loop
    import xarray as xr  # noqa: PLC0415  as numpy, and it takes seconds

    weights = xr.DataArray(1.0)
    if "time" in variable.dims:
        weights = weights * variable["time"].dt.days_in_month
    for name in variable.dims:
        if name in variable.coords and variable[name].attrs.get("standard_name") == "latitude":
            weights = weights * np.cos(np.deg2rad(variable[name].astype("float64")))
    return weights


def _place(variable: xarray.DataArray, index: int) -> dict[str, Any]:
    positions = {}
    for name, length in reversed(list(variable.sizes.items())):
        index, positions[name] = divmod(index, length)
    place = variable.isel(positions)
    return {str(name): _plain(place[name].values[()]) for name in variable.dims if name in place.coords}


def _plain(value: Any) -> str | float:
    """A coordinate as plain value: a number to three decimals, the day of a numpy or cftime time, else its text."""
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d"))
    return round(float(value), 3) if value.dtype.kind in "iuf" else str(value)[:10] if value.dtype.kind == "M" else str(value)


async def submitted(client: Any, make: Callable[..., Any], *arguments: Any) -> Any:
    """Return the futures of what ``make(*arguments)`` says lazily, submitted by an asynchronous dask client.

    Making a graph, and readying it for the scheduler, takes long enough to be felt on an event loop: both happen in a thread.
    """

    def submit() -> Any:
        lazy = make(*arguments)
        return client.compute(lazy)

    return await asyncio.to_thread(submit)


def without(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the values without the one of a key."""
    return {each: value for each, value in values.items() if each != key}
