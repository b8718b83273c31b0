"""Rules of ``init_args``: what the definition asks for is there, of its type and in its range; nothing else is."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from engine.model.data_types import ANY, inner_type, outer_type
from engine.validation.wording import cut, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.model.definition import Argument, Definition
    from engine.model.job_map import Task
    from engine.model.json_value import JsonObject, JsonValue
    from engine.problems import Problem
    from engine.validation.subject import Subject

SECRET = "$secret"  # noqa: S105  the key that marks a secret, not one

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "float": (int, float),
    "number": (int, float),
    "boolean": (bool,),
    "map": (dict,),
    "list": (list,),
}
_WORDS = {
    "string": "a string",
    "integer": "a whole number",
    "float": "a number",
    "number": "a number",
    "boolean": "true or false",
    "map": "an object",
    "list": "a list",
}


def check_arguments(subject: Subject) -> Iterator[Problem]:
    """Yield the problems of the arguments of each task whose method is installed."""
    for contract, places in subject.contracts.items():
        definition = subject.definition(contract)
        if definition is not None and not _are_free_texts(definition, [task.init_args for _, task in places]):
            for index, task in places:
                yield from _arguments(subject, index, task, definition)


def _are_free_texts(definition: Definition, all_init_args: Sequence[JsonObject]) -> bool:
    """Return whether all arguments are there and any text, where any text will do: as nearly always, and seen in a few calls for all."""
    if definition.free_texts != definition.arguments.keys() or set(map(type, all_init_args)) != {dict}:
        return False
    values = chain.from_iterable(init_args.values() for init_args in all_init_args)
    return set(map(type, values)) <= {str} and all(definition.free_texts == set(names) for names in set(map(tuple, all_init_args)))


def _arguments(subject: Subject, index: int, task: Task, definition: Definition) -> Iterator[Problem]:
    for argument in definition.init_args:
        yield from _argument(subject, index, task, argument)
    if not task.init_args.keys() <= definition.arguments.keys():
        yield from _unknown(subject, index, task, definition)


def _argument(subject: Subject, index: int, task: Task, argument: Argument) -> Iterator[Problem]:
    steps = ("tasks", index, "init_args", argument.name)
    if argument.name not in task.init_args:
        if argument.required:
            message = f"the argument {quoted(argument.name)} is missing"
            yield subject.problem("missing-argument", message, *steps, hint=argument.description or None)
        return
    value = task.init_args[argument.name]
    if (wrong := first_flaw(argument, value)) is not None:
        code, message, inner = wrong
        yield subject.problem(code, message, *steps, *inner)


def _unknown(subject: Subject, index: int, task: Task, definition: Definition) -> Iterator[Problem]:
    known = definition.arguments
    for name in task.init_args:
        if name not in known:
            message = f"{task.namespace}.{task.method} has no argument {quoted(name)}"
            hint = subject.hints.nearest(name, known) or _all_of(known)
            yield subject.problem("unknown-argument", message, "tasks", index, "init_args", name, hint=hint)


def _all_of(known: Any) -> str:
    return f"it has {', '.join(known)}" if known else "it has none"


_Flaw = tuple[str, str, tuple[str | int, ...]]
"""Code, message, and the steps from the argument's value to what is wrong in it."""


def first_flaw(argument: Argument, value: JsonValue) -> _Flaw | None:
    """Return what is wrong with an argument's value, None where nothing is."""
    if is_secret(value) or (argument.has_default and value is None and argument.default is None):
        return None
    wrong_type = _wrong_type(argument.type, value, ())
    if wrong_type is not None:
        return wrong_type
    if argument.enum and not any(type(value) is type(each) and value == each for each in argument.enum):
        choices = " or ".join(_shown(each) for each in argument.enum)
        return "not-among-choices", f"expected {choices}, got {_shown(value)}", ()
    return _out_of_range(argument, value) or _bad_path(argument, value)


def is_secret(value: JsonValue) -> bool:
    """Return whether the value stands for a secret that is looked up when the job runs."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get(SECRET), str) and value[SECRET] != ""


def _wrong_type(name: str, value: JsonValue, at: tuple[str | int, ...]) -> _Flaw | None:
    if is_secret(value):
        return None
    if isinstance(value, dict) and SECRET in value:
        return "wrong-argument-type", f'a secret is written {{"{SECRET}": "NAME"}} with nothing else', at
    outer = outer_type(name)
    if name != ANY and outer in _TYPES and not _is_a(value, outer):
        return "wrong-argument-type", f"expected {_WORDS[outer]}, got {_shown(value)}", at
    inner = inner_type(name) if outer == "list" else None
    items: Any = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for step, item in items:
        if (flaw := _wrong_type(inner or ANY, item, (*at, step))) is not None:
            return flaw
    return None


def _is_a(value: JsonValue, outer: str) -> bool:
    return isinstance(value, _TYPES[outer]) and (outer == "boolean" or not isinstance(value, bool))


def _out_of_range(argument: Argument, value: JsonValue) -> _Flaw | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if argument.minimum is not None and value < argument.minimum:
        return "out-of-range", f"expected at least {argument.minimum:g}, got {_shown(value)}", ()
    if argument.maximum is not None and value > argument.maximum:
        return "out-of-range", f"expected at most {argument.maximum:g}, got {_shown(value)}", ()
    return None


def _bad_path(argument: Argument, value: JsonValue) -> _Flaw | None:
    if argument.format not in ("path", "output-path") or not isinstance(value, str):
        return None
    if "\0" in value:
        return "bad-path", "a path cannot hold the character NUL", ()
    if argument.format == "output-path" and _leads_out(value):
        return "bad-path", f"{quoted(value)} leads out of the run's output folder; write a path relative to it", ()
    return None


def _leads_out(path: str) -> bool:
    windows = PureWindowsPath(path)
    return bool(windows.anchor) or PurePosixPath(path).is_absolute() or ".." in windows.parts


def _shown(value: JsonValue) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "an object"
    return f"a list of {len(value)}" if isinstance(value, list) else cut(json.dumps(value))
