"""The structural rules: one spoiled place for each beside what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.catalog.rules import check_namespaces
from engine.catalog.scaffolding import new_namespace

if TYPE_CHECKING:
    from pathlib import Path

    from engine.problems import Problem

FACTORY = "task_namespaces/geo/task_factory.py"
TASKS = "task_namespaces/geo/tasks.py"


def check(workspace: Path) -> list[Problem]:
    return check_namespaces(workspace / "task_namespaces", workspace / "definitions")


def test_that_a_new_workspace_keeps_all_rules(workspace: Path) -> None:
    assert check(workspace) == []


def test_that_module_docstrings_imports_and_entries_are_the_authors_own(workspace: Path) -> None:
    new_namespace(workspace, "geo.rasters")
    path = workspace / TASKS
    text = path.read_text(encoding="utf-8").replace(
        '"""The tasks of this namespace, each a closure over its arguments."""', '"""Clipping."""'
    )
    path.write_text(
        text.replace("if TYPE_CHECKING:", "import math\n\nfrom .library import clip_box\n\nif TYPE_CHECKING:"), encoding="utf-8"
    )
    (workspace / "task_namespaces/geo/library.py").write_text("import math\n\n\ndef clip_box():\n    return math.pi\n", encoding="utf-8")
    (workspace / "task_namespaces/geo/pictures").mkdir()
    assert check(workspace) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (FACTORY, "if not route_list:", "if len(route_list) == 0:", "the function get_task is not that of the template"),
        (FACTORY, "return {}", 'return {"rasters": lazy_get_task(".rasters.task_factory", __package__)}', 'names "rasters", which is not'),
        (FACTORY, "return {}", "return dict()", "does more than return a dictionary"),
        (
            FACTORY,
            "from engine.tasks import lazy_get_task\n",
            "from engine.tasks import lazy_get_task\nimport os\n",
            "imports are not those",
        ),
        (FACTORY, "def get_task(", "CHILDREN = 3\n\n\ndef get_task(", "a task factory holds nothing but its two functions"),
        (FACTORY, "def get_task(", "def other():\n    pass\n\n\ndef get_task(", 'a task factory has no function "other"'),
        (FACTORY, "def make_task_dict", "def make_dict", "the function make_task_dict is not that of the template"),
        ("task_namespaces/task_factory.py", '".geo.task_factory"', '".other.task_factory"', 'the entry is not "geo": lazy_get_task'),
        ("task_namespaces/task_factory.py", '        "geo": lazy_get_task(".geo.task_factory", __package__),\n', "", 'lacks "geo"'),
        (
            TASKS,
            "return make_task_dict()[task_name](init_args)",
            "return clip(init_args)",
            "the function get_task is not that of the template",
        ),
        (TASKS, '"clip": clip', '"clip": get_task', 'the entry is not "clip": clip'),
        (TASKS, '"clip": clip', '"clap": clip', 'the dictionary lacks "clip"'),
        (TASKS, "def clip(init_args", "def clip(arguments", '"clip" is no closure'),
        (TASKS, "    async def run_task", "    def run_task", '"clip" is no closure'),
        (TASKS, "def run_task(payload:", "def run_task(payload, more:", '"clip" is no closure'),
        (TASKS, "return run_task", "return None", '"clip" is no closure'),
        (TASKS, "def get_task(", "SIZE = 3\n\n\ndef get_task(", "holds nothing but imports, its two functions and closures"),
        (TASKS, "from typing", "from engine.catalog import load_catalog\nfrom typing", "engine.tasks alone, not engine.catalog"),
        (TASKS, "from typing", "import ephemeral_gui\nfrom typing", "engine.tasks alone, not ephemeral_gui"),
        (TASKS, "from __future__", "from __past__ (", "is no Python"),
        ("task_namespaces/geo/__init__.py", '"""\n', '"""\nSIZE = 3\n', "holds one docstring and nothing else"),
        ("definitions/geo/clip.json", '"consumes"', '"consoles"', "'consumes' is a required property"),
    ],
)
def test_that_a_spoiled_place_is_named(workspace: Path, file: str, old: str, new: str, sentence: str) -> None:
    path = workspace / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [problem for problem in check(workspace) if sentence in problem.message]
    assert [problem.file for problem in found] == [str(path)]
    assert all(problem.line for problem in found)


@pytest.mark.parametrize(
    "line", ["import engine", "from engine.tasks import context", "from .tasks import clip", "from . import task_factory"]
)
def test_that_a_library_that_knows_of_ephemeral_is_named(workspace: Path, line: str) -> None:
    path = workspace / "task_namespaces/geo/library.py"
    path.write_text(f"import math\n{line}\n", encoding="utf-8")
    (problem,) = check(workspace)
    assert (problem.file, problem.line) == (str(path), 2)
    assert problem.message.startswith("a library module knows nothing of Ephemeral, and imports ")


@pytest.mark.parametrize("name", ["__init__.py", "task_factory.py", "tasks.py"])
def test_that_a_missing_file_is_named(workspace: Path, name: str) -> None:
    (workspace / "task_namespaces/geo" / name).unlink()
    assert f"the namespace has no {name}" in [problem.message for problem in check(workspace)]


def test_that_a_definition_without_code_is_named(workspace: Path) -> None:
    path = workspace / "definitions/geo/warp.json"
    path.write_text((workspace / "definitions/geo/clip.json").read_text(encoding="utf-8").replace("clip", "warp"), encoding="utf-8")
    (problem,) = check(workspace)
    assert (problem.code, problem.file) == ("definition-without-code", str(path))


def test_that_code_without_a_definition_is_named(workspace: Path) -> None:
    (workspace / "definitions/geo/clip.json").unlink()
    (problem,) = check(workspace)
    assert (problem.code, problem.file) == ("code-without-definition", str(workspace / TASKS))


def test_that_the_rules_run_no_task_code(workspace: Path) -> None:
    path = workspace / TASKS
    path.write_text(f"{path.read_text(encoding='utf-8')}\n\nraise SystemExit\n", encoding="utf-8")
    assert [problem.code for problem in check(workspace)] == ["namespace-shape"]


def test_that_an_empty_workspace_breaks_no_rule(tmp_path: Path) -> None:
    assert check(tmp_path) == []
