"""The tool bar, and the menu of recent files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget
from typing_extensions import override

from ephemeral_gui.main_window.search import WIDTH as SEARCH_WIDTH
from ephemeral_gui.widgets.labels import tool_tip

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFontMetrics, QResizeEvent

    from ephemeral_gui.actions.action_set import ActionSet
    from ephemeral_gui.document.recent import RecentFiles

TOOL_BAR_HEIGHT = 44
WIDEST_PATH = 480
_ICON_BUTTON = 37
_NARROW_SEARCH = 140
_SLACK = 24
"""Pixels by which a word may grow: Pause becomes Resume."""


class _ToolBar(QToolBar):
    """Leaves out words where there is no room for all, the accent's last: what does not fit Qt would hide, the search with it."""

    def __init__(self) -> None:
        super().__init__("Tool bar", objectName="tool_bar", movable=False, iconSize=QSize(16, 16))
        self._worded: list[QToolButton] = []
        self._needed = (0, 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        if not self._worded:
            self._worded = [button for button in map(self.widgetForAction, self.actions()) if _has_words(button)]
        width = event.size().width()
        if all(button.toolButtonStyle() is _WORDED for button in self._worded):
            self._measure()
        for button in self._worded:
            fits = width >= self._needed[1 if button.property("flavour") == "accent" else 0]
            button.setToolButtonStyle(_WORDED if fits else Qt.ToolButtonStyle.ToolButtonIconOnly)
        super().resizeEvent(event)

    def _measure(self) -> None:
        """Note how wide the bar must be for all words, and for the accent's alone beside a search field that can be written in."""
        all_words = self.sizeHint().width() + _SLACK
        spare = [button for button in self._worded if button.property("flavour") != "accent"]
        words = sum(button.sizeHint().width() - _ICON_BUTTON for button in spare)
        self._needed = (all_words, all_words - words - (SEARCH_WIDTH - _NARROW_SEARCH))


_WORDED = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


def _has_words(button: QWidget) -> TypeGuard[QToolButton]:
    return isinstance(button, QToolButton) and button.toolButtonStyle() is _WORDED


def make_tool_bar(actions: ActionSet, search: QWidget) -> QToolBar:
    """Return the tool bar: the buttons of the table at the left, the search field at the right."""
    bar = _ToolBar()
    bar.setFixedHeight(TOOL_BAR_HEIGHT)
    bar.toggleViewAction().setVisible(False)
    actions.fill_tool_bar(bar)
    gap = QWidget()
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(gap)
    bar.addWidget(search)
    return bar


def fill_recent_menu(menu: QMenu, recent: RecentFiles, open_path: Callable[[Path], object]) -> None:
    """Fill the menu with what was opened last, newest first."""
    menu.clear()
    menu.setToolTipsVisible(True)
    for path in recent.paths:
        action = menu.addAction(_shortened(path, menu.fontMetrics()).replace("&", "&&"))
        action.setToolTip(tool_tip(str(path)))
        action.triggered.connect(lambda _checked=False, path=path: open_path(path))
    if menu.isEmpty():
        menu.addAction("Nothing opened yet").setEnabled(False)
        return
    menu.addSeparator()
    menu.addAction("Clear this list").triggered.connect(recent.clear)


def _shortened(path: Path, metrics: QFontMetrics) -> str:
    """Return a path as wide as a menu may be: from the home folder on, and without its middle where that is too long."""
    home = Path.home()
    text = str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)
    return metrics.elidedText(" ".join(text.split()), Qt.TextElideMode.ElideMiddle, WIDEST_PATH)
