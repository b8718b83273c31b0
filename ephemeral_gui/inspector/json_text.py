"""JSON as a person types it into a field: checked strictly, with a sentence where it is wrong."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, NoReturn

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
    """Return the value that the text stands for.

    Raises:
        NotJsonError: it is not JSON, has a key twice, or a number that JSON does not know.
    """
    try:
        value: JsonValue = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except NotJsonError:
        raise
    except json.JSONDecodeError as error:
        raise NotJsonError(f"Not JSON yet: line {error.lineno}, column {error.colno}: {error.msg.lower()}") from None
    except RecursionError:
        raise NotJsonError("Nested too deeply") from None
    except ValueError:
        raise NotJsonError("Holds a number or a character that a job map cannot hold") from None
    return value


def json_text(value: JsonValue, *, indent: int | None = 2) -> str:
    """Return the value as a field shows it: short ones on one line."""
    short = json.dumps(value, ensure_ascii=False)
    return short if indent is None or len(short) <= 32 else json.dumps(value, ensure_ascii=False, indent=indent)


def is_same(first: JsonValue | Absent, second: JsonValue | Absent) -> bool:
    """Return whether two values are the same JSON: ``1``, ``1.0`` and ``true`` are three."""
    if isinstance(first, Absent) or isinstance(second, Absent):
        return first is second
    return type(first) is type(second) and first == second and json.dumps(first) == json.dumps(second)


def secret_name(value: JsonValue | Absent) -> str | None:
    """Return the name in ``{"$secret": "NAME"}``, None for any other value."""
    name = value.get(SECRET) if isinstance(value, dict) and len(value) == 1 else None
    return name if isinstance(name, str) else None


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJsonError(f"The key {twice!r} is there twice")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is no JSON; leave the value out instead")
