"""Groups of payloads by the value of one key, in order of first appearance."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from engine.tasks import Payload


class GroupError(Exception):
    """A payload cannot be put into a group."""


def groups(payloads: Sequence[Payload], key: str) -> list[list[Payload]]:
    """Return the payloads by their value of the key.

    Raises:
        GroupError: a payload lacks the key, or its value can be compared neither as it is nor as JSON.
    """
    found: dict[Hashable, list[Payload]] = {}
    for position, payload in enumerate(payloads):
        if key not in payload:
            raise GroupError(f'items[{position}] lacks the key "{key}" to group by')
        found.setdefault(_mark(payload[key], position, key), []).append(payload)
    return list(found.values())


def _mark(value: Any, position: int, key: str) -> Hashable:
    """Return what equal values share: true and 1 are apart, 1 and 1.0 are not, NaN is one group."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, float) and math.isnan(value):
        return ("nan",)
    if isinstance(value, (dict, list)):
        try:
            return ("json", json.dumps(value, sort_keys=True))
        except (TypeError, ValueError, RecursionError) as error:
            raise GroupError(f'items[{position}] cannot be grouped: "{key}" holds {error}') from error
    try:
        hash(value)
    except TypeError as error:
        raise GroupError(f'items[{position}] cannot be grouped by "{key}": {error}') from error
    return ("value", value)
