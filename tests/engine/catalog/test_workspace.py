"""A user's own namespaces: trust, isolation, and what is said when their code cannot be loaded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

import engine
from engine.catalog import load_catalog
from engine.catalog.scaffolding import new_namespace, new_task
from engine.catalog.trust import trust
from engine.errors import JobMapError, NotTrustedError

if TYPE_CHECKING:
    from pathlib import Path

    from engine.problems import Problem

CLIP = "def make_task_dict():\n    return {'clip': clip}\n\n\ndef clip(init_args):\n"


def loading_problem(workspace: Path, method: str = "clip") -> Problem:
    with pytest.raises(JobMapError) as caught:
        load_catalog(workspace, trust=True).load_body("geo", method, {})
    (problem,) = caught.value.problems
    return problem


def test_that_definitions_of_an_untrusted_workspace_are_read_and_its_code_is_not(workspace: Path, write_tasks: Any) -> None:
    write_tasks(workspace, "geo", f"raise SystemExit('imported')\n{CLIP}    return None\n")
    catalog = load_catalog(workspace)
    assert catalog.definition("geo", "clip") is not None
    with pytest.raises(NotTrustedError, match="is not trusted: its task code has not been loaded"):
        catalog.load_body("geo", "clip", {})


async def test_that_a_workspace_trusted_this_time_gives_bodies(workspace: Path) -> None:
    body = load_catalog(workspace, trust=True).load_body("geo", "clip", {})
    assert await body({"a": 1}) == {"a": 1}


async def test_that_a_workspace_trusted_for_good_gives_bodies(workspace: Path) -> None:
    trust(workspace)
    body = load_catalog(workspace).load_body("geo", "clip", {})
    assert await body({"a": 1}) == {"a": 1}


async def test_that_two_workspaces_with_equal_names_keep_their_own_code(tmp_path: Path, write_tasks: Any) -> None:
    bodies = []
    for name in ("one", "two"):
        new_namespace(tmp_path / name, "geo")
        new_task(tmp_path / name, "geo", "clip")
        write_tasks(
            tmp_path / name,
            "geo",
            f"from .library import NAME\n{CLIP}    async def run_task(payload):\n        return {{'from': NAME}}\n    return run_task\n",
        )
        (tmp_path / name / "task_namespaces/geo/library.py").write_text(f"NAME = {name!r}\n", encoding="utf-8")
        bodies.append(load_catalog(tmp_path / name, trust=True).load_body("geo", "clip", {}))
    assert [await body({}) for body in bodies] == [{"from": "one"}, {"from": "two"}]


async def test_that_no_namespace_hides_a_module_of_the_standard_library(tmp_path: Path) -> None:
    new_namespace(tmp_path, "json.decoder")
    new_task(tmp_path, "json.decoder", "clip")
    path_before = list(sys.path)
    body = load_catalog(tmp_path, trust=True).load_body("json.decoder", "clip", {})
    assert await body({"a": 1}) == {"a": 1}
    assert sys.path == path_before
    assert "task_namespaces" not in (sys.modules["json"].__file__ or "")


async def test_that_changed_code_is_loaded_anew_by_the_next_catalogue(workspace: Path, write_tasks: Any) -> None:
    before = load_catalog(workspace, trust=True).load_body("geo", "clip", {})
    write_tasks(workspace, "geo", f"{CLIP}    async def run_task(payload):\n        return {{'changed': True}}\n    return run_task\n")
    after = load_catalog(workspace, trust=True).load_body("geo", "clip", {})
    assert (await before({}), await after({})) == ({}, {"changed": True})


def test_that_a_closure_gets_a_dict_of_arguments_of_its_own(workspace: Path, write_tasks: Any) -> None:
    write_tasks(
        workspace, "geo", f"{CLIP}    init_args['a'] = 2\n    async def run_task(payload):\n        return payload\n    return run_task\n"
    )
    init_args = {"a": 1}
    load_catalog(workspace, trust=True).load_body("geo", "clip", init_args)
    assert init_args == {"a": 1}


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        (f"import no_such_library\n{CLIP}    return None\n", 1, "ModuleNotFoundError: No module named 'no_such_library'"),
        ("def broken(:\n", 1, "SyntaxError: invalid syntax"),
        ("from .tasks import clip\n", 1, "ImportError: cannot import name 'clip' from partially initialized module"),
        ("1 / 0\n", 1, "ZeroDivisionError: division by zero"),
        ("import sys\nsys.exit(3)\n", 2, "SystemExit: 3"),
        (f"{CLIP}    return init_args['size']\n", 6, "KeyError: 'size'"),
        ("def make_task_dict():\n    return {}\n", 6, "KeyError: 'clip'"),
    ],
)
def test_that_code_that_cannot_be_loaded_is_named_with_file_and_line(
    workspace: Path, write_tasks: Any, code: str, line: int, text: str
) -> None:
    path = write_tasks(workspace, "geo", code)
    problem = loading_problem(workspace)
    assert problem.code == "task-code-broken"
    assert problem.message.startswith(f'the task code of "geo.clip" cannot be loaded: {text}')
    assert problem.message.endswith(f", at {path}:{line}")


def test_that_a_missing_entry_of_a_dictionary_is_explained(workspace: Path, write_tasks: Any) -> None:
    write_tasks(workspace, "geo", "def make_task_dict():\n    return {}\n")
    assert loading_problem(workspace).hint == "make_task_dict of this file has no 'clip'"


def test_that_a_closure_without_a_body_is_refused(workspace: Path, write_tasks: Any) -> None:
    write_tasks(workspace, "geo", f"{CLIP}    return None\n")
    assert loading_problem(workspace).message == 'the closure of "geo.clip" must return an async def, and returned NoneType'


def test_that_an_error_without_a_text_is_named_by_its_type(workspace: Path, write_tasks: Any) -> None:
    write_tasks(workspace, "geo", "class Mute(Exception):\n    def __str__(self):\n        raise ValueError\nraise Mute\n")
    assert loading_problem(workspace).message.startswith('the task code of "geo.clip" cannot be loaded: Mute, at ')


def test_that_a_very_long_error_is_cut(workspace: Path, write_tasks: Any) -> None:
    write_tasks(workspace, "geo", "raise ValueError('x' * 10_000_000)\n")
    assert len(loading_problem(workspace).message) < 3000


def test_that_a_job_names_the_task_whose_code_cannot_be_loaded(workspace: Path, write_tasks: Any) -> None:
    write_tasks(workspace, "geo", "import no_such_library\n")
    task = {"name": "clip", "type": "function", "namespace": "geo", "method": "clip", "consumes": "any", "produces": "map", "init_args": {}}
    job_map = engine.parse_job_map(
        {
            "name": "A job",
            "datasource": {"source": "direct", "content": {"a": 1}},
            "tasks": [{"name": "in", "type": "input"}, task, {"name": "out", "type": "output"}],
            "workflow": [["in", "clip"], ["clip", "out"]],
        }
    )
    with pytest.raises(JobMapError) as caught:
        engine.build_job(job_map, workspace=workspace, trust=True)
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.task) == ("/tasks/1", "clip")
    with pytest.raises(NotTrustedError):
        engine.build_job(job_map, workspace=workspace)
