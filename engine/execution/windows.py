"""Sliding windows over items that arrive one after the other, each window cut as soon as its items are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.model.job_map import Window

T = TypeVar("T")


class Windows(Generic[T]):
    """Cuts windows; keeps only what a later window may still hold."""

    def __init__(self, window: Window) -> None:
        self._size = window.size
        self._step = window.step or window.size
        self._kept: list[T] = []
        self._skip = 0
        self._seen = 0

    def add(self, items: Iterable[T]) -> list[list[T]]:
        """Take the next items and return the windows that are full now."""
        self._kept.extend(items)
        cut = []
        self._drop_skipped()
        while not self._skip and len(self._kept) >= self._size:
            cut.append(self._kept[: self._size])
            self._skip = self._step
            self._seen = self._size
            self._drop_skipped()
        return cut

    def finish(self) -> list[list[T]]:
        """Return the shorter last window where there is an item that no window had."""
        has_new = not self._skip and len(self._kept) > self._seen
        return [self._kept] if has_new else []

    def _drop_skipped(self) -> None:
        """Drop what lies before the next window; of what stays, the first ``seen`` items were in the last one."""
        dropped = min(self._skip, len(self._kept))
        del self._kept[:dropped]
        self._skip -= dropped
        self._seen = max(0, self._seen - dropped)
