from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

import engine
from engine.catalog import load_catalog
from engine.errors import JobMapError
from engine.files import load_job_map, parse_job_map
from engine.lazy_dataclasses import compile_all
from engine.model.editing import set_argument
from engine.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.problems import Problem
    from engine.validation.subject import Definitions

    Make: TypeAlias = Callable[..., dict[str, Any]]

SPOILED_MAPS = Path(__file__).parent.parent.parent / "spoiled_maps"
INDEX = json.loads((SPOILED_MAPS / "index.json").read_text(encoding="utf-8"))
JOBS = sorted((Path(engine.__file__).parent.parent / "resources" / "jobs").glob("*/job.json"))


def _all_problems(path: Path) -> list[Problem]:
    try:
        return validate(load_job_map(path), load_catalog())
    except JobMapError as error:
        return list(error.problems)


@pytest.mark.parametrize("expected", INDEX, ids=[entry["file"] for entry in INDEX])
def test_that_each_spoiled_map_is_reported_at_its_place(expected: dict[str, Any]) -> None:
    problems = _all_problems(SPOILED_MAPS / expected["file"])
    errors = [problem for problem in problems if problem.is_error]
    found = [
        {"file": expected["file"], "code": each.code, "pointer": each.pointer, "line": each.line, "column": each.column} for each in errors
    ]
    assert expected in found


def test_that_the_index_names_every_spoiled_map() -> None:
    files = {path.name for path in SPOILED_MAPS.iterdir()} - {"index.json"}
    assert {entry["file"] for entry in INDEX} == files


@pytest.mark.parametrize("path", JOBS, ids=[path.parent.name for path in JOBS])
def test_that_the_example_jobs_have_no_problems(path: Path) -> None:
    assert _all_problems(path) == []


def test_that_problems_come_in_the_order_of_the_document(tmp_path: Path, catalog: Definitions, job: Make, task: Make) -> None:
    data = job(
        {**task("a"), "namespace": "x"},
        *[task(f"b{index}", init_args={"no": 1}) for index in range(12)],
        edges="in>nowhere a>out",
        unknown=1,
    )
    path = tmp_path / "job.json"
    path.write_text(json.dumps(data, indent=2), encoding="utf-8")
    problems = validate(load_job_map(path), catalog)
    places = [(problem.line or 0, problem.column or 0) for problem in problems]
    assert places == sorted(places)
    assert [problem.pointer for problem in validate(parse_job_map(data), catalog)] == [problem.pointer for problem in problems]


def test_that_problems_of_an_edited_job_map_have_no_line(tmp_path: Path, catalog: Definitions, job: Make, task: Make) -> None:
    path = tmp_path / "job.json"
    path.write_text(json.dumps(job(task("a"), edges="in>a a>out")), encoding="utf-8")
    job_map = load_job_map(path)
    (problem,) = validate(set_argument(job_map, job_map.tasks[2].key, "no", 1), catalog)
    assert (problem.pointer, problem.line, problem.column) == ("/tasks/2/init_args/no", None, None)


@pytest.mark.parametrize("namespace", ["os", "antigravity", "..evil", "http://example.org/x", "x" * 10_000])
def test_that_no_text_of_a_job_map_is_imported_or_opened(job: Make, task: Make, namespace: str) -> None:
    catalog = load_catalog()
    assert len(catalog.definitions)  # definitions are read when they are first asked for
    data = job({**task("a"), "namespace": namespace, "method": "system"}, edges="in>a a>out")
    events: list[str] = []
    watching = True

    def watch(event: str, _: tuple[object, ...]) -> None:
        if watching and event in ("import", "open", "exec", "compile", "subprocess.Popen", "socket.connect"):
            events.append(event)

    compile_all()
    sys.addaudithook(watch)
    problems = validate(parse_job_map(data), catalog)
    watching = False
    assert events == []
    assert [problem.code for problem in problems] == ["unknown-namespace"]
