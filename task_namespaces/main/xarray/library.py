"""NetCDF files opened lazily in chunks, and the variables in them.

xarray is imported by the functions that need it, in the thread or worker where they are called: it takes seconds.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from .outside_data import identity_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import xarray

    from .outside_data import Inspector

SEASONS = {"DJF": "December to February", "MAM": "March to May", "JJA": "June to August", "SON": "September to November"}
"""The meteorological seasons by the initials of their months."""

ZERO_CELSIUS = 273.15


def open_chunked(path: Path, dimension: str, size: int, inspector: Inspector) -> xarray.Dataset:
    """Open a NetCDF file lazily, in chunks of ``size`` along a dimension and whole along the others.

    Raises:
        FileNotFoundError: there is no file at the path; addresses of the net are none.
        ValueError: the file is no NetCDF, leads to other files, or has no such dimension.
    """
    import xarray as xr  # noqa: PLC0415  see the top of this file

    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file")
    looked_at = inspector.refuse_outside_data(path)
    try:
        dataset = xr.open_dataset(path, engine="netcdf4", cache=False, decode_timedelta=False)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as NetCDF: {error}") from error
    if identity_of(path) != looked_at:
        dataset.close()
        raise ValueError(f"{path}: it became another file while it was opened")
    if dimension not in dataset.sizes:
        dataset.close()
        known = ", ".join(f"{name} ({length})" for name, length in dataset.sizes.items())
        raise ValueError(f'{path} has no dimension "{dimension}" to chunk by; it has {known or "none"}{_nearest(dimension, dataset.sizes)}')
    return dataset.chunk({dimension: size})


def variable_of(dataset: xarray.Dataset, name: str) -> xarray.DataArray:
    """Return a variable of a dataset.

    Raises:
        ValueError: there is none of that name; the text names those that there are.
    """
    if name not in dataset.variables:
        known = ", ".join(f'"{each}"' for each in dataset.data_vars)
        raise ValueError(f'there is no variable "{name}"; there are {known or "none"}{_nearest(name, dataset.variables)}')
    return dataset[name]


def in_celsius(variable: xarray.DataArray) -> xarray.DataArray:
    """Return a temperature in degrees Celsius, as 64-bit floats; one that is in them already as it is.

    Raises:
        ValueError: the variable's ``units`` are neither kelvin nor degrees Celsius.
    """
    units = variable.attrs.get("units")
    if units in ("degC", "°C", "celsius", "degree_Celsius"):
        return variable
    if units not in ("K", "kelvin", "Kelvin"):
        raise ValueError(f'"{variable.name}" is in units {units!r}, which are no temperature: leave the units as in the file')
    return (variable.astype("float64") - ZERO_CELSIUS).assign_attrs(variable.attrs, units="°C")


def describe(variable: xarray.DataArray, path: Path) -> dict[str, Any]:
    """Return in plain values where a variable comes from: file, variable, units, period (None without a time) and grid."""
    coordinate = variable.coords.get("time")
    days = [] if coordinate is None or not coordinate.size else [_day(coordinate.values.flat[index]) for index in (0, -1)]
    return {
        "file": path.name,
        "variable": str(variable.name),
        "units": str(variable.attrs.get("units", "")),
        "period": days or None,
        "grid": {str(name): length for name, length in variable.sizes.items()},
    }


def seasons_of(variable: xarray.DataArray) -> list[tuple[str, xarray.DataArray]]:
    """Return each season that the variable has times in, December to February first, with all its times of any year.

    Raises:
        ValueError: the variable has no ``time`` dimension, or its values are no times.
    """
    if "time" not in variable.dims or not hasattr(variable["time"], "dt"):
        known = ", ".join(str(name) for name in variable.dims)
        raise ValueError(f'"{variable.name}" has no dimension "time" of dates to take seasons from; it has {known or "none"}')
    season_of_time = variable["time"].dt.season.values
    parts = [(season, variable.isel(time=season_of_time == season)) for season in SEASONS]
    return [(season, part) for season, part in parts if part.sizes["time"]]


def _day(time: Any) -> str:
    """The day of a numpy or cftime time as ISO text."""
    text = str(time) if not hasattr(time, "strftime") else time.strftime("%Y-%m-%d")
    return text[:10]


def _nearest(wanted: str, known: Iterable[Any]) -> str:
    nearest = difflib.get_close_matches(wanted, [str(name) for name in known], n=1, cutoff=0.6)
    return f'. Did you mean "{nearest[0]}"?' if nearest else ""
