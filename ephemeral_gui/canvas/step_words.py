"""What a step is called in the menu and in the list of what was done: after the one thing it changes, or by how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.model.job_map import Edge

_MOST_CHARACTERS: Final = 40


def on_tasks(verb: str, names: Collection[str]) -> str:
    """Return the words for a change of tasks: ``Delete “Mean”``, ``Delete 3 tasks``."""
    return f"{verb} {_quoted(next(iter(names)))}" if len(names) == 1 else f"{verb} {len(names)} tasks"


def on_wires(verb: str, edges: Collection[Edge]) -> str:
    """Return the words for a change of wires: ``Cut “Mean” → “Join”``, ``Cut 3 wires``."""
    if len(edges) != 1:
        return f"{verb} {len(edges)} wires"
    source, target = next(iter(edges))
    return f"{verb} {_quoted(source)} → {_quoted(target)}"


def _quoted(name: str) -> str:
    line = " ".join(name.split())
    return f"“{line if len(line) <= _MOST_CHARACTERS else line[: _MOST_CHARACTERS - 1] + '…'}”"
