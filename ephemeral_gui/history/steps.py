"""The steps of a document for a view: the first state, and one row for each change, the last at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import cut, tool_tip

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

STEP, FILE = range(2)
FIRST: Final = "At the beginning"

_Index: TypeAlias = "QModelIndex | QPersistentModelIndex"
_ROOT: Final = QModelIndex()


class Steps(QAbstractTableModel):
    """Row ``n`` is the document after ``n`` changes."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._document: Document | None = None

    @property
    def now(self) -> int:
        """The row of what the document holds."""
        return 0 if self._document is None else self._document.undo_stack.index()

    def show(self, document: Document | None) -> None:
        """List the steps of a document as they are now, or none."""
        self.beginResetModel()
        self._document = document
        self.endResetModel()

    def is_undone(self, index: _Index) -> bool:
        """Return whether a redo would bring the step back."""
        return index.row() > self.now

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if self._document is None or parent.isValid() else self._document.undo_stack.count() + 1

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 2

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._document is None or not index.isValid():
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(cut(self._text(index.row()), 200).split()) if index.column() == STEP else ""
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(index)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._words(index)
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(self._words(index))
            case _:
                return None

    def _text(self, row: int) -> str:
        return FIRST if row == 0 or self._document is None else self._document.undo_stack.text(row - 1)

    def _is_saved(self, index: _Index) -> bool:
        document = self._document
        return document is not None and document.path is not None and document.undo_stack.cleanIndex() == index.row()

    def _icon(self, index: _Index) -> Any:
        theme = self._look.theme
        if index.column() == FILE:
            return icon("save", theme.muted) if self._is_saved(index) else None
        return icon("chevron-right", theme.accent) if index.row() == self.now else icon("dot", theme.muted)

    def _words(self, index: _Index) -> str:
        """Return what is said aloud: ``Move 3 tasks, undone``."""
        state = "undone" if self.is_undone(index) else "now" if index.row() == self.now else ""
        return ", ".join(part for part in (self._text(index.row()), state, "saved" if self._is_saved(index) else "") if part)
