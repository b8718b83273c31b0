"""The definition files of one folder: ``<namespace as folders>/<method>.json``, read without any task code."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.catalog.definition_reader import is_name, read_definition
from engine.catalog.definition_rules import definition_problems
from engine.files.strict_json import JsonDocument, read_json_bytes
from engine.lazy_dataclasses import dataclass
from engine.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.model.definition import Definition, MethodName
    from engine.model.json_value import JsonValue

MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FoundDefinitions:
    """What a folder of definitions holds: those that can be used, and what is wrong with the others."""

    definitions: Mapping[MethodName, Definition]
    problems: tuple[Problem, ...] = ()

    def only(self, top: str) -> FoundDefinitions:
        """Return what lies in one top-level namespace, with a problem for each definition outside of it."""
        inside = {name: each for name, each in self.definitions.items() if name[0].partition(".")[0] == top}
        outside = [name for name in self.definitions if name not in inside]
        sentence = f'outside of "{top}", the one top-level namespace that its package adds'
        found = [Problem("namespace-taken", f'"{".".join(name)}" is {sentence}') for name in outside]
        return FoundDefinitions(inside, (*self.problems, *found))


def read_definitions(folder: Path, *, with_schema: bool) -> FoundDefinitions:
    """Read every definition below a folder; a folder that is not there holds none.

    Args:
        folder: the folder that the top-level namespaces lie in.
        with_schema: check each file with the published JSON Schema; else only those that the quick reader refuses.
    """
    definitions: dict[MethodName, Definition] = {}
    problems: list[Problem] = []
    for path in _files(folder):
        definition, found = read_definition_file(path, folder, with_schema=with_schema)
        problems += [replace(problem, file=str(path)) for problem in found]
        if definition is not None:
            definitions[definition.namespace, definition.name] = definition
    return FoundDefinitions(definitions, tuple(problems))


def definition_files(folder: Path) -> dict[MethodName, Path]:
    """Return the files below a folder by namespace and method, as their places say."""
    return {(".".join(path.relative_to(folder).parts[:-1]), path.stem): path for path in _files(folder)}


def read_definition_file(path: Path, folder: Path, *, with_schema: bool) -> tuple[Definition | None, list[Problem]]:
    """Return the definition in a file, None where an error among the problems forbids its use."""
    steps = path.relative_to(folder).with_suffix("").parts
    if len(steps) < 2 or not all(is_name(step) for step in steps):
        sentence = "a definition lies in a folder for each element of its namespace; folders and file are named by letters, digits and _"
        return None, [Problem("definition-place", sentence)]
    document = _read_document(path)
    if document.problems or document.text is None:
        return None, list(document.problems)
    definition = read_definition(document.value, ".".join(steps[:-1]))
    problems = _schema_problems(document.value) if with_schema or definition is None else []
    if definition is not None:
        problems += definition_problems(definition, document.value, steps[-1])
    usable = not any(problem.is_error for problem in problems)
    return (definition if usable else None), _placed(problems, document.text) if problems else []


def _placed(problems: list[Problem], text: str) -> list[Problem]:
    from engine.files.places import with_places  # noqa: PLC0415  only a definition with flaws needs it

    return with_places(problems, text)


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        yield from (Path(parent, name) for name in sorted(files) if name.endswith(".json") and not name.startswith("."))


def _read_document(path: Path) -> JsonDocument:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return _unreadable("not a regular file")
        if status.st_size > MOST_BYTES:
            return _unreadable(f"larger than {MOST_BYTES} bytes")
        return read_json_bytes(path.read_bytes())
    except OSError as error:
        return _unreadable(f"cannot be read: {error.strerror or error}")


def _unreadable(sentence: str) -> JsonDocument:
    return JsonDocument(None, None, (Problem("definition-unreadable", sentence),), complete=False)


def _schema_problems(data: JsonValue) -> list[Problem]:
    from engine.catalog.schema_check import schema_problems  # noqa: PLC0415  # brings jsonschema

    return schema_problems(data)
