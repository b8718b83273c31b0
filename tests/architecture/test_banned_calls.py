"""Calls that a linter cannot name and that nobody may make."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "ephemeral_gui", "task_namespaces")
SOURCES = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]

BANNED = {
    "exec": "a nested Qt loop strands coroutines: use open() and a future",
    "exec_": "a nested Qt loop strands coroutines: use open() and a future",
    "processEvents": "a nested Qt loop strands coroutines",
    "waitForFinished": "it blocks the event loop",
}

ALLOWED = {
    # QDrag can be started in no other way; a drag begins in a mouse event, never in a coroutine
    "ephemeral_gui/palette/tree.py": ["exec"],
    # Python's own exec, of source text that the module wrote itself
    "engine/lazy_dataclasses.py": ["exec"],
}


def banned_calls(source: str) -> list[str]:
    """Return ``line: name`` of every banned method call in the source; a plain ``exec(...)`` counts too."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in BANNED:
                found.append(f"{node.lineno}: {name} ({BANNED[name]})")
            case _:
                pass
    return found


PICKLES = ("pickle", "cloudpickle", "shelve", "marshal")
LOADERS = ("load", "loads", "Unpickler", "open")


def unpickling(source: str) -> list[str]:
    """Return ``line: what`` of everything that would load a pickle: writing one, to compare or to send, is harmless."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in PICKLES and name in LOADERS:
                found.append(f"{node.lineno}: {module}.{name}")
            case ast.ImportFrom(module=module, names=names) if module in PICKLES:
                found += [f"{node.lineno}: {module}.{each.name}" for each in names if each.name in LOADERS]
            case ast.keyword(arg="allow_pickle", value=ast.Constant(value=True)):
                found.append(f"{node.lineno}: allow_pickle=True")
            case _:
                pass
    return found


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_that_no_nested_loop_is_started(file: Path) -> None:
    found = banned_calls(file.read_text(encoding="utf-8"))
    assert [call.split()[1] for call in found] == ALLOWED.get(file.relative_to(ROOT).as_posix(), [])


MAY_UNPICKLE = {"engine/execution/executors/wire.py": ["pickle.loads"]}
"""The reviewed module: it reads what another process of the same run wrote to a pipe between the two, and nothing else."""


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_that_nothing_is_unpickled(file: Path) -> None:
    found = unpickling(file.read_text(encoding="utf-8"))
    assert [each.split()[1] for each in found] == MAY_UNPICKLE.get(file.relative_to(ROOT).as_posix(), [])


def test_that_the_search_finds_a_planted_call() -> None:
    assert banned_calls("dialog.exec()\n") == ["1: exec (a nested Qt loop strands coroutines: use open() and a future)"]
    assert unpickling("from marshal import loads\nimport pickle\npickle.load(file)\n") == ["1: marshal.loads", "3: pickle.load"]
