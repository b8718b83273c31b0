"""Rules of the methods: each namespace and method is one that is installed."""

from __future__ import annotations

from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from engine.validation.wording import cut, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.model.job_map import Task
    from engine.problems import Problem
    from engine.validation.subject import Definitions, Subject

ELSEWHERE: Final = "use the workspace that has it, or install the package that brings it"


def check_methods(subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each function task whose namespace or method is not installed."""
    installed = _Installed(subject.catalog)
    for contract, places in subject.contracts.items():
        namespace, method, _, _ = contract
        if namespace and method and subject.definition(contract) is None:
            for index, task in places:
                yield _problem(subject, installed, index, task)


class _Installed:
    """Names of the catalogue, asked for once."""

    def __init__(self, catalog: Definitions) -> None:
        self._catalog = catalog
        self._methods: dict[str, Sequence[str]] = {}

    @cached_property
    def namespaces(self) -> Sequence[str]:
        return self._catalog.namespaces()

    def methods(self, namespace: str) -> Sequence[str]:
        if namespace not in self._methods:
            self._methods[namespace] = self._catalog.methods(namespace)
        return self._methods[namespace]

    def fault(self, namespace: str, method: str) -> str | None:
        """Return what keeps the definition of a method from being used; None where there is no such file."""
        wanted = f"/{namespace.replace('.', '/')}/{method}.json"
        found = (
            each for each in self._catalog.problems if each.is_error and each.file and f"/{PurePath(each.file).as_posix()}".endswith(wanted)
        )
        first = next(found, None)
        return None if first is None else f"its definition cannot be used: {first.describe()}"


def _problem(subject: Subject, installed: _Installed, index: int, task: Task) -> Problem:
    what = f"{cut(task.namespace)}.{cut(task.method)} is not installed"
    fault = installed.fault(task.namespace, task.method)
    if task.namespace in installed.namespaces:
        message = f"{what}: {cut(task.namespace)} has no method {quoted(task.method)}"
        hint = fault or subject.hints.nearest(task.method, installed.methods(task.namespace)) or ELSEWHERE
        return subject.problem("unknown-method", message, "tasks", index, "method", hint=hint)
    message = f"{what}: there is no namespace {quoted(task.namespace)}"
    hint = fault or subject.hints.nearest(task.namespace, installed.namespaces) or ELSEWHERE
    return subject.problem("unknown-namespace", message, "tasks", index, "namespace", hint=hint)
