"""Every example job runs as it stands and gives what is written beside it."""

from __future__ import annotations

import asyncio
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import iris_sample_data
import numpy as np
import pytest
import xarray as xr
from typing_extensions import override

import engine
from engine.execution.results import results_to_json
from engine.files import dump_job_map

pytestmark = pytest.mark.timeout(300)  # two jobs start a cluster of their own, which takes its time on a busy machine

JOBS = Path(engine.__file__).parent.parent / "resources" / "jobs"
NAMES = ("simple-example", "branching-strings", "multi-layer-vector", "dask-and-xarray", "seasonal-sea-surface-report")
MAIN_JOB = "seasonal-sea-surface-report"
ROUNDED = 5.1e-7  # numbers of the report are rounded to six decimals


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The output folder of each job that was run, by name; its results are in ``results.json``."""
    return {"": tmp_path_factory.mktemp("runs")}


def output_of(name: str, runs: dict[str, Path]) -> tuple[Any, Path]:
    """The results of a job as ``--results`` writes them, and its output folder; every job is run once for all tests."""
    folder = runs[""] / name
    if name not in runs:
        folder.mkdir()
        result = asyncio.run(engine.run(engine.load_job_map(JOBS / name / "job.json"), output=folder))
        assert result.ok, [failure.describe() for failure in result.failures]
        (folder / "results.json").write_bytes(results_to_json(result.outputs, None).dump())
        runs[name] = folder
    return json.loads((folder / "results.json").read_text("utf-8")), folder


def nearly(value: Any) -> Any:
    """The same JSON value, with numbers that may differ in the order of sums of 64-bit floats."""
    match value:
        case dict():
            return {key: nearly(each) for key, each in value.items()}
        case list():
            return [nearly(each) for each in value]
        case float():
            return pytest.approx(value, rel=1e-12)
        case _:
            return value


def test_that_these_are_all_the_jobs() -> None:
    assert {folder.parent.name for folder in JOBS.glob("*/job.json")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_that_a_job_gives_what_is_written_beside_it(name: str, runs: dict[str, Path]) -> None:
    expected = json.loads((JOBS / name / "expected.json").read_text("utf-8"))
    results, _ = output_of(name, runs)
    assert results == nearly(expected)


@pytest.mark.parametrize("name", NAMES)
def test_that_the_validator_has_nothing_to_say(name: str) -> None:
    assert engine.validate(engine.load_job_map(JOBS / name / "job.json")) == []


@pytest.mark.parametrize("name", NAMES)
def test_that_saving_a_job_changes_no_byte(name: str) -> None:
    path = JOBS / name / "job.json"
    assert dump_job_map(engine.load_job_map(path)) == path.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_that_a_job_speaks_to_a_person(name: str) -> None:
    job_map = engine.load_job_map(JOBS / name / "job.json")
    assert job_map.description
    assert job_map.description.endswith(".")


def test_that_the_numbers_of_the_report_are_those_of_plain_xarray(runs: dict[str, Path]) -> None:
    results, _ = output_of(MAIN_JOB, runs)
    _, seasons, numbers = [output["data"][0] for output in results]
    with xr.open_dataset(Path(iris_sample_data.path) / "ostia_monthly.nc") as dataset:
        temperature = dataset["surface_temperature"].load().astype("float64") - 273.15
    days = temperature["time"].dt.days_in_month
    area: xr.DataArray = np.cos(np.deg2rad(temperature["latitude"].astype("float64")))  # type: ignore[assignment]  # numpy gives back what it got
    assert numbers["mean"]["value"] == pytest.approx(float(temperature.weighted(days * area).mean()), abs=ROUNDED)
    assert numbers["max"]["value"] == pytest.approx(float(temperature.max()), abs=ROUNDED)
    assert numbers["min"]["value"] == pytest.approx(float(temperature.min()), abs=ROUNDED)
    means = (temperature * days).groupby("time.season").sum("time", skipna=False) / days.groupby("time.season").sum()
    for row in seasons["seasons"]:
        mean = means.sel(season=row["season"])
        wanted = {
            "mean": mean.weighted(area).mean(),
            "max": mean.max(),
            "min": mean.min(),
            "months": (temperature["time"].dt.season == row["season"]).sum(),
        }
        assert {key: row[key] for key in wanted} == pytest.approx({key: float(value) for key, value in wanted.items()}, abs=ROUNDED)


class Addresses(HTMLParser):
    """Everything that a browser would fetch for a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "data", "poster")]


def test_that_the_report_is_one_file_with_a_map_per_season(runs: dict[str, Path]) -> None:
    results, folder = output_of(MAIN_JOB, runs)
    report, seasons, _ = [output["data"][0] for output in results]
    page = (folder / report["report"]).read_text("utf-8")
    addresses = Addresses(page).found
    assert len(addresses) == 4
    assert all(address.startswith("data:image/png;base64,") for address in addresses)
    assert "url(" not in page
    for row in seasons["seasons"]:
        assert (folder / row["picture"]).read_bytes().startswith(b"\x89PNG")
        assert f"{row['mean']:.2f}" in page
    for words in ("Seasonal sea surface report", "ostia_monthly.nc", "surface_temperature", "2006-04-16 to 2010-09-16", "18 latitude"):
        assert words in page
