"""The whole window by keyboard, and its words for those who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

import ephemeral_gui
from engine.catalog.installation import JOBS
from ephemeral_gui.actions.rows import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytestqt.qtbot import QtBot

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SEASONS = JOBS / "seasonal-sea-surface-report" / "job.json"


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    opened = ephemeral_gui.open_window(SEASONS)
    with qtbot.waitActive(opened):
        opened.activateWindow()
    return opened


def focused() -> QWidget:
    widget: QWidget | None = QApplication.focusWidget()
    assert widget is not None
    return widget


def round_trip(window: MainWindow) -> list[QWidget]:
    """Return what Tab reaches, from the first control until it comes again; the canvas, which keeps Tab, is left by F6."""
    assert window.panels.palette is not None
    assert window.canvas is not None
    window.panels.palette.filter.setFocus()
    seen = [focused()]
    for _ in range(60):
        if focused() is window.canvas.viewer:
            window.focusNextChild()
        else:
            QTest.keyClick(focused(), Qt.Key.Key_Tab)
        if focused() is seen[0]:
            break
        seen.append(focused())
    return seen


async def test_that_a_job_map_that_opens_takes_the_keyboard(window: MainWindow) -> None:
    assert window.canvas is not None
    assert window.canvas.isAncestorOf(focused())


async def test_that_tab_comes_to_palette_and_inspector_and_to_no_head_of_a_panel(window: MainWindow) -> None:
    seen = round_trip(window)
    assert window.panels.palette is not None
    for area in (window.panels.palette, window.panels.inspector):
        assert any(area.isAncestorOf(widget) for widget in seen)
    assert [widget for widget in seen if widget.accessibleName().startswith("Take ")] == []


async def test_that_shift_tab_goes_back(window: MainWindow) -> None:
    assert window.panels.palette is not None
    window.panels.palette.tree.setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert focused() is window.panels.palette.filter


async def test_that_f6_goes_from_area_to_area_and_shift_f6_back(window: MainWindow) -> None:
    assert window.panels.palette is not None
    assert window.canvas is not None
    window.panels.palette.filter.setFocus()
    areas = []
    for action_id in ("view.next_area", "view.next_area", "view.next_area", "view.next_area", "view.previous_area"):
        window.actions_by_id[action_id].trigger()
        named = {
            "palette": window.panels.palette,
            "canvas": window.canvas,
            "inspector": window.panels.inspector,
            "problems": window.panels.problems,
        }
        areas.append(next((name for name, area in named.items() if area.isAncestorOf(focused()) or area is focused()), "elsewhere"))
    assert areas in (["canvas", "inspector", "problems", "palette", "problems"], ["canvas", "inspector", "palette", "canvas", "palette"])


async def test_that_the_search_field_shows_the_keys_that_lead_to_it(window: MainWindow) -> None:
    hint = next(each for each in window.search.findChildren(QLabel) if each.property("role") == "pill")
    assert hint.text() == "Ctrl K"
    window.preferences.give_keys("edit.find", ["Ctrl+J"])
    assert hint.text() == "Ctrl J"
    window.preferences.give_keys("edit.find", [])
    assert not hint.isVisibleTo(window.search)
    window.preferences.reset_keys("edit.find")
    assert hint.text() == ACTIONS["edit.find"].keys[0].replace("+", " ")
    assert hint.isVisibleTo(window.search)
