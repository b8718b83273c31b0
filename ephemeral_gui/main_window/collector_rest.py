"""Rest for the collector of garbage: a full collection that walks through a job map of 2,000 tasks holds the window for 50 ms."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTabWidget

SETTLED_AFTER: Final = 3_000
"""Milliseconds after which all that a start, or an opening, brings is there."""


class CollectorRest(QObject):
    """Keeps what the application is made of, and what is open in tabs, out of collections; what was closed is let go of."""

    def __init__(self, tabs: QTabWidget) -> None:
        super().__init__(tabs)
        self._tabs = tabs
        self._count = tabs.count()
        self._has_garbage = True
        self._later = QTimer(self, singleShot=True, interval=SETTLED_AFTER)
        self._later.timeout.connect(self._rest)
        self._later.start()
        tabs.currentChanged.connect(self._look)

    def _look(self) -> None:
        before, self._count = self._count, self._tabs.count()
        if self._count != before:
            self._has_garbage = self._has_garbage or self._count < before
            self._later.start()

    def _rest(self) -> None:
        if self._has_garbage:
            gc.unfreeze()
            gc.collect()
        gc.freeze()
        self._has_garbage = False
