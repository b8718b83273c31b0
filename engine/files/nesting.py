"""How deep a JSON value is nested and how much is in it, measured without recursion."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST_NESTING = 200


def is_too_deep(value: Any) -> bool:
    """Return whether containers are nested deeper than ``DEEPEST_NESTING``."""
    return count_members(value) is None


def count_members(value: Any) -> int | None:
    """Return how many members all objects of the value have together; None where containers are nested deeper than ``DEEPEST_NESTING``."""
    members = 0
    for depth, (objects, _) in enumerate(_levels(value), 1):
        if depth > DEEPEST_NESTING:
            return None
        members += sum(map(len, objects))
    return members


def count_in_texts(char: str, value: Any) -> int:
    """Return how often a character stands in the keys and strings of a value."""
    count = value.count(char) if type(value) is str else 0
    for objects, arrays in _levels(value):
        items = chain(chain.from_iterable(objects), chain.from_iterable(map(dict.values, objects)), chain.from_iterable(arrays))
        count += "".join([item for item in items if type(item) is str]).count(char)
    return count


def _levels(value: Any) -> Iterator[tuple[list[dict[str, Any]], list[list[Any]]]]:
    """Yield the objects and the arrays of one level after the other: a large job map is wide and flat."""
    level = [value]
    while True:
        objects = [item for item in level if type(item) is dict]
        arrays = [item for item in level if type(item) is list] if len(objects) < len(level) else []
        if not objects and not arrays:
            return
        yield objects, arrays
        inside = chain(chain.from_iterable(map(dict.values, objects)), chain.from_iterable(arrays))
        level = [item for item in inside if type(item) is dict or type(item) is list]
