"""The menus behind the right button, as tables: words, keys shown beside them, and the method of ``Canvas`` (or a part of it)."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from ephemeral_gui.canvas.hit import Hit

SEPARATOR: Final = ("", "", "")

ON_TASK: Final = (
    ("Rename", "F2", "rename_selected"),
    ("Settings", "Return", "activate_selected"),
    ("Connect to...", "C", "wiring.connect_on"),
    ("Connect from...", "Shift+C", "wiring.connect_back"),
    SEPARATOR,
    ("Cut", "Ctrl+X", "cut"),
    ("Copy", "Ctrl+C", "copy"),
    ("Duplicate", "Ctrl+D", "duplicate"),
    ("Delete", "Del", "delete_selection"),
    ("Delete and heal", "Ctrl+Del", "delete_and_heal"),
    SEPARATOR,
    ("Frame", "Ctrl+G", "annotating.frame_selection"),
    ("Bypass", "Ctrl+B", "bypass"),
    ("Switch off or on", "D", "switch_off"),
)
ON_ANNOTATION: Final = (
    ("Edit", "F2", "rename_selected"),
    SEPARATOR,
    ("Cut", "Ctrl+X", "cut"),
    ("Copy", "Ctrl+C", "copy"),
    ("Duplicate", "Ctrl+D", "duplicate"),
    ("Delete", "Del", "delete_selection"),
)
ON_WIRE: Final = (("Insert task...", "", "insert_at_menu"), ("Delete wire", "Del", "delete_selection"))
ON_GROUND: Final = (
    ("Add task...", "Tab", "quick_add_at_menu"),
    ("Add note", "N", "add_note_at_menu"),
    ("Paste", "Ctrl+V", "paste"),
    ("Paste with wires", "Ctrl+Shift+V", "paste_with_wires"),
    ("Select all", "Ctrl+A", "select_all"),
    SEPARATOR,
    ("Arrange", "Ctrl+L", "arrange"),
    ("Fit", "F", "fit"),
)


def menu_for(hit: Hit, canvas: QWidget, task_actions: Sequence[QAction] = ()) -> QMenu:
    """Return the menu for what the right button was pressed on; a task's ends with these actions. It deletes itself."""
    menu = QMenu(canvas)
    menu.setObjectName("canvas_menu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for words, keys, command in _rows(hit):
        if not command:
            menu.addSeparator()
            continue
        action = menu.addAction(words, attrgetter(command)(canvas))
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # shown only: the canvas has the key itself
        action.setShortcutVisibleInContextMenu(True)
    if task_actions and hit.item is not None:
        menu.addSeparator()
        menu.addActions(task_actions)
        menu.setToolTipsVisible(True)
    return menu


def _rows(hit: Hit) -> tuple[tuple[str, str, str], ...]:
    if hit.item is not None:
        return ON_TASK
    if hit.annotation is not None:
        return ON_ANNOTATION
    return ON_WIRE if hit.wire is not None else ON_GROUND
