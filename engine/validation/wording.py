"""Words for people: names in quotes, and what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.problems import suggestion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST_NAME = 60
_MOST_COMPARISONS = 100_000  # about half a second of looking for near names
_LONGEST_WANTED = 100


def quoted(name: str) -> str:
    """Return the name in double quotes, cut where it is very long."""
    return f'"{cut(name)}"'


def cut(text: str) -> str:
    """Return the text, cut where it is very long."""
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 3]}..."


def listed(names: Iterable[str], word: str = "and") -> str:
    """Return the names for a sentence: ``"a", "b" and "c"``."""
    quotes = [quoted(name) for name in names]
    return f" {word} ".join([", ".join(quotes[:-1]), quotes[-1]]) if len(quotes) > 1 else "".join(quotes)


class Hints:
    """Suggestions for mistyped names, each worked out once, and no more of them than take a moment."""

    def __init__(self) -> None:
        self._comparisons_left = _MOST_COMPARISONS
        self._known: dict[tuple[str, int], tuple[str | None, Collection[str]]] = {}

    def nearest(self, wanted: str, known: Collection[str]) -> str | None:
        """Return ``did you mean 'x'?``, or None where nothing is near or the search would take too long."""
        key = (wanted, id(known))
        if key not in self._known:
            self._known[key] = self._search(wanted, known), known  # held, so that no other collection gets its id
        return self._known[key][0]

    def _search(self, wanted: str, known: Collection[str]) -> str | None:
        if len(wanted) > _LONGEST_WANTED or len(known) > self._comparisons_left:
            return None
        self._comparisons_left -= len(known)
        return suggestion(wanted, (name for name in known if len(name) <= _LONGEST_WANTED))
