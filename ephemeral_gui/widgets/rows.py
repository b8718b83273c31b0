"""A table of rows that leads somewhere: flat, a row high 24, chosen by a click, by Enter or by Space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QAbstractItemModel, QObject, QPersistentModelIndex, QRect
    from PySide6.QtGui import QResizeEvent

    from ephemeral_gui.widgets.theme import Look, Theme


class RowDelegate(QStyledItemDelegate):
    """Draws a cell flat: the ground by selection and pointer, the text in the colour that ``colour`` names."""

    height = 24

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def colour(self, index: QModelIndex | QPersistentModelIndex) -> str:  # noqa: ARG002  for those who override it
        """Return the colour of a cell's text."""
        return self._look.theme.text

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), self.height)

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.state &= ~(_FLAG.State_Selected | _FLAG.State_HasFocus | _FLAG.State_MouseOver)
        option.palette.setColor(QPalette.ColorRole.Text, QColor(self.colour(index)))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        painter.fillRect(option.rect, QColor(ground(option.state, self._look.theme)))
        super().paint(painter, option, index)


_FLAG = QStyle.StateFlag


def ground(state: QStyle.StateFlag, theme: Theme) -> str:
    """Return the colour behind a row: selected, under the pointer, or neither."""
    if state & _FLAG.State_Selected:
        return theme.row
    return theme.hover if state & _FLAG.State_MouseOver else theme.panel


class RowsView(QTreeView):
    """Shows a table model; the row with the keyboard's focus has a bar in the accent colour at its left."""

    row_activated = Signal(QModelIndex)
    """A row was clicked, or chosen by Enter or Space."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._needed: Mapping[int, int] = {}
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setItemDelegate(RowDelegate(look, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.header().setSectionsMovable(False)
        self.header().setMinimumSectionSize(20)
        self.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.clicked.connect(self.row_activated)

    def leave_out_when_narrow(self, needed: Mapping[int, int]) -> None:
        """Hide a column while the view is narrower than so many pixels, so that those that matter more stay in sight."""
        self._needed = needed
        self._fit_columns()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        for column, width in self._needed.items():
            self.setColumnHidden(column, self.width() < width)

    @override
    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.header().setStretchLastSection(False)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and index.isValid():
            self.row_activated.emit(index)
        elif event.matches(QKeySequence.StandardKey.Copy) and index.isValid():
            self._copy(index)
        else:
            super().keyPressEvent(event)

    @override
    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().drawRow(painter, options, index)
        if self.hasFocus() and index.row() == self.currentIndex().row():
            box: QRect = options.rect
            painter.fillRect(0, box.top(), 2, box.height(), QColor(self._look.theme.accent))

    def _copy(self, index: QModelIndex) -> None:
        texts = (str(index.siblingAtColumn(column).data() or "") for column in range(self.model().columnCount()))
        QGuiApplication.clipboard().setText("\t".join(text for text in texts if text))
