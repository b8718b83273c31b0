"""The way of the keyboard from area to area of the window, by F6; from control to control goes Qt's own Tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from ephemeral_gui.main_window.docks import BOTTOM, HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ephemeral_gui.main_window.window import MainWindow


class FocusOrder:
    """Finds the next area at the moment when its key is pressed: panels and pages come and go."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def areas(self) -> list[QWidget]:
        """Return the areas that are shown, in the order of reading: palette, outline, history, centre, inspector, the panel below."""
        window = self._window
        docks = [window.docks[name] for name in ("palette", *HIDDEN, "inspector", *BOTTOM)]
        palette, outline, history, inspector, *bottom = [dock.widget() for dock in docks]
        shown = [palette, outline, history, window.centralWidget(), inspector, *bottom]
        return [area for area in shown if is_seen(area)]

    def step(self, by: int) -> None:
        """Go on to the area behind, or before, the one that has the keyboard."""
        areas = self.areas()
        if not areas:
            return
        focused = QApplication.focusWidget()
        at = next((number for number, area in enumerate(areas) if focused is not None and area.isAncestorOf(focused)), -1)
        target = areas[(at + by) % len(areas)] if at >= 0 or by > 0 else areas[-1]
        self.enter(target)

    def enter(self, area: QWidget) -> None:
        """Go to the first control of an area."""
        (self._entrance(area) or area).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _entrance(self, area: QWidget) -> QWidget | None:
        """Return where the keyboard enters an area: the shown page of the centre, the first control of any other."""
        if area is self._window.centralWidget():
            return self._window.tabs.currentWidget()
        proxy = area.focusProxy()
        if proxy is not None and proxy.isVisible():
            return proxy
        return next((widget for widget in self._reached() if area.isAncestorOf(widget)), None)

    def _reached(self) -> Iterable[QWidget]:
        """Yield what the keyboard can reach, in the order in which it was made.

        Not by ``nextInFocusChain``: after it has handed out a widget of Qt's own, PySide6 6.11 crashes in some later call.
        """
        for widget in self._window.findChildren(QWidget):
            policy = widget.focusPolicy()
            stands_for_itself = widget.focusProxy() is None and widget.window() is self._window
            if policy & Qt.FocusPolicy.TabFocus and stands_for_itself and widget.isEnabled() and is_seen(widget):
                yield widget


def is_seen(widget: QWidget) -> bool:
    """Return whether any of it is within its window: a panel behind another one lies outside, though Qt calls it visible."""
    window = widget.window()
    return widget.isVisible() and window.rect().intersects(QRect(widget.mapTo(window, QPoint()), widget.size()))
