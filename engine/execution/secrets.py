"""Secrets of a run: looked up by name when it starts, kept out of everything that leaves it.

``{"$secret": "NAME"}`` in ``init_args`` stands for the value of the environment variable NAME, else of the entry NAME that the
``keyring`` package, where it is installed, holds for the service ``ephemeral``.
"""

from __future__ import annotations

import importlib
import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from engine.execution.refusal import refusal
from engine.problems import Problem, pointer_to
from engine.validation.arguments import SECRET, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.model.job_map import JobMap
    from engine.model.json_value import JsonValue

KEYRING_SERVICE = "ephemeral"
REDACTED = "•••"


class Secrets:
    """The values that a run's secrets have, and their removal from texts."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        spellings = {spelling for value in self._values.values() for spelling in _spellings(value)}
        self._spellings = sorted(spellings, key=len, reverse=True)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._spellings)

    def revealed(self, init_args: Mapping[str, JsonValue]) -> dict[str, Any]:
        """Return init_args with the values in place of their names; for the making of a closure, and nothing else."""
        return {key: self._revealed(value) for key, value in init_args.items()}

    def redact(self, text: str) -> str:
        """Return the text with every value, plain or as JSON, Python or a URL would spell it, made unreadable."""
        for spelling in self._spellings:
            text = text.replace(spelling, REDACTED)
        return text

    def redact_value(self, value: Any) -> Any:
        """Return a value of dicts, lists, tuples and texts with every text in it redacted, keys included; other values as they are."""
        return self._redacted(value, {}) if self._spellings else value

    def _redacted(self, value: Any, known: dict[int, Any]) -> Any:
        """Redact a value that may hold itself; ``known`` has the containers that are on the way."""
        if isinstance(value, str):
            return self.redact(value)
        if type(value) is tuple:
            return tuple(self._redacted(item, known) for item in value)
        if not isinstance(value, (dict, list)):
            return value
        if id(value) in known:
            return known[id(value)]
        if isinstance(value, list):
            items = known[id(value)] = list[Any]()
            items.extend(self._redacted(item, known) for item in value)
            return items
        entries = known[id(value)] = dict[Any, Any]()
        entries.update((self._redacted(key, known), self._redacted(item, known)) for key, item in value.items())
        return entries

    def _revealed(self, value: JsonValue) -> Any:
        name = secret_name(value)
        if name is not None:
            return self._values[name]
        if isinstance(value, dict):
            return {key: self._revealed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._revealed(item) for item in value]
        return value


NO_SECRETS = Secrets({})


def secret_name(value: JsonValue) -> str | None:
    """Return the name of the secret that a value of init_args stands for, None where it is a plain value."""
    return str(value[SECRET]) if is_secret(value) and isinstance(value, dict) else None


def look_up_secrets(job_map: JobMap) -> Secrets:
    """Return the secrets that the tasks of a job map name.

    Raises:
        JobMapError: secrets that are not to be found; one problem for each place that names one.
    """
    places = [(pointer, name, task.name) for index, task in enumerate(job_map.tasks) for pointer, name in _names(task.init_args, index)]
    values = {name: _look_up(name) for name in dict.fromkeys(name for _, name, _ in places)}
    problems = [_missing(pointer, name, task) for pointer, name, task in places if values[name] is None]
    if problems:
        raise refusal(problems, job_map)
    return Secrets({name: value for name, value in values.items() if value is not None})


def _names(init_args: Mapping[str, JsonValue], index: int) -> Iterator[tuple[str, str]]:
    return _names_below(dict(init_args), pointer_to("tasks", index, "init_args"))


def _names_below(value: JsonValue, pointer: str) -> Iterator[tuple[str, str]]:
    name = secret_name(value)
    if name is not None:
        yield pointer, name
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _names_below(item, pointer + pointer_to(key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _names_below(item, pointer + pointer_to(number))


def _missing(pointer: str, name: str, task: str) -> Problem:
    hint = f'set the environment variable {name}, or store it with: keyring set {KEYRING_SERVICE} "{name}"'
    return Problem("missing-secret", f'the secret "{name}" is not to be found', pointer, task, hint=hint)


def _look_up(name: str) -> str | None:
    value = os.environ.get(name) if name and "=" not in name and "\0" not in name else None
    return value or _in_keyring(name)  # an empty value is no secret, and could not be kept out of a text


def _in_keyring(name: str) -> str | None:
    try:
        keyring = importlib.import_module("keyring")
        value = keyring.get_password(KEYRING_SERVICE, name)
    except Exception:  # noqa: BLE001  no keyring, none that is unlocked, a backend that fails in its own way: the secret is not to be found
        return None
    return value if isinstance(value, str) and value else None


def _spellings(value: str) -> set[str]:
    """Return the value as it may show up in a text."""
    return {
        value,
        repr(value)[1:-1],
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(value, safe=""),
        quote_plus(value),
    }
