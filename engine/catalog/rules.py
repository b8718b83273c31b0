"""The structural rules of namespaces: what makes every library of tasks grow in one clear way.

1. Every folder of the code holds ``task_factory.py`` and ``tasks.py`` in the one shape: word for word the templates beside this module,
   but for module docstring, imports of tasks, the two dictionaries and the closures.
2. A factory leads to exactly the namespaces below it, a tasks dictionary to exactly the closures of its file.
3. A closure takes ``init_args`` alone and returns an ``async def`` of one payload.
4. Tasks know of Ephemeral ``engine.tasks`` alone; every other module knows nothing of Ephemeral.
5. Every definition has a closure, every closure a definition; definitions satisfy the published schema.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from engine.catalog.definition_files import read_definitions
from engine.catalog.source_editing import parse
from engine.catalog.stereotype import (
    FACTORY_FILE,
    PACKAGE_FILE,
    TASKS_FILE,
    ShapeError,
    closures,
    entries,
    factory_entry,
    fixed_functions,
    is_closure,
    other_statements,
    task_dictionary,
    tasks_entry,
    template,
)
from engine.lazy_dataclasses import dataclass
from engine.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AUTHORS_INTERFACE = "engine.tasks"
OUR_PACKAGES = frozenset(("engine", "ephemeral_gui"))


def check_namespaces(code_folder: Path, definitions_folder: Path) -> list[Problem]:
    """Return every breach of the structural rules, each with its file and line; no task code is imported.

    Args:
        code_folder: the root package of namespaces.
        definitions_folder: the definitions of the same namespaces.
    """
    problems: list[Problem] = []
    methods: set[tuple[str, str]] = set()
    for folder in _namespace_folders(code_folder):
        found = _check_namespace(folder)
        problems += found.problems
        namespace = ".".join(folder.relative_to(code_folder).parts)
        methods.update((namespace, method) for method in found.methods)
    return [*problems, *_check_definitions(methods, code_folder, definitions_folder)]


@dataclass(frozen=True, slots=True)
class _Checked:
    methods: tuple[str, ...]
    problems: tuple[Problem, ...]


def _namespace_folders(folder: Path) -> Iterator[Path]:
    """Yield the folder, where it is there, and those below it that hold Python files; folders of data are none of ours."""
    if not folder.is_dir():
        return
    yield folder
    for below in sorted(folder.iterdir()):
        if below.is_dir() and below.name != "__pycache__" and any(below.glob("*.py")):
            yield from _namespace_folders(below)


def _check_namespace(folder: Path) -> _Checked:
    problems = [
        Problem("namespace-file", f"the namespace has no {name}", file=str(folder))
        for name in (PACKAGE_FILE, FACTORY_FILE, TASKS_FILE)
        if not (folder / name).is_file()
    ]
    methods: tuple[str, ...] = ()
    for file in sorted(folder.glob("*.py")):
        module, found = _parsed(file)
        problems += found
        if module is not None:
            problems += [_at(file, *place) for place in _checks(file)(module, folder)]
        if module is not None and file.name == TASKS_FILE:
            methods = tuple(closures(module))
    return _Checked(methods, tuple(problems))


_Place = tuple[str, int]
"""What is wrong, and the line."""


def _checks(file: Path) -> Callable[[ast.Module, Path], Iterator[_Place]]:
    return {FACTORY_FILE: _check_factory, TASKS_FILE: _check_tasks, PACKAGE_FILE: _check_package}.get(file.name, _check_library)


def _parsed(file: Path) -> tuple[ast.Module | None, list[Problem]]:
    try:
        return parse(file.read_text(encoding="utf-8")), []
    except ShapeError as error:
        return None, [_at(file, str(error), error.line)]
    except (OSError, UnicodeDecodeError) as error:
        return None, [_at(file, f"cannot be read: {error}", 1)]


def _at(file: Path, sentence: str, line: int) -> Problem:
    return Problem("namespace-shape", sentence, file=str(file), line=line, column=1)


def _check_factory(module: ast.Module, folder: Path) -> Iterator[_Place]:
    yield from _check_fixed_functions(module, FACTORY_FILE)
    if _imports_of(module) != _imports_of(ast.parse(template(FACTORY_FILE))):
        yield "the imports are not those of the template", 1
    for statement in other_statements(module):
        yield "a task factory holds nothing but its two functions", statement.lineno
    children = [below.name for below in _namespace_folders(folder) if below.parent == folder]
    yield from _check_dictionary(module, {child: factory_entry(child) for child in children}, "a namespace below")
    for name, function in closures(module).items():
        yield f'a task factory has no function "{name}"', function.lineno


def _check_tasks(module: ast.Module, folder: Path) -> Iterator[_Place]:  # noqa: ARG001  # all checks are called alike
    yield from _check_fixed_functions(module, TASKS_FILE)
    for statement in other_statements(module):
        yield "a tasks module holds nothing but imports, its two functions and closures", statement.lineno
    own = closures(module)
    yield from _check_dictionary(module, {method: tasks_entry(method) for method in own}, "a closure of this file")
    for name, function in own.items():
        if not is_closure(function):
            yield f'"{name}" is no closure: it takes init_args alone, and returns an async def of one payload', function.lineno
    for name, line in _modules_imported(module):
        if name.partition(".")[0] in OUR_PACKAGES and name != AUTHORS_INTERFACE:
            yield f"tasks know of Ephemeral {AUTHORS_INTERFACE} alone, not {name}", line


def _check_package(module: ast.Module, folder: Path) -> Iterator[_Place]:  # noqa: ARG001  # all checks are called alike
    if ast.get_docstring(module) is None or len(module.body) != 1:
        yield f"{PACKAGE_FILE} of a namespace holds one docstring and nothing else", 1


def _check_library(module: ast.Module, folder: Path) -> Iterator[_Place]:  # noqa: ARG001  # all checks are called alike
    for name, line in _modules_imported(module):
        if name.partition(".")[0] in OUR_PACKAGES or name.rpartition(".")[2] in ("tasks", "task_factory"):
            yield f"a library module knows nothing of Ephemeral, and imports {name}", line


def _check_fixed_functions(module: ast.Module, file_name: str) -> Iterator[_Place]:
    for name, line in fixed_functions(module, file_name):
        yield f"the function {name} is not that of the template", line


def _check_dictionary(module: ast.Module, wanted: dict[str, str], what: str) -> Iterator[_Place]:
    try:
        dictionary = task_dictionary(module)
    except ShapeError as error:
        yield str(error), error.line
        return
    found = entries(dictionary)
    for name, value in found.items():
        if name not in wanted:
            yield f'the dictionary names "{name}", which is not {what}', value.lineno
        elif ast.dump(value) != _value_of(wanted[name]):
            yield f"the entry is not {wanted[name]}", value.lineno
    for name in wanted:
        if name not in found:
            yield f'the dictionary lacks "{name}", {what}', dictionary.lineno


def _value_of(entry: str) -> str:
    dictionary = ast.parse(f"{{{entry}}}", mode="eval").body
    return ast.dump(dictionary.values[0]) if isinstance(dictionary, ast.Dict) else ""


def _imports_of(module: ast.Module) -> list[str]:
    return [ast.dump(each) for each in module.body if isinstance(each, (ast.Import, ast.ImportFrom, ast.If))]


def _modules_imported(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield each imported module and its line; of ``from . import library`` it is ``library``."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module, node.lineno
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from ((alias.name, node.lineno) for alias in node.names)


def _check_definitions(methods: set[tuple[str, str]], code_folder: Path, definitions_folder: Path) -> list[Problem]:
    found = read_definitions(definitions_folder, with_schema=True)
    problems = list(found.problems)
    for namespace, method in sorted(found.definitions.keys() - methods):
        file = definitions_folder.joinpath(*namespace.split("."), f"{method}.json")
        problems.append(Problem("definition-without-code", f'there is no closure "{method}" in {namespace}', file=str(file)))
    for namespace, method in sorted(methods - found.definitions.keys()):
        file = code_folder.joinpath(*namespace.split("."), TASKS_FILE)
        problems.append(Problem("code-without-definition", f'the closure "{method}" has no definition that can be used', file=str(file)))
    return problems
