"""Payloads side by side: copying one for several readers, telling whether two values are the same, and bringing several together."""

from __future__ import annotations

import math
from gc import is_tracked
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.tasks import Payload

_NUMBERS = (int, float)


class MergeConflictError(Exception):
    """Two parents of a join gave different values for one key."""

    def __init__(self, key: str, first: str, second: str) -> None:
        super().__init__(f'the tasks "{first}" and "{second}" give different values for the key "{key}"')


def isolated(payload: Payload) -> Payload:
    """Return a copy of the dict and of the plain dicts and lists in it; all other values are shared."""
    copy = dict(payload)
    if not is_tracked(payload):
        return copy  # the garbage collector knows that it holds no container: a fifth of the price of looking
    for key, value in payload.items():
        if type(value) in _CONTAINERS:
            try:
                copy[key] = _copied(value)
            except RecursionError:
                return _copied_flat(payload)
    return copy


def merged(payloads: Sequence[Payload], parents: Sequence[str]) -> Payload:
    """Return one dict with the keys of all payloads, in the order given.

    Raises:
        MergeConflictError: a key has two different values.
    """
    whole = dict(payloads[0])
    for payload in payloads[1:]:
        for key, value in payload.items():
            known = whole.setdefault(key, value)
            if known is not value and not same(known, value):
                raise _conflict(payloads, parents, payload, key)
    return whole


def _conflict(payloads: Sequence[Payload], parents: Sequence[str], second: Payload, key: str) -> MergeConflictError:
    """Return the error for a payload that gives another value for the key than the first that has it."""
    named = tuple(zip(parents, payloads, strict=True))
    first = next(parent for parent, payload in named if key in payload)
    return MergeConflictError(key, first, next(parent for parent, payload in named if payload is second))


def same(one: Any, other: Any) -> bool:
    """Return whether two values are one: the same object, equal plain values (NaN equals NaN), else equal when serialized."""
    if one is other:
        return True
    try:
        plain = _same_plain(one, other)
    except RecursionError:
        plain = None
    return _same_serialized(one, other) if plain is None else plain


def _same_plain(one: Any, other: Any) -> bool | None:
    """Return whether two plain values are equal; None where one of them is not plain."""
    if one is other:
        return True
    kind = type(one)
    if kind in _NUMBERS and type(other) in _NUMBERS:
        return bool(one == other) or (math.isnan(one) and math.isnan(other))
    if kind is not type(other):
        return False if kind in _PLAIN and type(other) in _PLAIN else None
    if kind is dict:
        return _same_dicts(one, other)
    if kind in (list, tuple):
        return _all_same(zip(one, other, strict=True)) if len(one) == len(other) else False
    return bool(one == other) if kind in _PLAIN else None


def _same_dicts(one: dict[Any, Any], other: dict[Any, Any]) -> bool | None:
    if one.keys() != other.keys():
        return False
    return _all_same((value, other[key]) for key, value in one.items())


def _all_same(pairs: Any) -> bool | None:
    verdict: bool | None = True
    for one, other in pairs:
        each = _same_plain(one, other)
        if each is None:
            each = _same_serialized(one, other)
        if not each:
            return False
    return verdict


def _same_serialized(one: Any, other: Any) -> bool:
    if type(one) is not type(other):
        return False
    import pickle  # noqa: PLC0415  to compare two values of this process, which few joins need; nothing is ever loaded from it

    try:
        return pickle.dumps(one) == pickle.dumps(other)
    except Exception:  # noqa: BLE001  whatever a foreign class raises: what cannot be compared is not the same
        return False


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return {key: _copied(each) if type(each) in _CONTAINERS else each for key, each in value.items()}
    return [_copied(each) if type(each) in _CONTAINERS else each for each in value]


def _copied_flat(root: dict[str, Any]) -> dict[str, Any]:
    """Copy what nests too deep for the stack, or holds itself: each container once."""
    copies: dict[int, Any] = {id(root): {}}
    todo: list[Any] = [root]
    while todo:
        container = todo.pop()
        copy = copies[id(container)]
        pairs = container.items() if type(container) is dict else enumerate(container)
        for key, value in pairs:
            known = value
            if type(value) in _CONTAINERS:
                if id(value) not in copies:
                    copies[id(value)] = type(value)()
                    todo.append(value)
                known = copies[id(value)]
            if type(copy) is dict:
                copy[key] = known
            else:
                copy.append(known)
    whole: dict[str, Any] = copies[id(root)]
    return whole


_CONTAINERS = frozenset((dict, list))
_PLAIN = frozenset((type(None), bool, int, float, str, bytes, dict, list, tuple))
