"""What the tasks of drawn job maps do: plain functions of a payload, their whims decided by the payload alone."""

from __future__ import annotations

import math
import zlib
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.property.tokens import Function

FAN_OUTS: Final = ("list", "generator", "generator that fails midway")
CALM: Final = ("mark",) * 5 + ("same", "change in place", "clash")
OPENING: Final = ("list",) * 3 + ("generator",) * 2
GRIM: Final = ("fails at times", "fails at times", "ends at times", "ends at times", "wrong result", "fails", "hangs")
GRIM_AND_OPENING: Final = (*GRIM, "whim", "whim", "generator that fails midway")
"""What tasks do, by how they treat the run. ``number`` is as good as random, and the same for the same payload."""

HANGS: Final = object()
"""Returned by a function for a body that never ends of itself; its task has a time limit."""


@dataclass(frozen=True)
class Behaviour:
    """What one task does.

    Attributes:
        kind: one of the kinds above.
        width: most branches that it opens at once.
        flaky: how many attempts fail, at most, before one is let through; decided by the payload.
    """

    kind: str
    width: int = 3
    flaky: int = 0

    @property
    def fans_out(self) -> bool:
        """True where it opens branches whatever it gets."""
        return self.kind in FAN_OUTS


def plain_function(name: str, behaviour: Behaviour) -> Function:
    """Return the task as a plain function of payload and attempt; it may change the payload, which must be its own."""

    def function(payload: Any, attempt: int) -> Any:
        number = zlib.crc32(f"{name} {payload!r}".encode())
        if attempt <= number % (behaviour.flaky + 1):
            raise OSError(f"attempt {attempt} of {name}")
        return behave(name, behaviour, payload, number // 7)

    return function


def behave(name: str, behaviour: Behaviour, payload: Any, number: int) -> Any:  # noqa: PLR0911  a list of what tasks do
    """Return what the task returns for this payload, ``number`` being as good as random."""
    if behaviour.fans_out:
        return fanned_out(name, behaviour.kind, payload, number % behaviour.width + 1 if number % 7 else 0)
    match behaviour.kind:
        case "fails at times" | "fails" if number % 4 == 0 or behaviour.kind == "fails":
            raise ValueError(name)
        case "ends at times" if number % 4 == 0:
            return []
        case "whim":
            return whim(name, behaviour, payload, number)
        case "hangs":
            return HANGS
        case "wrong result":
            return wrong_result(payload, number)
        case "change in place":
            return changed_in_place(name, payload)
        case "same":
            return payload
        case "clash":
            return {**payload, "x": (0, 1, math.nan)[number % 3]}
        case _:
            return {**payload, name: number % 3}


def fanned_out(name: str, kind: str, payload: Any, count: int) -> Any:
    """Return a list or a generator of that many branches."""
    if kind == "generator that fails midway":
        return failing_midway(name, payload, count)
    return branches(name, payload, count) if kind == "list" else iter(branches(name, payload, count))


def branches(name: str, payload: Any, count: int) -> list[Any]:
    """Return payloads that share nothing: what a task puts into several of its own branches is its own affair."""
    return [{**deepcopy(payload), name: index} for index in range(count)]


def changed_in_place(name: str, payload: Any) -> Any:
    """Change the payload, and what it holds, for all to see who were not given a copy."""
    payload.setdefault("seen", []).append(name)
    for value in payload.values():
        if isinstance(value, dict):
            value["touched"] = name
    return payload


def whim(name: str, behaviour: Behaviour, payload: Any, number: int) -> Any:
    """Fail, end, pass on or open branches, as the payload has it."""
    choices = ("fails", "ends", "list", "generator", "mark", "generator that fails midway")
    kind = choices[number % len(choices)]
    return [] if kind == "ends" else behave(name, Behaviour(kind, behaviour.width), payload, number // len(choices))


def wrong_result(payload: Any, number: int) -> Any:
    """Return now and then what no task may return."""
    results: tuple[Any, ...] = (
        payload,
        payload,
        [payload],
        [payload],
        None,
        7,
        [payload, "no dict"],
        {1: "key is no text"},
        (payload,),
        iter([payload, None]),
    )
    return results[number % len(results)]


def failing_midway(name: str, payload: Any, count: int) -> Iterator[Any]:
    """Give some branches, then fail."""
    yield from branches(name, payload, count)
    raise ValueError(f"{name} broke off")
