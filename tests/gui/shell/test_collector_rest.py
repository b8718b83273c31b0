"""What is open is no matter for the collector of garbage; what was closed is."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QTabWidget, QWidget

from ephemeral_gui.main_window import collector_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Circle:
    """Holds itself: the collector alone finds out that nobody else does."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_that_what_is_open_is_left_alone_and_what_was_closed_is_let_go_of(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector_rest, "SETTLED_AFTER", 0)
    tabs, first, second = QTabWidget(), QWidget(), QWidget()
    qtbot.addWidget(tabs)
    tabs.addTab(first, "first")
    collector_rest.CollectorRest(tabs)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    circle = Circle()
    gone = weakref.ref(circle)
    before = gc.get_freeze_count()
    tabs.addTab(second, "second")
    tabs.setCurrentWidget(second)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > before)
    del circle
    gc.collect()
    assert gone() is not None
    tabs.removeTab(tabs.indexOf(second))
    qtbot.waitUntil(lambda: gone() is None)
    second.deleteLater()
