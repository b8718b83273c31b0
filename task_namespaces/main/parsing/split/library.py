"""One record to many, one for each element of a list in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def one_for_each(record: Mapping[str, Any], list_key: str, key_name: str) -> list[dict[str, Any]]:
    """Return a record for each element of the list under ``list_key``: all other keys, and the element under ``key_name``."""
    others = {key: value for key, value in record.items() if key != list_key}
    return [{**others, key_name: element} for element in record[list_key]]
