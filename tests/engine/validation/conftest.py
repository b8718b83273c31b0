"""A small catalogue in memory, and job maps to spoil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.files import parse_job_map
from engine.model.definition import Argument, Definition
from engine.model.job_map import RunsOn
from engine.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.problems import Problem


class MemoryCatalog:
    """Definitions without files."""

    problems = ()

    def __init__(self, *definitions: Definition) -> None:
        self._definitions = {(each.namespace, each.name): each for each in definitions}

    def definition(self, namespace: str, method: str) -> Definition | None:
        return self._definitions.get((namespace, method))

    def namespaces(self) -> Sequence[str]:
        return tuple(dict.fromkeys(namespace for namespace, _ in self._definitions))

    def methods(self, namespace: str) -> Sequence[str]:
        return tuple(method for each, method in self._definitions if each == namespace)


_CATALOG = MemoryCatalog(
    Definition("words", "split", "", ("string",), ("list(string)",)),
    Definition("words", "count", "", ("list(string)", "list"), ("integer",)),
    Definition("flow", "pass", "", ("any", "map", "list", "list(any)"), ("any",)),
    Definition("flow", "fan", "", ("any",), ("any",), fans_out=True),
    Definition("flow", "threaded", "", ("any",), ("any",), runs=RunsOn.THREAD),
    Definition(
        "flow",
        "ask",
        "",
        ("any",),
        ("any",),
        (
            Argument("text", "string", required=True, description="What to ask."),
            Argument("count", "integer", minimum=1, maximum=9),
            Argument("share", "float"),
            Argument("flag", "boolean"),
            Argument("table", "map"),
            Argument("names", "list(string)"),
            Argument("how", "string", enum=("fast", "slow")),
            Argument("anything", "any"),
            Argument("none", "string", default=None, has_default=True),
            Argument("source", "string", format="path"),
            Argument("target", "string", format="output-path"),
        ),
    ),
)


@pytest.fixture
def catalog() -> MemoryCatalog:
    """Namespaces ``words`` and ``flow``."""
    return _CATALOG


def _task(name: str, method: str = "pass", **fields: Any) -> dict[str, Any]:
    namespace = "words" if method in ("split", "count") else "flow"
    base = {"name": name, "type": "function", "namespace": namespace, "method": method, "consumes": "any", "produces": "any"}
    return {**base, "init_args": {}, **fields}


@pytest.fixture
def task() -> Callable[..., dict[str, Any]]:
    """Make a function task as data: name, method, other fields."""
    return _task


def _job(*tasks: dict[str, Any], edges: str, **fields: Any) -> dict[str, Any]:
    workflow = [edge.split(">") for edge in edges.split()]
    ends = ({"name": "in", "type": "input"}, {"name": "out", "type": "output"})
    datasource = {"source": "direct", "content": {}}
    return {"name": "job", "datasource": datasource, "tasks": [*ends, *tasks], "workflow": workflow, **fields}


@pytest.fixture
def job() -> Callable[..., dict[str, Any]]:
    """Make a job map as data: function tasks behind ``in`` (0) and ``out`` (1), and edges such as ``in>a a>out``."""
    return _job


def _problems(data: dict[str, Any]) -> list[Problem]:
    return validate(parse_job_map(data), _CATALOG)


@pytest.fixture
def problems() -> Callable[[dict[str, Any]], list[Problem]]:
    """Return everything that the validator finds in a job map given as data."""
    return _problems


@pytest.fixture
def found() -> Callable[[dict[str, Any]], list[tuple[str, str]]]:
    """Return code and pointer of everything that the validator finds in a job map given as data."""
    return lambda data: [(problem.code, problem.pointer) for problem in _problems(data)]
