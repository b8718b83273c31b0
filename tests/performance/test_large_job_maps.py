"""Large job maps open and validate at once. Processor time is measured, so that a busy machine does not fail the test."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from engine.catalog import load_catalog
from engine.files import load_job_map
from engine.validation import validate
from tests.performance.bench import rows
from tests.performance.bench.large_maps import large_map
from tests.performance.bench.measuring import FLOOR, OURS, measure
from tests.performance.bench.rows import ROWS

if TYPE_CHECKING:
    from pathlib import Path

    from engine.model.job_map import JobMap

MOST_RATIO = 9
"""Of loading and validating to json.loads: on a quiet machine it is near 4; the caches that others use make it more."""


@pytest.fixture
def large(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A job map of so many tasks in a row."""
    path = tmp_path / "large.json"
    path.write_text(json.dumps(large_map(request.param)), encoding="utf-8")
    return path


def _seconds_to_open(path: Path) -> float:
    catalog = load_catalog()
    assert len(catalog.definitions)
    start = time.process_time()
    assert validate(load_job_map(path), catalog) == []
    return time.process_time() - start


@pytest.mark.parametrize("large", [100_000], indirect=True)
def test_that_a_hundred_thousand_tasks_open_and_validate_in_three_seconds(large: Path) -> None:
    json_seconds = _seconds_to_read_json(large.read_text(encoding="utf-8"))
    slowness = max(1, json_seconds / 0.5)  # of a machine whose caches others use, too
    assert _seconds_to_open(large) < 3 * slowness


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_that_opening_costs_a_small_multiple_of_reading_json(count: int, tmp_path: Path) -> None:
    with ROWS[f"validation-{count}"](tmp_path) as row:
        ratio = measure(row).ratio(OURS, FLOOR)
    assert ratio is not None
    assert ratio < MOST_RATIO


def test_that_opening_would_be_noticed_to_cost_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def load_again_and_again(path: Path) -> JobMap:
        for _ in range(5):
            load_job_map(path)
        return load_job_map(path)

    monkeypatch.setattr(rows, "load_job_map", load_again_and_again)
    with ROWS["validation-1000"](tmp_path) as row:
        assert (measure(row).ratio(OURS, FLOOR) or 0) > MOST_RATIO


def _seconds_to_read_json(text: str) -> float:
    start = time.process_time()
    json.loads(text)
    return time.process_time() - start


@pytest.mark.parametrize("large", [10_000], indirect=True)
def test_that_ten_thousand_problems_are_found_and_placed_in_a_moment(large: Path) -> None:
    large.write_text(large.read_text(encoding="utf-8").replace('"method": "example"', '"method": "exmaple"'), encoding="utf-8")
    start = time.process_time()
    problems = validate(load_job_map(large), load_catalog())
    assert time.process_time() - start < 5
    assert len(problems) == 9_998
    assert {problem.hint for problem in problems} == {"did you mean 'example'?"}
