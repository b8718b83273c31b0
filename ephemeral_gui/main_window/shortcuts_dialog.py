"""Every action with its keys, to be read, searched and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ephemeral_gui.actions.rows import ACTIONS, MENUS, Action
from ephemeral_gui.widgets.fonts import ui_font
from ephemeral_gui.widgets.labels import PlainLabel
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ephemeral_gui.main_window.preferences import Preferences

HOW = "Choose an action, press its new keys, and use them."
FIXED: Final = {
    "On the canvas": (
        ("Add a task", "Tab"),
        ("Fit", "F"),
        ("Walk from task to task", "Left, Right, Up, Down"),
        ("Move the view", "Space and drag"),
    ),
    "In the palette": (("Add the task", "Return"), ("Make it a favourite", "Insert")),
}
"""Keys that belong to a place and cannot be changed."""
_ROW: Final = QSize(0, 26)
_ID: Final = Qt.ItemDataRole.UserRole


class ShortcutsDialog(QDialog):
    """Controls: ``shortcuts.`` ``filter``, ``list``, ``keys``, ``set``, ``reset``, ``note``."""

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 620)
        self._preferences = preferences
        self._filter = QLineEdit(objectName="shortcuts.filter", placeholderText="Filter by action or key", accessibleName="Filter")
        self._list = QTreeWidget(objectName="shortcuts.list", accessibleName="Actions and their keys")
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._keys = QKeySequenceEdit(objectName="shortcuts.keys", accessibleName="New keys", maximumSequenceLength=1)
        self._keys.findChild(QLineEdit).setAccessibleName("New keys")
        self._set = QPushButton("Use these keys", objectName="shortcuts.set", autoDefault=False)
        self._reset = QPushButton("First keys", objectName="shortcuts.reset", autoDefault=False)
        self._note = PlainLabel(HOW, "help", wrap=True)
        self._note.setObjectName("shortcuts.note")
        self._prepare()
        self._lay_out()
        self._show()

    def _prepare(self) -> None:
        shown = self._list
        set_variant(shown, "flavour", "list")
        shown.setHeaderLabels(["Action", "Keys"])
        shown.setRootIsDecorated(False)
        shown.setItemsExpandable(False)
        shown.setIndentation(12)
        shown.setUniformRowHeights(True)
        shown.header().setStretchLastSection(False)
        shown.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        shown.header().resizeSection(1, 220)
        shown.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._fill()
        shown.itemSelectionChanged.connect(self._chosen)
        self._filter.textChanged.connect(self._show)
        self._keys.keySequenceChanged.connect(self._warn)
        self._set.clicked.connect(self._give)
        self._reset.clicked.connect(self._give_back)
        self._preferences.changed.connect(self._show)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        for widget in (self._keys, self._set, self._reset):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(self._filter)
        column.addWidget(self._list, 1)
        column.addLayout(row)
        column.addWidget(self._note)
        self._chosen()

    def _fill(self) -> None:
        for title, entries in MENUS:
            group = self._group(title.replace("&", ""))
            for action in (each for each in entries if isinstance(each, Action)):
                self._rows[action.id] = self._row(group, action.title, "")
                self._rows[action.id].setData(0, _ID, action.id)
        for title, keys in FIXED.items():
            group = self._group(title)
            for words, text in keys:
                self._row(group, words, text).setForeground(1, QColor(self._preferences.theme.muted))
        self._list.expandAll()

    def _group(self, title: str) -> QTreeWidgetItem:
        group = self._row(self._list.invisibleRootItem(), title, "")
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFirstColumnSpanned(True)
        group.setFont(0, ui_font(12, 600))
        return group

    def _row(self, parent: QTreeWidgetItem, title: str, keys: str) -> QTreeWidgetItem:
        row = QTreeWidgetItem(parent, [title, keys])
        row.setSizeHint(0, _ROW)
        return row

    def _groups(self) -> Iterator[tuple[QTreeWidgetItem, Sequence[QTreeWidgetItem]]]:
        for number in range(self._list.topLevelItemCount()):
            group = self._list.topLevelItem(number)
            if group is not None:
                yield group, [group.child(row) for row in range(group.childCount())]

    def _show(self) -> None:
        """Write the keys of each action, and hide what the filter does not ask for."""
        for action_id, row in self._rows.items():
            own = " (yours)" if self._preferences.is_own(action_id) else ""
            row.setText(1, f"{keys_text(self._preferences.keys_of(action_id))}{own}")
        wanted = self._filter.text().casefold().split()
        for group, rows in self._groups():
            for row in rows:
                said = f"{group.text(0)} {row.text(0)} {row.text(1)} {row.data(0, _ID) or ''}".casefold()
                row.setHidden(not all(word in said for word in wanted))
            group.setHidden(all(row.isHidden() for row in rows))

    def _current(self) -> str | None:
        """Return the id of the chosen action, None where there is none or its keys are fixed."""
        rows = self._list.selectedItems()
        return rows[0].data(0, _ID) if rows else None

    def _chosen(self) -> None:
        action_id = self._current()
        for widget in (self._keys, self._set, self._reset):
            widget.setEnabled(action_id is not None)
        keys = self._preferences.keys_of(action_id) if action_id is not None else ()
        self._keys.setKeySequence(QKeySequence(keys[0] if keys else ""))

    def _warn(self) -> None:
        holder = self._preferences.holder_of(self._keys.keySequence().toString()) if not self._keys.keySequence().isEmpty() else None
        is_taken = holder is not None and holder != self._current()
        self._note.setText(f"{ACTIONS[holder].title} has these keys now and would lose them." if is_taken and holder else HOW)

    def _give(self) -> None:
        action_id = self._current()
        if action_id is not None:
            keys = self._keys.keySequence().toString()
            self._preferences.give_keys(action_id, [keys] if keys else [])

    def _give_back(self) -> None:
        action_id = self._current()
        if action_id is not None:
            self._preferences.reset_keys(action_id)
            self._chosen()


def keys_text(keys: Sequence[str]) -> str:
    """Return shortcuts as this system writes them."""
    return ", ".join(QKeySequence(each).toString(QKeySequence.SequenceFormat.NativeText) for each in keys)
