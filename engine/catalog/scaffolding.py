"""Making namespaces and tasks of the one shape in a workspace; what is made loads and runs at once.

A workspace is a folder::

    definitions/<namespace as folders>/<method>.json
    task_namespaces/task_factory.py, tasks.py                             the root, from which every route starts
    task_namespaces/<namespace as folders>/task_factory.py, tasks.py      and library.py, where there is one
"""

from __future__ import annotations

import builtins
import json
import keyword
import symtable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.catalog.definition_reader import is_name
from engine.catalog.loading import load_catalog
from engine.catalog.source_editing import parse, with_entry, with_function
from engine.catalog.sources import CODE_FOLDER, DEFINITIONS_FOLDER
from engine.catalog.stereotype import (
    FACTORY_FILE,
    PACKAGE_FILE,
    TASKS_FILE,
    ShapeError,
    entries,
    factory_entry,
    task_dictionary,
    tasks_entry,
    template,
)
from engine.errors import InputMissingError, OutputError
from engine.files.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable

_TAKEN_BY_FILES = frozenset(("tasks", "task_factory", "library", "definitions"))


def new_namespace(workspace: Path, name: str) -> list[Path]:
    """Make a namespace, and those above it that are not there yet; return the files that were written.

    Args:
        workspace: the user's folder; made where it is not there.
        name: dotted, such as ``geo.rasters``.

    Raises:
        ValueError: the name cannot be that of a namespace.
        OutputError: the namespace is there already, or a file cannot be written or no longer has the shape to be added to.
    """
    steps = _checked_namespace(name)
    root = Path(workspace) / CODE_FOLDER
    folder = root.joinpath(*steps)
    if (folder / FACTORY_FILE).exists():
        raise OutputError(folder, f"the namespace {name} is there already")
    written = _make_level(root, "")
    for depth, step in enumerate(steps, start=1):
        parent = root.joinpath(*steps[: depth - 1])
        written += _make_level(parent / step, ".".join(steps[:depth]))
        written += _add_child(parent / FACTORY_FILE, step)
    return list(dict.fromkeys(written))


def new_task(workspace: Path, namespace: str, method: str) -> list[Path]:
    """Add a method to a namespace of the workspace: its definition and a closure that passes the payload on.

    Args:
        workspace: the user's folder.
        namespace: a namespace that is there already.
        method: name of the method.

    Raises:
        ValueError: a name cannot be that of a namespace or a method.
        InputMissingError: the namespace is not there.
        OutputError: the method is there already, or a file cannot be written or no longer has the shape to be added to.
    """
    steps = _checked_namespace(namespace)
    _check_method(method)
    code = Path(workspace).joinpath(CODE_FOLDER, *steps, TASKS_FILE)
    definition = Path(workspace).joinpath(DEFINITIONS_FOLDER, *steps, f"{method}.json")
    if not code.is_file():
        raise InputMissingError(
            code, f'the namespace is not there; make it first: ephemeral new namespace {namespace} --workspace "{workspace}"'
        )
    if definition.exists():
        raise OutputError(definition, f"the method {method} is there already")
    _edit(code, lambda source: _with_method(source, method))
    _write_new(definition, _definition_text(method))
    return [code, definition]


def _checked_namespace(name: str) -> list[str]:
    steps = name.split(".")
    for step in steps:
        _check_name(step, f'the namespace "{name}"')
        if step in _TAKEN_BY_FILES:
            raise ValueError(f'the namespace "{name}" cannot be made: every namespace has a file named "{step}"')
    if steps[0] in {namespace.partition(".")[0] for namespace in load_catalog().namespaces()}:
        raise ValueError(f'the namespace "{name}" cannot be made in a workspace: "{steps[0]}" is built in or of an installed package')
    return steps


def _check_method(method: str) -> None:
    _check_name(method, f'the method "{method}"')
    if hasattr(builtins, method):
        raise ValueError(f'the method "{method}" cannot be made: it would hide what Python itself calls "{method}"')


def _check_name(name: str, what: str) -> None:
    if not is_name(name):
        raise ValueError(f"{what} cannot be made: a name has letters a to z, digits and _, at most 100, and begins with no digit")
    if keyword.iskeyword(name) or name.startswith("__"):
        raise ValueError(f'{what} cannot be made: "{name}" is a word of the Python language')


def _make_level(folder: Path, name: str) -> list[Path]:
    """Write those of the three files of a namespace that are not there."""
    title = f"Tasks of the namespace {name}." if name else "Tasks of this workspace."
    texts = {PACKAGE_FILE: f'"""{title}"""\n', FACTORY_FILE: template(FACTORY_FILE), TASKS_FILE: template(TASKS_FILE)}
    missing = [file for file in texts if not (folder / file).exists()]
    for file in missing:
        _write_new(folder / file, texts[file])
    return [folder / file for file in missing]


def _add_child(factory: Path, child: str) -> list[Path]:
    def edit(source: str) -> str:
        known = entries(task_dictionary(parse(source)))
        return source if child in known else with_entry(source, factory_entry(child))

    return [factory] if _edit(factory, edit) else []


def _with_method(source: str, method: str) -> str:
    module = parse(source)
    if method in entries(task_dictionary(module)) or method in _names_of(source):
        raise ShapeError(f'the name "{method}" is used there already', 1)
    return with_function(with_entry(source, tasks_entry(method)), template("closure.py").replace("METHOD", method))


def _names_of(source: str) -> frozenset[str]:
    """Return the names that the module's own scope binds."""
    return frozenset(symtable.symtable(source, TASKS_FILE, "exec").get_identifiers())


def _edit(file: Path, edit: Callable[[str], str]) -> bool:
    """Rewrite a file where the edit changes it, keeping its line ends; return whether it did."""
    try:
        source = file.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise OutputError(file, f"cannot be read to be added to: {error}") from error
    line_end = "\r\n" if "\r\n" in source else "\n"
    plain = source.replace("\r\n", "\n")
    try:
        edited = edit(plain)
        parse(edited)
    except ShapeError as error:
        raise OutputError(f"{file}:{error.line}", f"cannot be added to: {error}") from error
    if edited != plain:
        write_atomically(file, edited.replace("\n", line_end).encode())
    return edited != plain


def _write_new(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise OutputError(file, "is there already") from error
    except OSError as error:
        raise OutputError(file, f"cannot be written: {error.strerror or error}") from error


def _definition_text(method: str) -> str:
    definition = {
        "name": method,
        "description": "Passes the payload on as it came.",
        "consumes": ["any"],
        "produces": ["map"],
        "init_args": [],
    }
    return f"{json.dumps(definition, indent=2)}\n"
