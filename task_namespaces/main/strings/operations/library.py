"""Operations on lists of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def capitalized(words: Iterable[str]) -> list[str]:
    """Return each word with its first letter in upper case and the rest in lower case."""
    return [word.capitalize() for word in words]


def lengths_of(words: Iterable[str]) -> list[int]:
    """Return the number of characters of each word."""
    return [len(word) for word in words]


def concatenated(words: Iterable[str]) -> str:
    """Return the words in one, with nothing between them."""
    return "".join(words)
