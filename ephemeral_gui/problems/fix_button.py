"""The button at the end of a problem's row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from ephemeral_gui.problems.model import FIX
from ephemeral_gui.widgets.rows import ground

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect

    from ephemeral_gui.widgets.theme import Look

HEIGHT = 20
PADDING = 8


class FixButtonDelegate(QStyledItemDelegate):
    """Draws what mends the problem as a small outlined button; nothing where only a person can say."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        theme = self._look.theme
        painter.fillRect(option.rect, QColor(ground(option.state, theme)))
        text = index.data(FIX)
        if not text:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self._look.ui_font(11, 500)
        box, shown = button_box(option.rect, str(text), QFontMetrics(font))
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setPen(QPen(QColor(theme.accent if is_hovered else theme.control), 1))
        painter.setBrush(QColor(theme.node))
        painter.drawRoundedRect(box, 5, 5)
        painter.setFont(font)
        painter.setPen(QColor(theme.accent))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)
        painter.restore()


def button_box(cell: QRect, text: str, metrics: QFontMetrics) -> tuple[QRectF, str]:
    """Return where in the cell the button stands, and as much of its words as fits."""
    shown = metrics.elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, cell.width() - 2 * PADDING - 8)
    width = metrics.horizontalAdvance(shown) + 2 * PADDING
    return QRectF(cell.left() + 0.5, cell.top() + (cell.height() - HEIGHT) / 2 + 0.5, width, HEIGHT - 1), shown
