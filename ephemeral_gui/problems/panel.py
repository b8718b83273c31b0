"""The problems panel. Object names: ``problems.table``, ``problems.none``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QStackedLayout, QWidget
from typing_extensions import override

from ephemeral_gui.problems.fix_button import FixButtonDelegate
from ephemeral_gui.problems.model import COLUMNS, FIX, FIX_COLUMN, PROBLEM, ProblemsModel
from ephemeral_gui.widgets.empty_state import EmptyState
from ephemeral_gui.widgets.rows import RowDelegate, RowsView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from engine.problems import Problem
    from ephemeral_gui.widgets.theme import Look

NARROW = 400
NO_PROBLEMS = "No problems. They appear here as you edit, and a click takes you to the task."


class ProblemsDelegate(RowDelegate):
    """Says what is wrong in the text's colour, and where and what to try more quietly."""

    @override
    def colour(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return self._look.theme.text if index.column() <= 1 else self._look.theme.text2


class ProblemsPanel(QWidget):
    """Every problem on one line; a click, Enter or Space leads to its place, the button at its end mends it."""

    activated = Signal(object)
    """The ``Problem`` that the user wants to go to."""
    fix_requested = Signal(object)
    """The ``Problem`` whose fix the user takes."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = ProblemsModel(look, self)
        self.table = _Table(look)
        self.table.setObjectName("problems.table")
        self.table.setAccessibleName("Problems")
        self.table.setModel(self._model)
        self.table.setItemDelegate(ProblemsDelegate(look, self.table))
        self.table.setItemDelegateForColumn(FIX_COLUMN, FixButtonDelegate(look, self.table))
        self._none = EmptyState(NO_PROBLEMS, "check", look, state="done")
        self._none.setObjectName("problems.none")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._none)
        self._stack.addWidget(self.table)
        self._size_columns()
        self.table.row_activated.connect(self._go)
        look.changed.connect(self.table.viewport().update)

    @property
    def problems(self) -> Sequence[Problem]:
        """The problems that are shown, errors first."""
        return self._model.problems

    def offer_fixes(self, find: Callable[[Problem], str | None]) -> None:
        """Show buttons with the words that ``find`` returns for a problem, none where it returns None."""
        self._model.offer_fixes(find)

    def fix_current(self) -> None:
        """Ask for the fix of the current row, where it has one, else of the first row that has."""
        current = self.table.currentIndex().row()
        rows = [current] if current >= 0 and self._model.fix_of(current) else range(self._model.rowCount())
        row = next((row for row in rows if self._model.fix_of(row)), None)
        if row is not None:
            self.fix_requested.emit(self._model.problems[row])

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show these problems; the row that was current stays current where its problem is still there."""
        current = self.table.currentIndex().data(PROBLEM)
        if list(problems) != list(self._model.problems):
            self._model.show(problems)
        if current is not None and current in self._model.problems:
            self.table.setCurrentIndex(self._model.index(self._model.problems.index(current), 0))
        self._stack.setCurrentWidget(self.table if problems else self._none)

    def _size_columns(self) -> None:
        header = self.table.header()
        for column, (mode, width) in enumerate(_COLUMN_SIZES):
            header.setSectionResizeMode(column, mode)
            header.resizeSection(column, width)
        self.table.leave_out_when_narrow({COLUMNS.index("Place"): 1_080, COLUMNS.index("What to try"): 800, COLUMNS.index("Task"): 480})

    def _go(self, index: QModelIndex) -> None:
        if index.column() == FIX_COLUMN and index.data(FIX):
            self.fix_requested.emit(index.data(PROBLEM))
        else:
            self.activated.emit(index.data(PROBLEM))


class _Table(RowsView):
    """Keys always speak of the row, whatever cell was clicked last; over a button the pointer is a hand.

    In a narrow table the sentences have the larger part, and the words of the buttons end in an ellipsis.
    """

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        was_narrow, is_narrow = 0 <= event.oldSize().width() < NARROW, event.size().width() < NARROW
        if is_narrow or was_narrow:
            self.header().resizeSection(FIX_COLUMN, event.size().width() * 2 // 5 if is_narrow else _COLUMN_SIZES[FIX_COLUMN][1])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.currentIndex().column() == FIX_COLUMN:
            self.selectionModel().setCurrentIndex(self.currentIndex().siblingAtColumn(1), QItemSelectionModel.SelectionFlag.NoUpdate)
        super().keyPressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_button = index.column() == FIX_COLUMN and bool(index.data(FIX))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_button else Qt.CursorShape.ArrowCursor)


_COLUMN_SIZES = (
    (QHeaderView.ResizeMode.Fixed, 32),
    (QHeaderView.ResizeMode.Stretch, 300),
    (QHeaderView.ResizeMode.Interactive, 120),
    (QHeaderView.ResizeMode.Interactive, 160),
    (QHeaderView.ResizeMode.Interactive, 240),
    (QHeaderView.ResizeMode.Interactive, 200),
)
