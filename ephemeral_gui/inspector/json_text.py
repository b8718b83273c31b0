"""JSON as a person types it into a field: checked strictly, with a sentence where it is wrong."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING

from engine.files.strict_json import read_json_text

if TYPE_CHECKING:
    from engine.model.json_value import JsonValue

SECRET = "$secret"  # noqa: S105  the key that marks a secret, not one


class Absent(Enum):
    """The value of an argument that the job map does not give."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class NotJsonError(ValueError):
    """The text is not JSON; the message says where and why."""


def parse_json(text: str) -> JsonValue:
    """Return the value that the text stands for, by the rules of a job map file.

    Raises:
        NotJsonError: a job map file could not hold it.
    """
    if not text.strip():
        raise NotJsonError("Not JSON yet: there is nothing here")
    document = read_json_text(text)
    if not document.problems:
        return document.value
    first = document.problems[0]
    beginning = "Line" if document.complete else "Not JSON yet: line"
    raise NotJsonError(f"{beginning} {first.line}, column {first.column}: {first.message}")


def json_text(value: JsonValue, *, indent: int | None = 2) -> str:
    """Return the value as a field shows it: short ones on one line."""
    short = json.dumps(value, ensure_ascii=False)
    return short if indent is None or len(short) <= 32 else json.dumps(value, ensure_ascii=False, indent=indent)


def is_same(first: JsonValue | Absent, second: JsonValue | Absent) -> bool:
    """Return whether two values are the same JSON: ``1``, ``1.0`` and ``true`` are three."""
    if first is second:
        return True
    if isinstance(first, Absent) or isinstance(second, Absent) or type(first) is not type(second) or first != second:
        return False
    return isinstance(first, (str, int)) or json.dumps(first) == json.dumps(second)


def secret_name(value: JsonValue | Absent) -> str | None:
    """Return the name in ``{"$secret": "NAME"}``, None for any other value."""
    name = value.get(SECRET) if isinstance(value, dict) and len(value) == 1 else None
    return name if isinstance(name, str) else None
