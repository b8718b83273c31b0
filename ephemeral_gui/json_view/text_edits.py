"""The difference of two texts as few small replacements, so that a cursor elsewhere stays where it is."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_LINES_COMPARED = 1_500
"""Between the first and the last line that differ; where more lie between, only near lines are compared."""

MOST_EDITS = 200
"""Where more would be needed, all between the first and the last is replaced as one: that is faster."""

NEAR = 64
"""Lines from one that differs in which the next equal ones are looked for, where there are many lines."""

ALIKE = 3
"""Equal lines in a row that end a difference, where there are many lines."""


_Difference: TypeAlias = tuple[int, int, int, int]
"""From which line up to which one of the old text, and of the new."""


@dataclass(frozen=True, slots=True)
class Edit:
    """``removed`` characters from ``start`` of the old text give way to ``inserted``."""

    start: int
    removed: int
    inserted: str

    @property
    def end(self) -> int:
        """The first character of the old text behind it."""
        return self.start + self.removed


def edits_between(old: str, new: str) -> list[Edit]:
    """Return what leads from the old text to the new, from the front to the back, without overlaps."""
    if old == new:
        return []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    start = sum(map(len, before[:head]))
    middle_before, middle_after = before[head : len(before) - tail], after[head : len(after) - tail]
    is_long = len(middle_before) + len(middle_after) > MOST_LINES_COMPARED
    find = _near_differences if is_long else _differences
    differences = list(islice(find(middle_before, middle_after), MOST_EDITS + 1))
    if len(differences) > MOST_EDITS:
        differences = [(0, len(middle_before), 0, len(middle_after))]
    return _edits(start, middle_before, middle_after, differences)


def merged(base: str, mine: str, theirs: str) -> str | None:
    """Return my text with what leads from the base to theirs, None where both changed the same lines."""
    own = _narrowed(0, base, mine)
    before_own = base.rfind("\n", 0, own.start) + 1
    behind_own = base.find("\n", own.end)
    behind_own = len(base) if behind_own < 0 else behind_own
    result, shift = mine, 0
    for edit in edits_between(base, theirs):
        if edit.end >= before_own and edit.start <= behind_own:
            return None
        at = edit.start + shift + (len(own.inserted) - own.removed if edit.start >= own.end else 0)
        result = result[:at] + edit.inserted + result[at + edit.removed :]
        shift += len(edit.inserted) - edit.removed
    return result


def _differences(before: list[str], after: list[str]) -> Iterator[_Difference]:
    for tag, i, j, m, n in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield i, j, m, n


def _near_differences(before: list[str], after: list[str]) -> Iterator[_Difference]:
    """Walk through both from the front: in time that grows as they do, and with few edits where few places of long texts differ."""
    i = m = 0
    while i < len(before) or m < len(after):
        same = _shared(before[i : i + NEAR], after[m : m + NEAR])
        if same:
            i, m = i + same, m + same
            continue
        j, n = _next_alike(before, after, i, m)
        yield i, j, m, n
        i, m = j, n


def _next_alike(before: list[str], after: list[str], i: int, m: int) -> tuple[int, int]:
    """Return the nearest places behind these at which some lines are equal again, both ends where there are none."""
    for distance in range(1, 2 * NEAR):
        for further in range(max(0, distance - NEAR), min(distance, NEAR) + 1):
            j, n = i + further, m + distance - further
            if j < len(before) and before[j : j + ALIKE] == after[n : n + ALIKE]:
                return j, n
    return len(before), len(after)


def _edits(start: int, before: list[str], after: list[str], differences: Iterable[_Difference]) -> list[Edit]:
    offsets = list(accumulate(map(len, before), initial=start))
    return [_narrowed(offsets[i], "".join(before[i:j]), "".join(after[m:n])) for i, j, m, n in differences]


def _narrowed(start: int, before: str, after: str) -> Edit:
    """Return the replacement without the characters at both ends that stay."""
    head = _shared(before, after)
    before, after = before[head:], after[head:]
    tail = _shared(before[::-1], after[::-1])
    return Edit(start + head, len(before) - tail, after[: len(after) - tail])


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many characters or lines both begin with, by halves, so that nothing is compared one by one."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
