"""Rules of the tasks as such: one input, outputs, names, what every function task has."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from engine.problems import Severity, pointer_to
from engine.validation.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.problems import Problem
    from engine.validation.subject import Subject

_REQUIRED = ("namespace", "method", "consumes", "produces")


def check_structure(subject: Subject) -> Iterator[Problem]:
    """Yield the problems of the tasks as such."""
    yield from _input(subject)
    yield from _outputs(subject)
    yield from _names(subject)
    yield from _twins(subject)
    yield from _ids(subject)
    yield from _required_keys(subject)


def _input(subject: Subject) -> Iterator[Problem]:
    inputs = [index for index, _ in subject.inputs]
    if not inputs:
        yield subject.problem("no-input", "there is no input task", "tasks", hint="add a task of type input")
    for index in inputs[1:]:
        first = pointer_to("tasks", inputs[0])
        message = f"a second input task; the first is {first}"
        yield subject.problem("several-inputs", message, "tasks", index, hint="a job has exactly one input task")


def _outputs(subject: Subject) -> Iterator[Problem]:
    if not subject.outputs:
        yield subject.problem("no-output", "there is no output task", "tasks", hint="add a task of type output")


def _names(subject: Subject) -> Iterator[Problem]:
    if len(subject.indexes) == len(subject.job_map.tasks) and "" not in subject.indexes:
        return
    for index, task in enumerate(subject.job_map.tasks):
        first = subject.indexes[task.name]
        if first != index:
            message = f"the name {quoted(task.name)} is taken by {pointer_to('tasks', first)}"
            yield subject.problem("duplicate-name", message, "tasks", index, "name", hint="give each task its own name")
        if not task.name:
            yield subject.problem("empty-name", "a task needs a name", "tasks", index, "name")


def _twins(subject: Subject) -> Iterator[Problem]:
    """Names that a person can hardly tell apart are different names all the same."""
    together = "\n".join(subject.indexes)
    if together.isascii() and (together.islower() or len(set(map(str.lower, subject.indexes))) == len(subject.indexes)):
        return
    firsts: dict[str, str] = {}
    for name, index in subject.indexes.items():
        first = firsts.setdefault(_looks(name), name)
        if first != name:
            place = pointer_to("tasks", subject.indexes[first])
            message = f"the name {quoted(name)} looks like that of {place}, but is another one"
            yield subject.problem("twin-names", message, "tasks", index, "name", severity=Severity.WARNING)


def _looks(name: str) -> str:
    if name.isascii():
        return name.lower()
    from unicodedata import normalize  # noqa: PLC0415  most names do without it

    return normalize("NFC", normalize("NFC", name).casefold())


def _ids(subject: Subject) -> Iterator[Problem]:
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for index, task in subject.special:
        if task.id is not None:
            holders[task.id].append(index)
    for identity, indexes in holders.items():
        for index in indexes[1:]:
            message = f"the id {quoted(identity)} is that of {pointer_to('tasks', indexes[0])}, too"
            yield subject.problem("duplicate-id", message, "tasks", index, "id", severity=Severity.WARNING)


def _required_keys(subject: Subject) -> Iterator[Problem]:
    for contract, places in subject.contracts.items():
        lacking = [key for key, text in zip(_REQUIRED, contract, strict=True) if not text]
        for key in lacking:
            for index, _ in places:
                yield subject.problem("missing-key", f'a function task needs the key "{key}"', "tasks", index, key)
