"""Values of a result as text: short for a row, whole for the pane beside it, JSON for the clipboard."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from ephemeral_gui.widgets.labels import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CHARACTERS_SHOWN: Final = 100_000
_FEWEST_OF_A_VALUE: Final = 4
"""Characters that a value in a list stands for at least: what cannot be shown need not be made plain."""
_MOST_INDENTED: Final = 20_000
"""Values."""
_LONGEST_IN_A_ROW: Final = 300
_PARTS_IN_A_ROW: Final = 6


def in_a_row(value: object) -> str:
    """Return the value on one line: containers by their size, text as it is, anything else by type and shape."""
    match value:
        case Mapping():
            return _beginning(counted(len(value), "key"), (f"{key}: {_short(each)}" for key, each in value.items()))
        case list() | tuple():
            return _beginning(counted(len(value), "item"), (_short(each) for each in value))
        case str():
            return " ".join(cut(value, _LONGEST_IN_A_ROW).split())
        case None | bool() | int() | float():
            return json.dumps(value) if not isinstance(value, int) or value.bit_length() < 1_000 else "a very large integer"
        case PurePath():
            return str(value)
        case _:
            return _described(value)


def _beginning(count: str, parts: Iterator[str]) -> str:
    shown = ", ".join(islice(parts, _PARTS_IN_A_ROW))
    return f"{count}   {cut(' '.join(shown.split()), _LONGEST_IN_A_ROW)}" if shown else count


def _short(value: object) -> str:
    match value:
        case Mapping():
            return "{…}" if value else "{}"
        case list() | tuple():
            return "[…]" if value else "[]"
        case _:
            return cut(in_a_row(value), 60)


def whole(value: object) -> str:
    """Return text as it is, and anything else as JSON, up to a length that a window can show."""
    if isinstance(value, str):
        return cut(value, MOST_CHARACTERS_SHOWN)
    return as_json(value, MOST_CHARACTERS_SHOWN)


def as_json(value: object, most: int | None = None) -> str:
    """Return the value as JSON; what JSON cannot say becomes ``{"$float": ...}`` or its type and text.

    Args:
        value: anything that a task may return.
        most: stop after about this many characters, with an ellipsis; None for all of it, without indents where it is long.
    """
    if most is None and (compact := _compact_where_large(value)) is not None:
        return compact
    encoder = json.JSONEncoder(indent=2, ensure_ascii=False, allow_nan=False)
    parts: list[str] = []
    length = 0
    for part in encoder.iterencode(_plain(value, budget := [most // _FEWEST_OF_A_VALUE if most is not None else 1 << 62])):
        parts.append(part)
        length += len(part)
        if most is not None and length > most:
            return cut("".join(parts), most) + "\n…"
    return "".join(parts) + ("\n…" if budget[0] <= 0 else "")


def _compact_where_large(value: object) -> str | None:
    """Return a long value as JSON by the fast road, None where it is short or holds what needs a closer look."""
    _plain(value, budget := [_MOST_INDENTED])
    if budget[0] > 0:
        return None
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=lambda each: _plain(each, [1 << 62]))
    except (TypeError, ValueError, RecursionError):
        return None


def counted(number: int, noun: str) -> str:
    """Return ``1 item``, ``2 items``, ``100,000 items``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _plain(value: object, budget: list[int], depth: int = 0) -> Any:
    budget[0] -= 1
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else {"$float": str(value)}
        case Mapping() if depth < 50:
            return {str(key): _plain(each, budget, depth + 1) for key, each in value.items() if budget[0] > 0}
        case list() | tuple() if depth < 50:
            return [_plain(each, budget, depth + 1) for each in value if budget[0] > 0]
        case PurePath():
            return str(value)
        case _:
            return _number(value)


def _number(value: object) -> Any:
    """Return a numpy scalar as a number, and anything else described."""
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        number = item()
        if isinstance(number, (bool, int, float)):
            return _plain(number, [1])
    return _described(value)


def _described(value: object) -> str:
    name = type(value).__qualname__
    shape = getattr(value, "shape", None)
    if isinstance(shape, tuple) and shape:
        return f"{name} of shape {shape}"
    sizes = getattr(value, "sizes", None)
    if isinstance(sizes, Mapping):
        return f"{name} of {', '.join(f'{key} {size}' for key, size in sizes.items())}"
    try:
        return f"{name}: {cut(' '.join(str(value).split()), _LONGEST_IN_A_ROW)}"
    except Exception:  # noqa: BLE001  the text of a foreign value may raise anything
        return name
