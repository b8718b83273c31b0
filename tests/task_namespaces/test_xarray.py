"""The tasks on NetCDF files and on the cluster, against plain numpy on the same files."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import xarray as xr

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Array = np.ndarray[Any, Any]
    RunMethod = Callable[..., Awaitable[Any]]
    Connected = Callable[[], AbstractAsyncContextManager[Any]]
    Sample = Callable[[str], str]

XARRAY = "main.xarray"
STATISTICS = "main.xarray.statistics"
MONTHS = {"DJF": [12, 1, 2], "MAM": [3, 4, 5], "JJA": [6, 7, 8], "SON": [9, 10, 11]}
RELATIVE = 1e-12  # all is computed in 64-bit floats; only the order of sums differs


def celsius(path: str) -> tuple[np.ma.MaskedArray[Any, Any], Array, Array]:
    """The temperatures of ostia_monthly.nc by numpy alone, masked, with their months as ``datetime64[M]`` and latitudes."""
    with xr.open_dataset(path) as dataset:
        values = dataset["surface_temperature"].values.astype("float64") - 273.15
        return np.ma.masked_invalid(values), dataset["time"].values.astype("datetime64[M]"), dataset["latitude"].values.astype("float64")


def days_in(months: Array) -> Array:
    """The number of days of each month, by the calendar."""
    days: Array = ((months + np.timedelta64(1, "M")).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(float)
    return days


async def test_that_a_file_is_opened_lazily_in_chunks_of_one_dimension(run_method: RunMethod, sample: Sample) -> None:
    payload = {"path": sample("ostia_monthly.nc"), "note": 1}
    result = await run_method(XARRAY, "load_dataframe", payload, chunk_size=12, chunk_parameter="time")
    chunks = result["dataframe"]["surface_temperature"].chunks
    assert chunks == ((12, 12, 12, 12, 6), (18,), (432,))
    assert {key: result[key] for key in payload} == payload
    assert payload.keys() == {"path", "note"}


async def test_that_files_are_opened_beside_the_loop(run_method: RunMethod, sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []
    open_dataset = xr.open_dataset

    def noted(*args: Any, **options: Any) -> Any:
        threads.append(threading.current_thread())
        return open_dataset(*args, **options)

    monkeypatch.setattr(xr, "open_dataset", noted)
    await run_method(XARRAY, "load_dataframe", {"path": sample("ostia_monthly.nc")}, chunk_size=12, chunk_parameter="time")
    assert threads
    assert threading.main_thread() not in threads


async def test_that_a_dimension_that_the_file_lacks_is_answered_with_those_it_has(run_method: RunMethod, sample: Sample) -> None:
    with pytest.raises(ValueError, match=r'no dimension "tiem" to chunk by; it has time \(54\), .*432.*Did you mean "time"\?'):
        await run_method(XARRAY, "load_dataframe", {"path": sample("ostia_monthly.nc")}, chunk_size=2, chunk_parameter="tiem")


async def test_that_a_variable_that_the_file_lacks_is_answered_with_those_it_has(run_method: RunMethod, sample: Sample) -> None:
    opened = await run_method(XARRAY, "load_dataframe", {"path": sample("SOI_Darwin.nc")}, chunk_size=100, chunk_parameter="time")
    with pytest.raises(ValueError, match=r'no variable "SOI_Darvin"; there are "SOI_Darwin"\. Did you mean "SOI_Darwin"\?'):
        await run_method(XARRAY, "load_dataset", opened, variable="SOI_Darvin")


async def test_that_what_is_no_netcdf_file_is_refused(run_method: RunMethod, tmp_path: Path) -> None:
    text = tmp_path / "text.nc"
    text.write_text("no NetCDF", encoding="utf-8")
    with pytest.raises(ValueError, match=r"text\.nc: cannot be read as NetCDF"):
        await run_method(XARRAY, "load_dataframe", {"path": str(text)}, chunk_size=2, chunk_parameter="time")


@pytest.mark.parametrize("path", ["missing.nc", "http://127.0.0.1:9/data.nc", "."])
async def test_that_only_files_are_opened(run_method: RunMethod, path: str) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        await run_method(XARRAY, "load_dataframe", {"path": path}, chunk_size=2, chunk_parameter="time")


async def test_that_open_netcdf_says_where_the_data_come_from(run_method: RunMethod, sample: Sample) -> None:
    result = await run_method(XARRAY, "open_netcdf", {"path": sample("ostia_monthly.nc")}, variable="surface_temperature", units="°C")
    assert result.keys() == {"dataset", "source"}
    assert result["source"] == {
        "file": "ostia_monthly.nc",
        "variable": "surface_temperature",
        "units": "°C",
        "period": ["2006-04-16", "2010-09-16"],
        "grid": {"time": 54, "latitude": 18, "longitude": 432},
    }


async def test_that_dates_of_other_calendars_are_told_too(run_method: RunMethod, sample: Sample) -> None:
    result = await run_method(XARRAY, "open_netcdf", {"path": sample("A1B_north_america.nc")}, variable="air_temperature")
    assert result["source"]["period"] == ["1860-06-01", "2099-06-01"]
    assert result["source"]["units"] == "K"


async def test_that_only_temperatures_are_turned_into_celsius(run_method: RunMethod, sample: Sample) -> None:
    with pytest.raises(ValueError, match=r'"SOI_Darwin" is in units None, which are no temperature'):
        await run_method(XARRAY, "open_netcdf", {"path": sample("SOI_Darwin.nc")}, variable="SOI_Darwin", units="°C")


@pytest.mark.parametrize("statistic", ["mean", "max", "min"])
async def test_that_a_statistic_is_a_future_first_and_then_the_number_of_numpy(
    run_method: RunMethod, connected: Connected, sample: Sample, statistic: str
) -> None:
    path = sample("ostia_monthly.nc")
    async with connected() as client:
        payload = await run_method("main.dask", "dask_connect", {"path": path})
        assert payload == {"path": path, "client": client}
        payload = await run_method(XARRAY, "load_dataframe", payload, chunk_size=12, chunk_parameter="time")
        payload = await run_method(XARRAY, "load_dataset", payload, variable="surface_temperature")
        payload = await run_method(STATISTICS, "get_statistic", payload, statistic=statistic)
        assert payload.keys() == {"path", "client", "dataframe", "dataset", "future"}
        result = await run_method("main.dask", "get_result", payload)
    values, _, _ = celsius(path)
    assert result == {"value": pytest.approx(float(getattr(values, statistic)()) + 273.15, rel=RELATIVE)}
    assert type(result["value"]) is float


async def test_that_a_failed_future_fails_its_task(run_method: RunMethod, connected: Connected) -> None:
    async with connected() as client:
        with pytest.raises(ZeroDivisionError):
            await run_method("main.dask", "get_result", {"future": client.submit(divmod, 1, 0)})


async def test_that_get_result_wants_a_future(run_method: RunMethod) -> None:
    with pytest.raises(ValueError, match='"future" must be of type Awaitable, got int: 3'):
        await run_method("main.dask", "get_result", {"future": 3})


@pytest.fixture
def opened(run_method: RunMethod, sample: Sample) -> Callable[[], Awaitable[Any]]:
    """Open the sea surface temperature in degrees Celsius."""
    return lambda: run_method(XARRAY, "open_netcdf", {"path": sample("ostia_monthly.nc")}, variable="surface_temperature", units="°C")


async def test_that_every_month_is_in_one_season(run_method: RunMethod, opened: Callable[[], Awaitable[Any]]) -> None:
    branches = await run_method(XARRAY, "split_by_season", await opened())
    assert [(branch["season"], branch["months"]) for branch in branches] == [("DJF", 12), ("MAM", 14), ("JJA", 15), ("SON", 13)]
    months = {branch["season"]: set(branch["dataset"]["time"].dt.month.values.tolist()) for branch in branches}
    assert months == {season: set(numbers) for season, numbers in MONTHS.items()}
    assert branches[0]["season_name"] == "December to February"


async def test_that_a_season_without_months_is_left_out(run_method: RunMethod, opened: Callable[[], Awaitable[Any]]) -> None:
    dataset = (await opened())["dataset"].isel(time=slice(0, 2))
    assert [branch["season"] for branch in await run_method(XARRAY, "split_by_season", {"dataset": dataset})] == ["MAM"]


async def test_that_data_without_dates_have_no_seasons(run_method: RunMethod, sample: Sample) -> None:
    payload = {"path": sample("rotated_pole.nc")}
    opened = await run_method(XARRAY, "open_netcdf", payload, variable="air_pressure_at_sea_level", chunk_parameter="grid_latitude")
    with pytest.raises(ValueError, match=r'no dimension "time" of dates .* it has grid_latitude, grid_longitude'):
        await run_method(XARRAY, "split_by_season", opened)


async def test_that_seasonal_means_their_numbers_and_their_range_are_those_of_numpy(
    run_method: RunMethod, connected: Connected, sample: Sample, opened: Callable[[], Awaitable[Any]]
) -> None:
    values, months, latitudes = celsius(sample("ostia_monthly.nc"))
    every_field = []
    async with connected():
        payload = await opened()
        common = await run_method(STATISTICS, "seasonal_range", payload)
        for branch in await run_method(XARRAY, "split_by_season", payload):
            chosen = np.isin(months.astype(int) % 12 + 1, MONTHS[branch["season"]])
            expected: np.ma.MaskedArray[Any, Any] = np.ma.masked_array(
                np.ma.average(values[chosen], axis=0, weights=days_in(months[chosen]))
            )
            result = await run_method(STATISTICS, "seasonal_mean", branch)
            assert "dataset" not in result
            field = np.ma.masked_invalid(result["field"].values)
            assert (field.mask == expected.mask).all()
            assert 0 < expected.mask.sum() < expected.size
            np.testing.assert_allclose(field.compressed(), expected.compressed(), rtol=RELATIVE)
            numbers = await run_method(STATISTICS, "describe_field", result)
            weights = np.broadcast_to(np.cos(np.deg2rad(latitudes))[:, None], expected.shape)
            wanted = {"mean": np.ma.average(expected, weights=weights), "max": expected.max(), "min": expected.min()}
            assert {name: numbers[name] for name in wanted} == pytest.approx(wanted, abs=5.1e-7)  # rounded to six decimals
            assert "field" not in numbers
            every_field.append(expected)
    low, high = min(field.min() for field in every_field), max(field.max() for field in every_field)
    assert common["value_range"] == [np.floor(low * 2) / 2, np.ceil(high * 2) / 2]


async def test_that_summaries_are_those_of_numpy_and_say_when_and_where(
    run_method: RunMethod, connected: Connected, sample: Sample, opened: Callable[[], Awaitable[Any]]
) -> None:
    values, months, latitudes = celsius(sample("ostia_monthly.nc"))
    weights = np.broadcast_to(days_in(months)[:, None, None] * np.cos(np.deg2rad(latitudes))[None, :, None], values.shape)
    async with connected():
        payload = await opened()
        found = {name: (await run_method(STATISTICS, "summarize", payload, statistic=name))[name] for name in ("mean", "max", "min")}
    assert found["mean"] == {"value": pytest.approx(np.ma.average(values, weights=weights), abs=5.1e-7), "units": "°C"}
    warmest = np.unravel_index(values.argmax(), values.shape)
    coldest = np.unravel_index(values.argmin(), values.shape)
    for name, place in (("max", warmest), ("min", coldest)):
        assert found[name]["value"] == pytest.approx(float(values[place]), abs=5.1e-7)
        assert found[name]["time"].startswith(str(months[place[0]]))
        assert found[name]["latitude"] == pytest.approx(float(latitudes[place[1]]), abs=5.1e-4)


async def test_that_data_that_are_all_missing_have_no_statistics(run_method: RunMethod, connected: Connected) -> None:
    nothing = xr.DataArray(np.full((2, 3), np.nan), dims=("y", "x"), name="nothing")
    async with connected():
        for statistic in ("mean", "max", "min"):
            with pytest.raises(ValueError, match="all of them are missing"):
                await run_method(STATISTICS, "summarize", {"dataset": nothing.chunk()}, statistic=statistic)
    with pytest.raises(ValueError, match="all of them are missing"):
        await run_method(STATISTICS, "describe_field", {"field": nothing})


@pytest.mark.parametrize(
    ("variable", "what"),
    [
        (xr.DataArray(1.0, name="grid"), "a single value"),
        (xr.DataArray(["a", "b"], dims="x", name="grid"), "values of type <U1"),
        (xr.DataArray(np.array(["2026-01-01"], "datetime64[ns]"), dims="x", name="grid"), r"values of type datetime64\[ns\]"),
    ],
)
async def test_that_what_holds_no_numbers_has_no_statistics(run_method: RunMethod, variable: xr.DataArray, what: str) -> None:
    with pytest.raises(ValueError, match=f'"grid" holds {what}: there are no numbers'):
        await run_method(STATISTICS, "get_statistic", {"dataset": variable, "client": None}, statistic="mean")


async def test_that_an_extreme_may_be_at_a_place_with_a_name(run_method: RunMethod, connected: Connected) -> None:
    stations = xr.DataArray([3.0, 9.0, np.nan], {"station": ["Darwin", "Tahiti", "Kiribati"]}, name="pressure").chunk()
    async with connected():
        result = await run_method(STATISTICS, "summarize", {"dataset": stations}, statistic="max")
    assert result == {"max": {"value": 9.0, "units": "", "station": "Tahiti"}}
