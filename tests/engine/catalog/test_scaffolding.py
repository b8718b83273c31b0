"""New namespaces and tasks: what is written, what is refused, and that it loads, runs and keeps the rules at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.catalog import load_catalog
from engine.catalog.rules import check_namespaces
from engine.catalog.scaffolding import new_namespace, new_task
from engine.errors import InputMissingError, OutputError

if TYPE_CHECKING:
    from pathlib import Path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def run(workspace: Path, namespace: str, method: str) -> object:
    return await load_catalog(workspace, trust=True).load_body(namespace, method, {})({"a": 1})


async def test_that_a_new_task_loads_and_runs_at_once(tmp_path: Path) -> None:
    new_namespace(tmp_path, "geo.rasters")
    new_task(tmp_path, "geo.rasters", "clip")
    catalog = load_catalog(tmp_path)
    assert catalog.definition("geo.rasters", "clip") is not None
    assert catalog.problems == ()
    assert await run(tmp_path, "geo.rasters", "clip") == {"a": 1}


async def test_that_many_namespaces_and_tasks_live_together(tmp_path: Path) -> None:
    names = [
        ("geo", "a"),
        ("geo.rasters", "b"),
        ("geo.rasters", "c"),
        ("geo.rasters.deep.deeper", "d"),
        ("text", "e"),
        ("geo.vectors", "f"),
    ]
    for namespace in dict.fromkeys(namespace for namespace, _ in names):
        new_namespace(tmp_path, namespace)
    for namespace, method in names:
        new_task(tmp_path, namespace, method)
    assert [await run(tmp_path, *name) for name in names] == [{"a": 1}] * len(names)
    assert check_namespaces(tmp_path / "task_namespaces", tmp_path / "definitions") == []


def test_that_the_written_files_are_named_in_the_order_of_writing(tmp_path: Path) -> None:
    files = [str(path.relative_to(tmp_path)) for path in new_namespace(tmp_path, "geo")]
    names = ("__init__.py", "task_factory.py", "tasks.py")
    assert files == [f"task_namespaces/{name}" for name in names] + [f"task_namespaces/geo/{name}" for name in names]
    assert [str(path.relative_to(tmp_path)) for path in new_task(tmp_path, "geo", "clip")] == [
        "task_namespaces/geo/tasks.py",
        "definitions/geo/clip.json",
    ]


def test_that_written_code_compiles_keeps_the_rules_and_is_clean(tmp_path: Path) -> None:
    """What a linter and a formatter say of it besides is asked in ``tests/architecture``, where they are at hand."""
    new_namespace(tmp_path, "geo.rasters")
    new_task(tmp_path, "geo.rasters", "clip")
    new_task(tmp_path, "geo.rasters", "warp")
    assert check_namespaces(tmp_path / "task_namespaces", tmp_path / "definitions") == []
    for file in tmp_path.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        compile(text, file, "exec")
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert all(line == line.rstrip() and "\t" not in line and len(line) <= 140 for line in text.splitlines())


def test_that_nothing_is_overwritten(workspace: Path) -> None:
    before = tree(workspace)
    with pytest.raises(OutputError, match="the namespace geo is there already"):
        new_namespace(workspace, "geo")
    with pytest.raises(OutputError, match="the method clip is there already"):
        new_task(workspace, "geo", "clip")
    assert tree(workspace) == before


def test_that_a_closure_without_a_definition_is_not_doubled(workspace: Path) -> None:
    (workspace / "definitions/geo/clip.json").unlink()
    before = tree(workspace)
    with pytest.raises(OutputError, match=r'tasks.py:\d+: cannot be added to: the name "clip" is used there already'):
        new_task(workspace, "geo", "clip")
    assert tree(workspace) == before


def test_that_a_task_in_no_namespace_is_refused_with_the_command_that_makes_it(workspace: Path) -> None:
    with pytest.raises(InputMissingError, match=r"make it first: ephemeral new namespace geo\.rasters --workspace"):
        new_task(workspace, "geo.rasters", "clip")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "a name has letters"),
        ("geo.", "a name has letters"),
        ("..evil", "a name has letters"),
        ("../evil", "a name has letters"),
        ("a b", "a name has letters"),
        ("1st", "a name has letters"),
        ("gé", "a name has letters"),
        ("x" * 101, "a name has letters"),
        ("geo\n", "a name has letters"),
        ("class", "a word of the Python language"),
        ("geo.import", "a word of the Python language"),
        ("__init__", "a word of the Python language"),
        ("geo.tasks", 'every namespace has a file named "tasks"'),
        ("library", 'every namespace has a file named "library"'),
        ("main", '"main" is built in'),
        ("main.mine", '"main" is built in'),
    ],
)
def test_that_a_name_that_cannot_be_a_namespace_is_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        new_namespace(tmp_path / "workspace", name)
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize(
    "method", ["", "a-b", "a.b", "../a", "class", "list", "get_task", "make_task_dict", "Mapping", "annotations", "TaskBody"]
)
def test_that_a_name_that_cannot_be_a_method_is_refused(workspace: Path, method: str) -> None:
    before = tree(workspace)
    with pytest.raises((ValueError, OutputError)):
        new_task(workspace, "geo", method)
    assert tree(workspace) == before


@pytest.mark.parametrize(
    "dictionary",
    [
        "{}",
        '{"clip": clip}',
        '{"clip": clip,}',
        '{\n        "clip": clip\n    }',
        '{\n        "clip": clip,  # a remark, with a comma\n        # and one alone\n    }',
        '{"clip": clip,\n            "warp": warp}',
        '{\n        "clip": clip, "warp": warp, }',
        "{\n    }",
        "{\n        # nothing, yet\n    }",
        '{\n        "é": clip\n    }',
    ],
)
def test_that_an_entry_is_added_however_the_dictionary_is_written(workspace: Path, dictionary: str) -> None:
    path = workspace / "task_namespaces/geo/tasks.py"
    source = path.read_text(encoding="utf-8")
    start = source.index("return {") + len("return ")
    path.write_text(source[:start] + dictionary + source[source.index("\n\n\ndef get_task") :], encoding="utf-8")
    new_task(workspace, "geo", "added")
    module: dict[str, object] = {"warp": "warp"}
    exec(path.read_text(encoding="utf-8"), module)  # noqa: S102  # the edited file is what is tested
    tasks = module["make_task_dict"]()  # type: ignore[operator]  # a function of the file
    assert list(tasks)[-1] == "added"
    assert tasks["added"] is module["added"]
    assert [line for line in dictionary.splitlines() if "#" in line] == [
        line for line in path.read_text(encoding="utf-8").splitlines() if "#" in line
    ]


def test_that_everything_else_in_the_file_stays_as_it_was(workspace: Path) -> None:
    path = workspace / "task_namespaces/geo/tasks.py"
    before = path.read_text(encoding="utf-8").splitlines()
    new_task(workspace, "geo", "warp")
    after = path.read_text(encoding="utf-8").splitlines()
    rest = iter(after)
    assert all(line in rest for line in before)
    assert len(after) - len(before) == 1 + 2 + 7


def test_that_line_ends_are_kept(workspace: Path) -> None:
    path = workspace / "task_namespaces/geo/tasks.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    new_task(workspace, "geo", "warp")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def broken(:\n", "is no Python"),
        ("", "there is no function make_task_dict"),
        ("def make_task_dict():\n    return dict(clip=clip)\n", "does more than return a dictionary"),
        ("def make_task_dict():\n    tasks = {}\n    tasks['a'] = 1\n    return tasks\n", "does more than return a dictionary"),
        ("def make_task_dict():\n    return {**others}\n", "is not a text"),
        ("def make_task_dict():\n    return {1: clip}\n", "is not a text"),
        ("\0", "is no Python"),
        ("# é".encode("latin-1"), "cannot be read to be added to"),
    ],
)
def test_that_a_file_that_lost_the_shape_is_refused_and_left_alone(workspace: Path, source: str | bytes, reason: str) -> None:
    path = workspace / "task_namespaces/geo/tasks.py"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    before = tree(workspace)
    with pytest.raises(OutputError, match=reason):
        new_task(workspace, "geo", "warp")
    assert tree(workspace) == before


def test_that_a_workspace_that_cannot_be_made_is_an_error_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match="workspace"):
        new_namespace(tmp_path / "workspace", "geo")
