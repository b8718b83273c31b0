"""Lines and columns of JSON pointers, worked out from the text only where somebody asks.

The place of an object's member is that of its key, the place of an array's item that of its first character.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import replace
from functools import cached_property
from json.decoder import scanstring  # type: ignore[attr-defined]  # the stubs do not know it
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from engine.overriding import override
from engine.problems import pointer_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.problems import Problem

_SPACE = re.compile(r"[ \t\n\r]*")
_value_end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode  # numbers as text: the longest has an end, too

_Wanted: TypeAlias = "dict[str, _Wanted]"
"""The steps to go down, as a tree."""


class Place(NamedTuple):
    """Line and column in characters, both from 1."""

    line: int
    column: int

    @override
    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Lines:
    """Offsets in a text as lines and columns."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self._text))]

    def place(self, offset: int) -> Place:
        """Return where the character at ``offset`` stands."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)


def locate(text: str, pointers: Iterable[str]) -> dict[str, Place]:
    """Return the place of each pointer; where it leads to nothing, the place of the nearest thing on its way that is there.

    Args:
        text: JSON that can be read; where it cannot, the pointers behind the flaw get the place of what stands before it.
        pointers: RFC 6901 pointers.
    """
    pointers = list(pointers)
    offsets: dict[str, int] = {}
    try:
        for pointer, offset in _walk(text, _skip_space(text, 0), "", _tree(pointers)):
            offsets[pointer] = offset  # noqa: PERF403  what was found before a flaw is kept
    except (ValueError, IndexError, RecursionError):
        pass  # a flaw in the text, or a stack that is nearly full: what was found so far is near enough
    lines = Lines(text)
    return {pointer: lines.place(_nearest(offsets, pointer)) for pointer in pointers}


def with_places(problems: Sequence[Problem], text: str) -> list[Problem]:
    """Return the problems with line and column of their pointers; those that have them already keep them."""
    wanted = {problem.pointer for problem in problems if problem.line is None}
    places = locate(text, wanted) if wanted else {}
    return [
        problem if problem.line is not None else replace(problem, line=places[problem.pointer].line, column=places[problem.pointer].column)
        for problem in problems
    ]


def _tree(pointers: Iterable[str]) -> _Wanted:
    root: _Wanted = {}
    for pointer in pointers:
        node = root
        for step in pointer.split("/")[1:]:
            node = node.setdefault(step.replace("~1", "/").replace("~0", "~"), {})
    return root


def _walk(text: str, value_at: int, pointer: str, wanted: _Wanted, place: int | None = None) -> Iterator[tuple[str, int]]:
    """Yield the offset of the value and of everything wanted in it."""
    yield pointer, value_at if place is None else place
    if not wanted:
        return
    children = _members(text, value_at) if text[value_at] == "{" else _items(text, value_at)
    for step, at, child_at in children:
        if step in wanted:
            yield from _walk(text, child_at, pointer + pointer_to(step), wanted[step], at)


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield key, offset of the key and offset of the value of each member of the object at ``at``."""
    at = _skip_space(text, at + 1)
    while text[at] == '"':
        key, key_end = scanstring(text, at + 1)
        value_at = _skip_space(text, _skip_space(text, key_end) + 1)
        yield key, at, value_at
        at = _behind_comma(text, value_at)


def _items(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield index and offset (twice) of each item of the array at ``at``; nothing where there is no array."""
    if text[at] != "[":
        return
    at = _skip_space(text, at + 1)
    index = 0
    while text[at] != "]":
        yield str(index), at, at
        at = _behind_comma(text, at)
        index += 1


def _behind_comma(text: str, value_at: int) -> int:
    """Return where the next member or item, or the closing bracket, stands."""
    at = _skip_space(text, _value_end(text, value_at)[1])
    return _skip_space(text, at + 1) if text[at] == "," else at


def _skip_space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _nearest(offsets: dict[str, int], pointer: str) -> int:
    while pointer not in offsets and pointer:
        pointer = pointer.rpartition("/")[0]
    return offsets.get(pointer, 0)
