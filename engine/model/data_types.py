"""Names of data types, and when a wire between two of them holds."""

from __future__ import annotations

ANY = "any"


def outer_type(name: str) -> str:
    """Return the bare outer type: ``list`` for ``list(string)``, the name itself for a plain one."""
    return name.partition("(")[0]


def inner_type(name: str) -> str | None:
    """Return what a parametric type holds: ``string`` for ``list(string)``, None for a plain one."""
    outer, bracket, rest = name.partition("(")
    return rest[:-1] if outer and bracket and rest.endswith(")") else None


def accepts(consumed: str, produced: str) -> bool:
    """Return whether a task that consumes the one may stand behind a task that produces the other.

    A wire holds where the types are equal, where the consumer takes ``any``, or where it takes the bare outer type of the produced one.
    """
    return consumed in (produced, ANY) or (inner_type(produced) is not None and consumed == outer_type(produced))
