"""Paints a row of the quick-add list: a dot in the colour of its type, its title, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from ephemeral_gui.canvas.guard import guarded_paint

if TYPE_CHECKING:
    from ephemeral_gui.widgets.theme import Look


class RowPainter(QStyledItemDelegate):
    """One row, 28 high; whatever the titles hold is plain text."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, 28)

    @override
    @guarded_paint
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        theme, box, choice = self._look.theme, QRectF(option.rect), index.data(Qt.ItemDataRole.UserRole)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            painter.setBrush(QColor(theme.row))
            painter.drawRoundedRect(box, 5, 5)
        painter.setBrush(QColor(theme.type_colour(choice.type_name)))
        painter.drawEllipse(QPointF(box.left() + 13, box.center().y()), 4, 4)
        self._draw_words(painter, choice.title, choice.place, box.adjusted(26, 0, -10, 0))

    def _draw_words(self, painter: QPainter, title: str, place: str, box: QRectF) -> None:
        theme = self._look.theme
        painter.setFont(self._look.ui_font(12, 500))
        metrics = QFontMetricsF(painter.font())
        shown = metrics.elidedText(" ".join(title[:200].split()), Qt.TextElideMode.ElideRight, box.width())
        painter.setPen(QColor(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        room = box.adjusted(metrics.horizontalAdvance(shown) + 12, 0, 0, 0)
        painter.setFont(self._look.ui_font(11))
        painter.setPen(QColor(theme.muted))
        where = QFontMetricsF(painter.font()).elidedText(place[:200], Qt.TextElideMode.ElideLeft, max(room.width(), 0))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, where)
