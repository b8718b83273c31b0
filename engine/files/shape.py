"""Fields of JSON objects read with their types checked: what is missing or of a wrong type becomes a problem at its pointer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from engine.model.json_value import NOTHING, JsonObject
from engine.problems import Problem, pointer_to, suggestion

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from enum import StrEnum

Steps: TypeAlias = "tuple[str | int, ...]"
"""The way from the root of the document to a value."""

LARGEST_QUANTITY = 1_000_000_000
"""Bound of seconds, factors and canvas units: everything behind it can be reckoned with as a float."""

_Choice = TypeVar("_Choice", bound="StrEnum")


class Shape:
    """The problems of shape found in one document so far, and the checks that add to them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, code: str, message: str, at: Steps, hint: str | None = None) -> None:
        """Note a problem at the end of the steps."""
        self.problems.append(Problem(code, message, pointer_to(*at), hint=hint))

    def wrong_type(self, value: Any, expected: str, at: Steps) -> None:
        """Note that a value is not of the expected type."""
        self.add("wrong-type", f"expected {expected}, got {type_name(value)}", at)

    def required(self, data: JsonObject, key: str, at: Steps) -> bool:
        """Return whether the object has the key; note it where not."""
        if key in data:
            return True
        self.add("missing-key", f'the key "{key}" is missing', (*at, key))
        return False

    def all_required(self, data: JsonObject, keys: tuple[str, ...], at: Steps) -> bool:
        """Return whether the object has all the keys; note those that it lacks."""
        lacking = [key for key in keys if not self.required(data, key, at)]
        return not lacking

    def object(self, value: Any, at: Steps) -> JsonObject | None:
        """Return the value if it is an object."""
        if type(value) is dict:
            return value
        self.wrong_type(value, "an object", at)
        return None

    def array(self, value: Any, at: Steps) -> list[Any]:
        """Return the value if it is an array, else an empty one."""
        if type(value) is list:
            return value
        self.wrong_type(value, "an array", at)
        return []

    def string(self, data: JsonObject, key: str, at: Steps) -> str | None:
        """Return the text under the key, None where there is none."""
        if key not in data:
            return None
        value = data[key]
        if type(value) is str:
            return value
        self.wrong_type(value, "a string", (*at, key))
        return None

    def strings(self, data: JsonObject, keys: tuple[str, ...], at: Steps) -> list[str]:
        """Return the texts under the keys, ``""`` where there is none."""
        values: list[Any] = [data.get(key, "") for key in keys]
        for value in values:
            if type(value) is not str:
                return [self.string(data, key, at) or "" for key in keys]
        return values

    def boolean(self, data: JsonObject, key: str, at: Steps) -> bool | None:
        """Return the truth value under the key, None where there is none."""
        value = data.get(key)
        if value is None and key not in data:
            return None
        if type(value) is bool:
            return value
        self.wrong_type(value, "true or false", (*at, key))
        return None

    def integer(self, data: JsonObject, key: str, at: Steps, *, least: int) -> int | None:
        """Return the whole number under the key (``2.0`` is one, as in JSON Schema), None where there is none."""
        if key not in data:
            return None
        value = data[key]
        if type(value) is float and value.is_integer():
            value = int(value)
        if type(value) is not int:
            self.wrong_type(value, "a whole number", (*at, key))
        elif value < least:
            self.add("out-of-range", f"expected at least {least}, got {_cut(value)}", (*at, key))
        else:
            return value
        return None

    def quantity(self, data: JsonObject, key: str, at: Steps, *, above: bool = False) -> float | None:
        """Return the number from 0 to ``LARGEST_QUANTITY`` under the key, None where there is none.

        With ``above``, 0 itself is not allowed.
        """
        if key not in data:
            return None
        value: Any = data[key]
        if not is_number(value):
            self.wrong_type(value, "a number", (*at, key))
        elif value < 0 or value > LARGEST_QUANTITY or (above and value == 0):
            bound = "above 0" if above else "at least 0"
            self.add("out-of-range", f"expected {bound} and at most {LARGEST_QUANTITY}, got {_cut(value)}", (*at, key))
        else:
            return float(value) if type(value) is float else int(value)
        return None

    def pair(self, value: Any, at: Steps, *, least: int = -LARGEST_QUANTITY) -> tuple[float, float]:
        """Return two numbers within the bounds of the canvas."""
        if type(value) is list and len(value) == 2:
            x, y = value
            if type(x) is type(y) is float and least <= x <= LARGEST_QUANTITY and least <= y <= LARGEST_QUANTITY:
                return x, y
        if type(value) is not list or len(value) != 2 or not all(is_number(each) for each in value):
            self.add("wrong-type", f"expected two numbers, got {type_name(value)}", at)
            return (0, 0)
        for index, each in enumerate(value):
            if not least <= each <= LARGEST_QUANTITY:
                self.add(
                    "out-of-range",
                    f"expected {least} to {LARGEST_QUANTITY}, got {_cut(each)}",
                    (*at, index),
                )
        return (value[0], value[1])

    def choice(self, data: JsonObject, key: str, at: Steps, choices: type[_Choice]) -> _Choice | None:
        """Return the member of the enumeration that the text under the key names, None where there is none."""
        if key not in data:
            return None
        value = data[key]
        if type(value) is str and (member := choices._value2member_map_.get(value)) is not None:
            return member  # type: ignore[return-value]  # the stubs know it as any Enum
        self.unknown_value(value, [each.value for each in choices], (*at, key))
        return None

    def unknown_value(self, value: Any, known: list[str], at: Steps) -> None:
        """Note that a value is none of the known ones."""
        expected = " or ".join(f'"{each}"' for each in known)
        if type(value) is str:
            hint = suggestion(value[:100], known)
            self.add("unknown-value", f'expected {expected}, got "{_cut(value)}"', at, hint)
        else:
            self.wrong_type(value, expected, at)


def rest(data: JsonObject, known: AbstractSet[str]) -> JsonObject:
    """Return the members of the object that are not known, in their order."""
    if data.keys() <= known:
        return NOTHING
    return {key: value for key, value in data.items() if key not in known}


def is_number(value: Any) -> bool:
    """Return whether a JSON value is a number; truth values are none."""
    return type(value) is int or type(value) is float


def type_name(value: Any) -> str:
    """Return what a JSON value is, for a person."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the string "{_cut(value)}"'
    if isinstance(value, int | float):
        return f"the number {_cut(value)}"
    if isinstance(value, Mapping):
        return "an object"
    return f"an array of {len(value)}" if isinstance(value, list | tuple) else type(value).__name__


def _cut(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
