"""What no schema can say of a definition: that its parts fit each other and the place of the file."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING, Any

from engine.catalog.definition_reader import ARGUMENT_KEYS, DEFINITION_KEYS
from engine.model.data_types import ANY, inner_type, outer_type
from engine.problems import Problem, Severity, pointer_to, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.model.definition import Argument, Definition
    from engine.model.json_value import JsonValue


def definition_problems(definition: Definition, data: Any, file_stem: str) -> list[Problem]:
    """Return what is wrong with a definition of the right shape.

    Args:
        definition: the definition as read.
        data: the data that it was read from.
        file_stem: name of its file without ``.json``.
    """
    return [*_name_problems(definition, file_stem), *_argument_problems(definition), *_unknown_keys(data)]


def fits_type(value: JsonValue, type_name: str) -> bool:
    """Return whether a JSON value is of an argument's type; an integer is a float too."""
    outer, inner = outer_type(type_name), inner_type(type_name)
    if outer == "list":
        return isinstance(value, list) and (inner is None or all(fits_type(item, inner) for item in value))
    if isinstance(value, bool):
        return outer in ("boolean", ANY)
    return outer == ANY or isinstance(value, _PYTHON_TYPES[outer])


_PYTHON_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "float": (int, float),
    "boolean": (bool,),
    "map": (dict,),
}


def _name_problems(definition: Definition, file_stem: str) -> Iterator[Problem]:
    if definition.name != file_stem:
        yield Problem("definition-name", f'the method is named "{definition.name}" and the file "{file_stem}.json"', "/name")
    for step in (*definition.namespace.split("."), definition.name):
        if keyword.iskeyword(step):
            yield Problem("definition-name", f'"{step}" is a word of the Python language', "/name")


def _argument_problems(definition: Definition) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, argument in enumerate(definition.init_args):
        place = ("init_args", index)
        if argument.name in seen:
            yield Problem("definition-argument", f'a second argument named "{argument.name}"', pointer_to(*place, "name"))
        seen.add(argument.name)
        yield from _value_problems(argument, place)


def _value_problems(argument: Argument, place: tuple[str | int, ...]) -> Iterator[Problem]:
    if argument.minimum is not None and argument.maximum is not None and argument.minimum > argument.maximum:
        yield Problem("definition-argument", "the minimum is greater than the maximum", pointer_to(*place, "minimum"))
    for index, value in enumerate(argument.enum):
        if not fits_type(value, argument.type):
            yield Problem("definition-argument", f"{value!r} is not of type {argument.type}", pointer_to(*place, "enum", index))
    if argument.has_default and (reason := _default_fault(argument)):
        yield Problem("definition-argument", f"the default {argument.default!r} {reason}", pointer_to(*place, "default"))


def _default_fault(argument: Argument) -> str | None:
    value = argument.default
    if not fits_type(value, argument.type):
        return f"is not of type {argument.type}"
    if argument.enum and value not in argument.enum:
        return "is none of the values allowed"
    if isinstance(value, (int, float)) and argument.minimum is not None and value < argument.minimum:
        return f"is less than {argument.minimum}"
    if isinstance(value, (int, float)) and argument.maximum is not None and value > argument.maximum:
        return f"is greater than {argument.maximum}"
    return None


def _unknown_keys(data: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown_of(data, DEFINITION_KEYS)
    for index, field in enumerate(data["init_args"]):
        yield from _unknown_of(field, ARGUMENT_KEYS, "init_args", index)


def _unknown_of(data: Mapping[str, Any], known: frozenset[str], *place: str | int) -> Iterator[Problem]:
    for key in data:
        if key not in known:
            yield Problem(
                "unknown-key",
                f'this version of Ephemeral does not know the key "{key}"',
                pointer_to(*place, key),
                severity=Severity.WARNING,
                hint=suggestion(key, known),
            )
