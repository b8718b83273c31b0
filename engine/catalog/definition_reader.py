"""From the data of a definition file to a ``Definition``.

Two passes know the shape: ``read_definition`` here, which costs microseconds, and the published JSON Schema, which says exactly what
is wrong. A property test holds them together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeGuard

from engine.model.definition import Argument, Definition
from engine.model.job_map import RunsOn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.model.json_value import JsonValue

REQUIRED_KEYS = ("name", "description", "consumes", "produces", "init_args")
OPTIONAL_KEYS = ("title", "runs", "fans_out", "pure", "version", "example")
DEFINITION_KEYS = frozenset(REQUIRED_KEYS + OPTIONAL_KEYS)
ARGUMENT_KEYS = frozenset(("name", "type", "required", "description", "default", "enum", "minimum", "maximum", "format"))
MOST_CHARACTERS = 100

_TYPE = r"[A-Za-z][A-Za-z0-9_.-]*([(][A-Za-z][A-Za-z0-9_.()-]*[)])?"
_ARGUMENT_TYPES = frozenset({"any", "string", "integer", "float", "boolean", "map", "list"})
_RUNS = frozenset(place.value for place in RunsOn)


def read_definition(data: JsonValue, namespace: str) -> Definition | None:
    """Return the definition that the data hold, None where they are not of the published shape."""
    if not isinstance(data, dict) or not all(key in data for key in REQUIRED_KEYS) or not _is_definition(data):
        return None
    return _definition(data, namespace)


def _definition(data: Mapping[str, Any], namespace: str) -> Definition:
    return Definition(
        namespace=namespace,
        name=data["name"],
        description=data["description"],
        consumes=tuple(data["consumes"]),
        produces=tuple(data["produces"]),
        init_args=tuple(_argument(field) for field in data["init_args"]),
        title=data.get("title"),
        runs=RunsOn(data.get("runs", RunsOn.LOOP)),
        fans_out=data.get("fans_out", False),
        pure=data.get("pure", False),
        version=data.get("version"),
        example=data.get("example"),
        extra={key: value for key, value in data.items() if key not in DEFINITION_KEYS},
    )


def is_name(value: object) -> TypeGuard[str]:
    """Return whether the value can name a method or one element of a namespace."""
    return isinstance(value, str) and len(value) <= MOST_CHARACTERS and value.isascii() and value.isidentifier()


def _is_definition(data: Mapping[str, Any]) -> bool:
    return (
        is_name(data["name"])
        and _is_text(data["description"])
        and _are_types(data["consumes"])
        and _are_types(data["produces"])
        and isinstance(data["init_args"], list)
        and all(_is_argument(field) for field in data["init_args"])
        and _is_text(data.get("title", "-"))
        and _is_text(data.get("version", "-"))
        and _is_place(data.get("runs", "loop"))
        and isinstance(data.get("fans_out", False), bool)
        and isinstance(data.get("pure", False), bool)
    )


def _is_argument(data: JsonValue) -> bool:
    return (
        isinstance(data, dict)
        and isinstance(data.get("required"), bool)
        and _is_text(data.get("name"), MOST_CHARACTERS)
        and _is_argument_type(data.get("type"))
        and isinstance(data.get("description", ""), str)
        and _is_text(data.get("format", "-"))
        and _is_number(data.get("minimum", 0))
        and _is_number(data.get("maximum", 0))
        and ("enum" not in data or (isinstance(data["enum"], list) and bool(data["enum"])))
    )


def _argument(data: Mapping[str, Any]) -> Argument:
    return Argument(
        name=data["name"],
        type=data["type"],
        required=data["required"],
        description=data.get("description", ""),
        default=data.get("default"),
        has_default="default" in data,
        enum=tuple(data.get("enum", ())),
        minimum=data.get("minimum"),
        maximum=data.get("maximum"),
        format=data.get("format"),
    )


def _is_text(value: object, longest: int | None = None) -> bool:
    return isinstance(value, str) and bool(value) and (longest is None or len(value) <= longest)


def _are_types(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_type(name) for name in value)


def _is_type(value: object) -> bool:
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
        return False
    return (value.isascii() and value.isalpha()) or re.fullmatch(_TYPE, value) is not None


def _is_argument_type(value: object) -> bool:
    if not isinstance(value, str):
        return False
    return value in _ARGUMENT_TYPES or (value.startswith("list(") and value.endswith(")") and value[5:-1] in _ARGUMENT_TYPES)


def _is_place(value: object) -> bool:
    return isinstance(value, str) and value in _RUNS


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
