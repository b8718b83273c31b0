"""Rules of the datasource: a known kind with the keys of its form. Whether files are there is seen when the job is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass
from engine.problems import Severity
from engine.validation.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.model.json_value import JsonValue
    from engine.problems import Problem
    from engine.validation.subject import Subject


@dataclass(frozen=True, slots=True)
class Form:
    """The keys of one kind of datasource."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


FILE_FORMATS = ("json", "jsonl", "csv")
FORMS = {
    "direct": Form(("content",)),
    "file": Form(("path",), ("format",)),
    "files": Form(("folder",), ("pattern",)),
    "sample": Form(("name",)),
}


def check_datasource(subject: Subject) -> Iterator[Problem]:
    """Yield the problems of the datasource."""
    datasource = subject.job_map.datasource
    form = FORMS.get(datasource.source)
    if form is None:
        message = f"there is no datasource {quoted(datasource.source)}"
        hint = subject.hints.nearest(datasource.source, FORMS) or f"one of {listed(FORMS, 'or')}"
        yield subject.problem("unknown-datasource", message, "datasource", "source", hint=hint)
        return
    for key in form.required:
        if key not in datasource.options:
            message = f'the datasource "{datasource.source}" needs the key "{key}"'
            yield subject.problem("missing-key", message, "datasource", key)
    for key, value in datasource.options.items():
        if key not in form.required and key not in form.optional:
            yield _unknown_key(subject, key, (*form.required, *form.optional))
        elif key == "content":
            yield from _content(subject, value)
        else:
            yield from _text(subject, key, value)


def _unknown_key(subject: Subject, key: str, known: tuple[str, ...]) -> Problem:
    message = f'the datasource "{subject.job_map.datasource.source}" knows no key {quoted(key)}'
    hint = subject.hints.nearest(key, known)
    return subject.problem("unknown-key", message, "datasource", key, hint=hint, severity=Severity.WARNING)


def _content(subject: Subject, value: JsonValue) -> Iterator[Problem]:
    if isinstance(value, dict):
        return
    if not isinstance(value, list):
        message = "the content must be an object, or a list of objects"
        yield subject.problem("wrong-content", message, "datasource", "content")
        return
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            yield subject.problem("wrong-content", "each payload must be an object", "datasource", "content", index)


def _text(subject: Subject, key: str, value: JsonValue) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield subject.problem("wrong-type", f'"{key}" must be a string', "datasource", key)
    elif not value or "\0" in value:
        message = f'"{key}" is empty' if not value else f'"{key}" holds the character NUL'
        yield subject.problem("bad-path", message, "datasource", key)
    elif key == "format" and value not in FILE_FORMATS:
        hint = subject.hints.nearest(value, FILE_FORMATS) or f"one of {listed(FILE_FORMATS, 'or')}"
        yield subject.problem("unknown-format", f"there is no format {quoted(value)}", "datasource", key, hint=hint)
