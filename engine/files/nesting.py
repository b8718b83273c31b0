"""How deep a JSON value is nested, measured without recursion."""

from __future__ import annotations

from typing import Any

DEEPEST_NESTING = 200


def is_too_deep(value: Any) -> bool:
    """Return whether containers are nested deeper than ``DEEPEST_NESTING``, looking at one level at a time."""
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(DEEPEST_NESTING):
        level = [
            child
            for container in level
            for child in (container.values() if type(container) is dict else container)
            if type(child) is dict or type(child) is list
        ]
        if not level:
            return False
    return True
