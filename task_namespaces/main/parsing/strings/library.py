"""Texts to words, and a choice among words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Comparison: TypeAlias = Literal["greater", "less"]


def split_words(text: str) -> list[str]:
    """Return the words of a text: what stands between white space."""
    return text.split()


def words_of_length(words: Iterable[str], length: int, comparison: Comparison) -> list[str]:
    """Return, in their order, the words with more (``greater``) or fewer (``less``) characters than a length; never those of that length.

    Raises:
        ValueError: the comparison is neither.
    """
    if comparison == "greater":
        return [word for word in words if len(word) > length]
    if comparison == "less":
        return [word for word in words if len(word) < length]
    raise ValueError(f'comparison must be "greater" or "less", got {comparison!r}')
