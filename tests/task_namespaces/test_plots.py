"""The maps of main.plots."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.image import imread

from engine.tasks import PayloadError
from task_namespaces.main.plots.library import MapStyle, draw_map, filled_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    RunMethod = Callable[..., Awaitable[Any]]
    Connected = Callable[[], AbstractAsyncContextManager[Any]]

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def field() -> xr.DataArray:
    values = np.linspace(20.0, 30.0, 24).reshape(4, 6)
    values[1, 2] = np.nan
    latitude = xr.Variable("latitude", np.linspace(-4.0, 4.0, 4), {"standard_name": "latitude"})
    longitude = xr.Variable("longitude", np.linspace(0.0, 350.0, 6), {"standard_name": "longitude"})
    coordinates = {"latitude": latitude, "longitude": longitude}
    return xr.DataArray(values, coordinates, ("latitude", "longitude"), name="temperature", attrs={"units": "°C"})


def pixels(picture: bytes) -> Any:
    return imread(io.BytesIO(picture))


async def test_that_a_map_is_drawn_on_the_cluster_and_written_into_the_output_folder(
    run_method: RunMethod, connected: Connected, field: xr.DataArray, tmp_path: Path
) -> None:
    payload = {"field": field, "season": "DJF", "value_range": [20, 30.5], "source": {}}
    async with connected():
        result = await run_method("main.plots", "draw_map", payload, title="{season}", label="Temperature", save_as="maps/{season}.png")
    assert result == {"season": "DJF", "source": {}, "picture": "maps/DJF.png"}
    assert (tmp_path / "output" / "maps" / "DJF.png").read_bytes().startswith(PNG)


def test_that_the_same_field_gives_the_same_bytes(field: xr.DataArray) -> None:
    style = MapStyle("Title", "subtitle", "Temperature", "inferno", (20, 30))
    assert draw_map(field, style) == draw_map(field, style)


def test_that_a_common_range_gives_one_value_one_colour_on_every_map(field: xr.DataArray) -> None:
    warm = pixels(draw_map(field.where(field > 25), MapStyle(value_range=(20, 30))))
    whole = pixels(draw_map(field, MapStyle(value_range=(20, 30))))
    assert warm.shape == whole.shape
    middle = warm.shape[1] // 2
    top = slice(warm.shape[0] // 8, warm.shape[0] // 6)  # the northern row is above 25 °C
    assert (warm[top, middle] == whole[top, middle]).all()


def test_that_places_without_data_are_grey(field: xr.DataArray) -> None:
    grey = np.array([0xD9, 0xDD, 0xE1]) / 255
    nowhere = pixels(draw_map(field.where(field > 99), MapStyle(value_range=(20, 30))))
    middle = nowhere[nowhere.shape[0] // 2, nowhere.shape[1] // 2, :3]
    assert middle == pytest.approx(grey, abs=0.01)


def test_that_a_map_needs_two_dimensions(field: xr.DataArray) -> None:
    with pytest.raises(ValueError, match="a map needs a field of two dimensions, this one has 1: longitude"):
        draw_map(field[0], MapStyle())


def test_that_a_field_without_coordinates_has_a_map_too() -> None:
    assert draw_map(xr.DataArray(np.ones((3, 4)), dims=("y", "x")), MapStyle()).startswith(PNG)


async def test_that_a_range_must_have_two_ends_in_order(run_method: RunMethod, field: xr.DataArray) -> None:
    with pytest.raises(ValueError, match=r"a range is two numbers, the lower one first; got \[3, 2\]"):
        await run_method("main.plots", "draw_map", {"field": field, "value_range": [3, 2]}, save_as="map.png")


async def test_that_a_map_needs_a_field(run_method: RunMethod) -> None:
    with pytest.raises(PayloadError, match='the payload lacks "field"; it holds "dataset"'):
        await run_method("main.plots", "draw_map", {"dataset": 1})


def test_that_only_plain_values_are_filled_in() -> None:
    assert filled_in("{a} of {b}, {c}", {"a": "mean", "b": 12, "c": 1.5}) == "mean of 12, 1.5"
    assert filled_in("{a.__class__} {}", {"a": "x"}) == "{a.__class__} {}"
    with pytest.raises(ValueError, match=r"nothing to put in for \{b\}; there are a$"):
        filled_in("{b}", {"a": "x", "b": [1]})
