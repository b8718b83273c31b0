"""The difference of two texts as few small replacements, so that a cursor elsewhere stays where it is."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

MOST_LINES_COMPARED = 1_500
"""Between the first and the last line that differ; where more lie between, they are replaced as one."""


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
    head = _same_at_front(before, after)
    tail = _same_at_front(before[head:][::-1], after[head:][::-1])
    start = sum(map(len, before[:head]))
    middle_before, middle_after = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(middle_before) + len(middle_after) > MOST_LINES_COMPARED:
        return [_narrowed(start, "".join(middle_before), "".join(middle_after))]
    return _compared(start, middle_before, middle_after)


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


def _same_at_front(one: list[str], other: list[str]) -> int:
    return next((index for index, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _compared(start: int, before: list[str], after: list[str]) -> list[Edit]:
    edits = []
    offsets = [start]
    for line in before:
        offsets.append(offsets[-1] + len(line))
    for tag, i, j, m, n in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            edits.append(_narrowed(offsets[i], "".join(before[i:j]), "".join(after[m:n])))
    return edits


def _narrowed(start: int, before: str, after: str) -> Edit:
    """Return the replacement without the characters at both ends that stay."""
    head = _shared(before, after)
    before, after = before[head:], after[head:]
    tail = _shared(before[::-1], after[::-1])
    return Edit(start + head, len(before) - tail, after[: len(after) - tail])


def _shared(one: str, other: str) -> int:
    """Return how many characters both begin with, by halves, so that nothing is compared one by one."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
