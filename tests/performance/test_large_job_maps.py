"""Large job maps open and validate at once. Processor time is measured, so that a busy machine does not fail the test."""

from __future__ import annotations

import itertools
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from engine.catalog import load_catalog
from engine.files import load_job_map
from engine.validation import validate

if TYPE_CHECKING:
    from pathlib import Path


def _chain(count: int) -> dict[str, Any]:
    example = {"type": "function", "namespace": "main", "method": "example", "consumes": "string", "produces": "string"}
    functions: list[dict[str, Any]] = [
        {"name": f"task {index}", **example, "init_args": {"example_property": f"{index}"}} for index in range(count - 2)
    ]
    tasks = [{"name": "in", "type": "input"}, *functions, {"name": "out", "type": "output"}]
    names = [task["name"] for task in tasks]
    workflow = [list(edge) for edge in itertools.pairwise(names)]
    datasource = {"source": "direct", "content": {"input": "text"}}
    return {"name": "large", "datasource": datasource, "tasks": tasks, "workflow": workflow}


@pytest.fixture
def large(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A job map of so many tasks in a row."""
    path = tmp_path / "large.json"
    path.write_text(json.dumps(_chain(request.param)), encoding="utf-8")
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


@pytest.mark.parametrize("large", [1_000, 10_000], indirect=True)
def test_that_opening_costs_a_small_multiple_of_reading_json(large: Path) -> None:
    text = large.read_text(encoding="utf-8")
    json_seconds = min(_seconds_to_read_json(text) for _ in range(5))
    assert min(_seconds_to_open(large) for _ in range(5)) < 15 * json_seconds


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
