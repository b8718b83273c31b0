"""Whether Python values are such that a JSON file can hold them and give them back unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from engine.files.nesting import DEEPEST_NESTING
from engine.files.numbers import is_writable_integer
from engine.files.shape import Shape, Steps, type_name

if TYPE_CHECKING:
    from engine.model.json_value import JsonValue
    from engine.problems import Problem


def plain_data(value: Any) -> tuple[JsonValue, list[Problem]]:
    """Return a copy of the value made of plain dicts, lists and scalars only, and every reason why JSON cannot hold it.

    Tuples count as arrays. What JSON cannot hold is null in the copy.
    """
    shape = Shape()
    return _plain(shape, value, ()), shape.problems


def _plain(shape: Shape, value: Any, at: Steps) -> JsonValue:
    if value is None or type(value) is bool:
        return value
    if isinstance(value, str):
        return _text(shape, value, at)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(shape, value, at)
    if isinstance(value, Mapping | list | tuple):
        return _container(shape, value, at)
    shape.add("wrong-type", f"JSON has no {type_name(value)}", at)
    return None


def _container(shape: Shape, value: Any, at: Steps) -> JsonValue:
    if len(at) >= DEEPEST_NESTING:
        shape.add("too-deep", f"nesting deeper than {DEEPEST_NESTING}", at)
        return None
    if not isinstance(value, Mapping):
        return [_plain(shape, item, (*at, index)) for index, item in enumerate(value)]
    return {_text(shape, key, at): _plain(shape, item, (*at, key)) for key, item in value.items() if _is_key(shape, key, at)}


def _is_key(shape: Shape, key: Any, at: Steps) -> bool:
    if isinstance(key, str):
        return True
    shape.add("wrong-type", f"a key must be a string, got {type_name(key)}", at)
    return False


def _text(shape: Shape, value: str, at: Steps) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        lone = f"\\u{ord(value[error.start]):04x}"
        shape.add("lone-surrogate", f"{lone} is half of a character and stands alone", at)
        return value.encode(errors="replace").decode()
    return str(value)


def _number(shape: Shape, value: float, at: Steps) -> JsonValue:
    if isinstance(value, float):
        if isfinite(value):
            return float(value)
        shape.add("not-a-number", f"{value!r} is no JSON number", at)
        return None
    if is_writable_integer(value):
        return int(value)
    shape.add("number-too-long", "an integer has more digits than Python writes", at)
    return None
