"""Every action with its keys, to be read, searched and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ephemeral_gui.actions.rows import ACTIONS
from ephemeral_gui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ephemeral_gui.main_window.preferences import Preferences

OTHERS = "On the canvas: Tab adds a task, F fits, the arrows walk, Space and drag moves. In the palette: Insert makes a favourite."


class ShortcutsDialog(QDialog):
    """Controls: ``shortcuts.`` ``filter``, ``table``, ``keys``, ``set``, ``reset``, ``note``."""

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 620)
        self._preferences = preferences
        self._ids = list(ACTIONS)
        self._filter = QLineEdit(objectName="shortcuts.filter", placeholderText="Filter by action or key", accessibleName="Filter")
        self._table = QTableWidget(len(self._ids), 2, objectName="shortcuts.table", accessibleName="Actions and their keys")
        self._keys = QKeySequenceEdit(objectName="shortcuts.keys", accessibleName="New keys", maximumSequenceLength=1)
        self._keys.findChild(QLineEdit).setAccessibleName("New keys")
        self._set = QPushButton("Use these keys", objectName="shortcuts.set", autoDefault=False)
        self._reset = QPushButton("First keys", objectName="shortcuts.reset", autoDefault=False)
        self._note = PlainLabel(OTHERS, "help", wrap=True)
        self._note.setObjectName("shortcuts.note")
        self._prepare()
        self._lay_out()
        self._show()

    def _prepare(self) -> None:
        table = self._table
        table.setHorizontalHeaderLabels(["Action", "Keys"])
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().resizeSection(1, 220)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.itemSelectionChanged.connect(self._chosen)
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
        column.addWidget(self._table, 1)
        column.addLayout(row)
        column.addWidget(self._note)
        self._chosen()

    def _show(self) -> None:
        wanted = self._filter.text().casefold().split()
        for row, action_id in enumerate(self._ids):
            title, keys = ACTIONS[action_id].title, keys_text(self._preferences.keys_of(action_id))
            own = " (yours)" if self._preferences.is_own(action_id) else ""
            for column, text in enumerate((title, f"{keys}{own}")):
                self._table.setItem(row, column, QTableWidgetItem(text))
            self._table.setRowHidden(row, not all(word in f"{title} {keys} {action_id}".casefold() for word in wanted))

    def _current(self) -> str | None:
        rows = self._table.selectionModel().selectedRows()
        return self._ids[rows[0].row()] if rows else None

    def _chosen(self) -> None:
        action_id = self._current()
        for widget in (self._keys, self._set, self._reset):
            widget.setEnabled(action_id is not None)
        keys = self._preferences.keys_of(action_id) if action_id is not None else ()
        self._keys.setKeySequence(QKeySequence(keys[0] if keys else ""))

    def _warn(self) -> None:
        holder = self._preferences.holder_of(self._keys.keySequence().toString()) if not self._keys.keySequence().isEmpty() else None
        is_taken = holder is not None and holder != self._current()
        self._note.setText(f"{ACTIONS[holder].title} has these keys now and would lose them." if is_taken and holder else OTHERS)

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
