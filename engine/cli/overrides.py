"""``--set /json/pointer=VALUE``: values of a job map replaced for one run, in the data as read and before anything looks at them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from engine.cli.failures import UsageError
from engine.files.parsing import COLLECT_KEYS, FUNCTION_KEYS, JOB_KEYS, JOB_POLICY_KEYS, TASK_POLICY_KEYS, WINDOW_KEYS
from engine.files.strict_json import read_json_text
from engine.problems import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from engine.model.json_value import JsonValue

_INDEX = re.compile(r"0|[1-9][0-9]*")
_DATASOURCE_KEYS = frozenset({"content", "path", "format", "folder", "pattern", "name"})


def apply_overrides(data: Any, assignments: Iterable[str]) -> None:
    """Change the data as the assignments say, left to right.

    A pointer leads to a value that is there, or to an optional key that a job map may have in that place.

    Raises:
        UsageError: an assignment has no ``=``, or a pointer leads nowhere.
    """
    for assignment in assignments:
        pointer, equals, text = assignment.partition("=")
        if not equals:
            raise UsageError(f"--set {assignment}: expected /json/pointer=VALUE")
        if not pointer.startswith("/"):
            raise UsageError(f"--set {assignment}: the pointer must start with /")
        _set(data, pointer, _value(text))


def _value(text: str) -> JsonValue:
    """Return the JSON value that the text is, else the text."""
    document = read_json_text(text)
    return document.value if document.complete and not document.problems else text


def _set(data: Any, pointer: str, value: JsonValue) -> None:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    parent = data
    for depth in range(len(steps) - 1):
        parent = _child(parent, steps, depth, pointer)
    if isinstance(parent, dict) and steps[-1] not in parent and _may_be_new(steps):
        parent[steps[-1]] = value
        return
    _child(parent, steps, len(steps) - 1, pointer)
    parent[int(steps[-1]) if isinstance(parent, list) else steps[-1]] = value


def _child(parent: Any, steps: list[str], depth: int, pointer: str) -> Any:
    step = steps[depth]
    if isinstance(parent, dict) and step in parent:
        return parent[step]
    if isinstance(parent, list) and _INDEX.fullmatch(step) and int(step) < len(parent):
        return parent[int(step)]
    hint = suggestion(step, parent) if isinstance(parent, dict) else None
    place = "/".join(["", *steps[:depth]]) or "the job map"
    raise UsageError(f'--set {pointer}: there is no "{step}" in {place}{f" ({hint})" if hint else ""}')


def _may_be_new(steps: list[str]) -> bool:
    """Return whether the last step is an optional key that a job map may have there."""
    known: AbstractSet[str]
    match steps[:-1]:
        case []:
            known = JOB_KEYS
        case ["policy"]:
            known = JOB_POLICY_KEYS
        case ["datasource"]:
            known = _DATASOURCE_KEYS
        case ["tasks", _]:
            known = FUNCTION_KEYS
        case ["tasks", _, "policy"]:
            known = TASK_POLICY_KEYS
        case ["tasks", _, "collect"]:
            known = COLLECT_KEYS
        case ["tasks", _, "collect", "window"]:
            known = WINDOW_KEYS
        case ["tasks", _, "init_args"]:
            known = frozenset(steps[-1:])  # the validator knows which there are
        case _:
            known = frozenset()
    return steps[-1] in known
