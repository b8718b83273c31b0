"""Finding definitions by a few typed words."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.model.definition import Definition


class Finder:
    """Searches names, titles, descriptions, namespaces and types of definitions; made once for a catalogue."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._texts = [(definition, _searchable(definition)) for definition in definitions]

    def find(self, words: str) -> list[Definition]:
        """Return the definitions that hold every word, in the order of the catalogue; all of them for no words."""
        wanted = words.casefold().split()
        return [definition for definition, text in self._texts if all(word in text for word in wanted)]

    def nearest(self, words: str) -> str | None:
        """Return the title that is most like what was typed, None where nothing is near."""
        by_name: dict[str, str] = {}
        for definition, _ in self._texts:
            for name in (definition.name, definition.display_title, *definition.display_title.split()):
                by_name.setdefault(name.casefold(), definition.display_title)
        near = difflib.get_close_matches(" ".join(words.casefold().split()), by_name, n=1, cutoff=0.6)
        return by_name[near[0]] if near else None


def best(words: str, found: Sequence[Definition]) -> Definition | None:
    """Return the definition that Enter takes: one whose title or name begins with the words, else the first."""
    wanted = " ".join(words.casefold().split())
    for definition in found:
        if wanted and (definition.display_title.casefold().startswith(wanted) or definition.name.casefold().startswith(wanted)):
            return definition
    return found[0] if found else None


def _searchable(definition: Definition) -> str:
    types = (*definition.consumes, *definition.produces)
    parts = (definition.display_title, definition.name, definition.namespace, definition.description, *types)
    return "\n".join(parts).casefold()
