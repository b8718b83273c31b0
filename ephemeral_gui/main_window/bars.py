"""The tool bar, and the menu of recent files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ephemeral_gui.actions.action_set import ActionSet
    from ephemeral_gui.document.recent import RecentFiles

TOOL_BAR_HEIGHT = 44


def make_tool_bar(actions: ActionSet, search: QWidget) -> QToolBar:
    """Return the tool bar: the buttons of the table at the left, the search field at the right."""
    bar = QToolBar("Tool bar", objectName="tool_bar", movable=False, iconSize=QSize(16, 16))
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
    for path in recent.paths:
        action = menu.addAction(str(path).replace("&", "&&"))
        action.triggered.connect(lambda _checked=False, path=path: open_path(path))
    if menu.isEmpty():
        menu.addAction("Nothing opened yet").setEnabled(False)
        return
    menu.addSeparator()
    menu.addAction("Clear this list").triggered.connect(recent.clear)
