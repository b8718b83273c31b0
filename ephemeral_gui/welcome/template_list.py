"""The list of templates: a title and a line beneath it for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from ephemeral_gui.widgets.theme import Look

DETAIL: Final = Qt.ItemDataRole.UserRole + 1
_HEIGHT: Final = 48
_STATE: Final = QStyle.StateFlag


class TemplateList(QListView):
    """A list whose rows are chosen by arrows and taken by Enter or a double click."""

    def __init__(self, look: Look) -> None:
        super().__init__(objectName="templates.list", accessibleName="Templates")
        self.setItemDelegate(_Delegate(look, self))
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class _Delegate(QStyledItemDelegate):
    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        theme, box, state = self._look.theme, option.rect, option.state
        ground = theme.row if state & _STATE.State_Selected else theme.hover if state & _STATE.State_MouseOver else theme.panel
        painter.fillRect(box, QColor(ground))
        if state & _STATE.State_Selected:
            painter.fillRect(
                box.left(), box.top(), 2, box.height(), QColor(theme.accent if state & _STATE.State_HasFocus else theme.control)
            )
        self._draw(painter, QRect(box.left() + 16, box.top() + 6, box.width() - 24, 18), str(index.data()), 600, theme.text)
        self._draw(painter, QRect(box.left() + 16, box.top() + 25, box.width() - 24, 16), str(index.data(DETAIL)), 400, theme.muted)

    def _draw(self, painter: QPainter, room: QRect, text: str, weight: int, colour: str) -> None:
        painter.setFont(self._look.ui_font(12, weight))
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
