"""What ``import engine`` offers, and what it does not cost."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import engine

if TYPE_CHECKING:
    from engine import JobMap

HEAVY = (
    "PySide6",
    "dask",
    "distributed",
    "xarray",
    "numpy",
    "pandas",
    "jsonschema",
    "rich",
    "platformdirs",
    "asyncio",
    "importlib.metadata",
)
NOT_FOR_A_FIRST_RUN = {
    *("csv", "decimal", "difflib", "hashlib", "importlib.metadata", "pickle", "secrets", "tempfile", "unicodedata", "uuid"),
    *("engine.files.json_scanner", "engine.files.places", "engine.files.atomic", "engine.files.serializing"),
    *("engine.catalog.stereotype", "engine.catalog.trust", "engine.execution.data_files", "engine.execution.partial_runs"),
    *("engine.validation.cycles", "engine.validation.whole_file"),
}
SIMPLE = Path(engine.__file__).parents[1] / "resources" / "jobs" / "simple-example" / "job.json"


def modules_after(statement: str) -> set[str]:
    script = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603  # our own script
    return set(json.loads(done.stdout))


@pytest.fixture
def job_map(example_data: dict[str, Any]) -> JobMap:
    return engine.parse_job_map(example_data)


@pytest.mark.parametrize("statement", ["import engine", "import engine.tasks", "from engine.tasks import context, lazy_get_task"])
def test_that_the_engine_and_the_authors_interface_are_light(statement: str) -> None:
    modules = modules_after(statement)
    assert modules.isdisjoint(HEAVY)
    assert {name for name in modules if name.partition(".")[0] == "engine"} <= {"engine", "engine.lazy_names", "engine.tasks"}


def test_that_reading_checking_and_listing_methods_needs_no_heavy_library() -> None:
    statement = "import engine\nengine.load_catalog().definitions\nengine.load_job_map, engine.validate, engine.build_job, engine.run"
    assert modules_after(statement).isdisjoint(set(HEAVY) - {"asyncio", "importlib.metadata"})


@pytest.mark.parametrize("name", engine.__all__)
def test_that_every_name_of_the_front_door_is_there(name: str) -> None:
    assert getattr(engine, name) is not None
    assert name in dir(engine)


def test_that_type_checkers_see_the_names_from_the_modules_that_give_them() -> None:
    tree = ast.parse(inspect.getsource(engine))
    (block,) = (each for each in tree.body if isinstance(each, ast.If))
    seen = {alias.name: each.module for each in block.body if isinstance(each, ast.ImportFrom) for alias in each.names}
    assert seen == {name: module for module, names in engine._NAMES.items() for name in names}
    assert set(engine.__all__) == {*seen, "__version__"}


def test_that_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'engine' has no attribute 'load_jobmap'"):
        engine.load_jobmap  # noqa: B018  # asking is what is tested


def test_that_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(engine.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert engine.__version__ == project["version"]


async def test_that_a_job_map_runs_in_one_call(job_map: JobMap) -> None:
    result = await engine.run(job_map)
    assert result.ok
    assert result.outputs == [
        {"id": "out", "name": "out", "type": "output", "data": [{"input": "We got: This is a test!this is our test string input"}]}
    ]


async def test_that_a_built_job_runs_any_number_of_times(job_map: JobMap) -> None:
    job = engine.build_job(job_map)
    first, second = await job.run(), await job.run()
    assert first.outputs == second.outputs
    assert first.run_id != second.run_id


def test_that_validate_gives_every_problem_of_a_job_map(example_data: dict[str, Any]) -> None:
    job_map = engine.parse_job_map({**example_data, "workflow": [["in", "exampel"], ["example", "out"]]})
    assert all(isinstance(problem, engine.Problem) for problem in engine.validate(job_map))
    assert any(problem.hint == "did you mean 'example'?" for problem in engine.validate(job_map))


def test_that_a_job_map_with_problems_is_not_built(example_data: dict[str, Any]) -> None:
    job_map = engine.parse_job_map({**example_data, "tasks": example_data["tasks"][:2]})
    with pytest.raises(engine.JobMapError):
        engine.build_job(job_map)


def test_that_a_first_run_imports_little() -> None:
    """Time from process start to the first task is mostly imports: they are counted, since a busy machine changes no number."""
    bare = "import asyncio\nasync def main(): pass\nasyncio.run(main())"
    run = f"import engine\nassert asyncio.run(engine.run(engine.load_job_map({str(SIMPLE)!r}))).ok"
    added = modules_after(f"{bare}\n{run}") - modules_after(bare)
    assert added.isdisjoint(NOT_FOR_A_FIRST_RUN)
    assert len([name for name in added if name.partition(".")[0] == "engine"]) <= 100
    assert len([name for name in added if name.partition(".")[0] not in ("engine", "task_namespaces")]) <= 25
