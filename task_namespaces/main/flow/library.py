"""Records cut down to what is of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def only_keys(records: Iterable[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    """Return each record with these keys alone, in this order; a key that a record lacks is left out."""
    return [{key: record[key] for key in keys if key in record} for record in records]
