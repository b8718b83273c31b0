"""How deep a JSON value is nested and how much is in it, measured without recursion."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    _Columns: TypeAlias = Callable[[list[dict[str, Any]], list[list[Any]]], Iterator[list[Any]]]

DEEPEST_NESTING = 200

_Level: TypeAlias = "tuple[list[dict[str, Any]], list[list[Any]]]"
"""The objects and the arrays that are nested equally deep: a large job map is wide and flat."""


def is_too_deep(value: Any) -> bool:
    """Return whether containers are nested deeper than ``DEEPEST_NESTING``."""
    return any(depth > DEEPEST_NESTING for depth, _ in enumerate(_levels(value, _all_columns), 1))


def count_members(value: Any, brackets: int) -> int | None:
    """Return how many members all objects of the value have together; None where containers are nested deeper than ``DEEPEST_NESTING``.

    Args:
        value: what was read.
        brackets: how many opening brackets its text has. Where as many containers are found at a quick look, none was overlooked.
    """
    members, containers = _count(value, _likely_columns)
    if containers != brackets:
        members, _ = _count(value, _all_columns)
    return members


def count_in_texts(char: str, value: Any) -> int:
    """Return how often a character stands in the keys and strings of a value."""
    count = value.count(char) if type(value) is str else 0
    for objects, arrays in _levels(value, _all_columns):
        texts = list(chain.from_iterable(objects))
        for column in _all_columns(objects, arrays):
            texts += [item for item in column if type(item) is str]
        count += "".join(texts).count(char)
    return count


def _count(value: Any, columns: _Columns) -> tuple[int | None, int]:
    """Return how many members and containers are found; None members where containers are nested too deep."""
    members = containers = 0
    for depth, (objects, arrays) in enumerate(_levels(value, columns), 1):
        if depth > DEEPEST_NESTING:
            return None, containers
        members += sum(map(len, objects))
        containers += len(objects) + len(arrays)
    return members, containers


def _levels(value: Any, columns: _Columns) -> Iterator[_Level]:
    """Yield one level after the other, each of what the columns of the one above hold."""
    objects, arrays = _containers([[value]])
    while objects or arrays:
        yield objects, arrays
        objects, arrays = _containers(columns(objects, arrays))


def _containers(columns: Iterable[list[Any]]) -> _Level:
    objects: list[dict[str, Any]] = []
    arrays: list[list[Any]] = []
    for column in columns:
        kinds = set(map(type, column))
        if dict in kinds:
            objects += column if len(kinds) == 1 else [item for item in column if type(item) is dict]
        if list in kinds:
            arrays += column if len(kinds) == 1 else [item for item in column if type(item) is list]
    return objects, arrays


def _all_columns(objects: list[dict[str, Any]], arrays: list[list[Any]]) -> Iterator[list[Any]]:
    """Yield all that stands in the containers, items of one kind together where that is easy to say."""
    yield list(chain.from_iterable(map(dict.values, objects)))
    yield from arrays if len(arrays) <= _FEW else [list(chain.from_iterable(arrays))]


def _likely_columns(objects: list[dict[str, Any]], arrays: list[list[Any]]) -> Iterator[list[Any]]:
    """Yield what stands where one object or array of each size has a container."""
    keys = {key for sample in _one_of_each_size(objects) for key, item in sample.items() if _is_container(item)}
    if len(keys) > _MANY:  # an object whose keys are names, such as the places of thousands of tasks, beside those tasks
        yield list(chain.from_iterable(map(dict.values, objects)))
    else:
        yield from ([each[key] for each in objects if key in each] for key in keys)
    if len(arrays) <= _FEW:
        yield from arrays
    elif any(_is_container(item) for sample in _one_of_each_size(arrays) for item in sample):
        yield list(chain.from_iterable(arrays))


_FEW = 8
_MANY = 64


def _one_of_each_size(containers: list[Any]) -> Iterable[Any]:
    return dict(zip(map(len, containers), containers, strict=True)).values()


def _is_container(value: Any) -> bool:
    return type(value) is dict or type(value) is list
