"""A function that is so plain that only its wrapping is of interest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def greet(greeting: str, text: str | Sequence[str]) -> str:
    """Return what we got, after a greeting; several texts are joined by spaces."""
    words = text if isinstance(text, str) else " ".join(text)
    return f"We got: {greeting}{words}"
