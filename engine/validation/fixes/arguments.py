"""Fixes of ``init_args``."""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING, TypeAlias

from engine.model import editing
from engine.problems import suggested
from engine.validation.arguments import first_flaw
from engine.validation.wording import cut, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.model.definition import Argument
    from engine.model.job_map import JobMap
    from engine.model.json_value import JsonValue
    from engine.validation.fixes.place import Place

_Found: TypeAlias = "tuple[str, JobMap] | None"


def add_default(place: Place) -> _Found:
    """Write the default into the map."""
    argument = place.argument
    return _set(place, argument.default) if argument is not None and argument.has_default else None


def rename_or_remove(place: Place) -> _Found:
    """Give the value to the argument that was meant, else take it away."""
    task = place.task
    if task is None or place.steps[-1] not in task.init_args:
        return None
    name = place.steps[-1]
    meant = suggested(place.problem)
    if meant is None or meant in task.init_args:
        return f"Remove {cut(name)}", editing.remove_argument(place.job_map, task.key, name)
    renamed = {meant if each == name else each: value for each, value in task.init_args.items()}
    return f"Rename to {cut(meant)}", editing.replace_task(place.job_map, task.key, init_args=renamed)


def choose(place: Place) -> _Found:
    """Take the choice that is nearest to what was written, else the default."""
    argument, value = place.argument, _value(place)
    if argument is None:
        return None
    near = difflib.get_close_matches(str(value).casefold(), [str(each).casefold() for each in argument.enum], n=1)
    meant = next((each for each in argument.enum if near and str(each).casefold() == near[0]), None)
    if meant is not None:
        return _set(place, meant)
    return _set(place, argument.default) if argument.has_default else None


def bring_into_range(place: Place) -> _Found:
    """Take the nearest number that is allowed."""
    argument, value = place.argument, _value(place)
    if argument is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    limit = argument.minimum if argument.minimum is not None and value < argument.minimum else argument.maximum
    if limit is None:
        return None
    return _set(place, int(limit) if float(limit).is_integer() and argument.type == "integer" else limit)


def convert(place: Place) -> _Found:
    """Write the same value in the type that is asked for, else the default."""
    argument = place.argument
    if argument is None:
        return None
    fitting = (each for each in _readings(_value(place), argument) if first_flaw(argument, each) is None)
    meant = next(fitting, None)
    return None if meant is None else _set(place, meant)


def _readings(value: JsonValue, argument: Argument) -> Iterator[JsonValue]:
    if isinstance(value, str):
        yield from _parsed(value)
        if argument.type.startswith("list"):
            yield [value]
    elif isinstance(value, float) and value.is_integer():
        yield int(value)
    elif isinstance(value, bool | int | float):
        yield json.dumps(value)
    if argument.has_default:
        yield argument.default


def _parsed(text: str) -> list[JsonValue]:
    try:
        return [json.loads(text, parse_constant=_refuse)]
    except (ValueError, RecursionError):
        return []


def _refuse(constant: str) -> JsonValue:
    raise ValueError(constant)  # NaN and the infinities are no JSON


def _value(place: Place) -> JsonValue:
    return place.task.init_args.get(place.steps[3]) if place.task is not None else None


def _set(place: Place, value: JsonValue) -> _Found:
    task = place.task
    if task is None:
        return None
    name = place.steps[3]
    shown = quoted(value) if isinstance(value, str) else cut(json.dumps(value))
    return f"Set to {shown}", editing.set_argument(place.job_map, task.key, name, value)
