"""No module imports, at run time, one that imports it; imports inside functions count, those for types alone do not."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "ephemeral_gui", "task_namespaces")


def modules_of(root: Path, package: str) -> dict[str, Path]:
    """Names of the modules below a folder; what a package hands on by its ``__init__.py`` is looked for where it is defined."""
    files = [file for file in (root / package).rglob("*.py") if file.name != "__init__.py"]
    return {".".join(file.relative_to(root).with_suffix("").parts): file for file in files}


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imported_by(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ImportFrom) and child.module is not None:
            yield child.module
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif not is_for_types(child):
            yield from imported_by(child)


def circle_in(root: Path, package: str) -> list[str]:
    modules = modules_of(root, package)
    imports = {name: set(imported_by(ast.parse(file.read_text(encoding="utf-8")))) & modules.keys() for name, file in modules.items()}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_that_no_import_runs_in_a_circle(package: str) -> None:
    assert modules_of(ROOT, package)
    assert circle_in(ROOT, package) == []


@pytest.mark.parametrize("line", ["from rooms import cellar", "import rooms.cellar", "def go():\n    from rooms.cellar import stairs"])
def test_that_a_circle_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "attic.py").write_text(line, encoding="utf-8")
    (tmp_path / "rooms" / "cellar.py").write_text("from rooms.attic import beam", encoding="utf-8")
    assert set(circle_in(tmp_path, "rooms")) == {"rooms.attic", "rooms.cellar"}


def test_that_an_import_for_types_is_no_circle(tmp_path: Path) -> None:
    (tmp_path / "rooms").mkdir()
    (tmp_path / "rooms" / "attic.py").write_text("if TYPE_CHECKING:\n    from rooms.cellar import stairs", encoding="utf-8")
    (tmp_path / "rooms" / "cellar.py").write_text("from rooms.attic import beam", encoding="utf-8")
    assert circle_in(tmp_path, "rooms") == []
