"""How a row of the palette is drawn: a dot in the colour of what the method produces, or a namespace with its count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from ephemeral_gui.palette.model import COUNT, DEFINITION
from ephemeral_gui.widgets.icons import pixmap

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from engine.model.definition import Definition
    from ephemeral_gui.widgets.theme import Look

_Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 24
GROUP_HEIGHT = 28
DOT_RADIUS = 4.0


class PaletteDelegate(QStyledItemDelegate):
    """Paints over the whole width of the view, so that a row is selected from edge to edge."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._is_favourite: Callable[[Definition], bool] = lambda _: False

    def star(self, is_favourite: Callable[[Definition], bool]) -> None:
        """Draw a star at the rows of these methods."""
        self._is_favourite = is_favourite

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, ROW_HEIGHT if index.data(DEFINITION) else GROUP_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = option.widget.width() if option.widget else option.rect.right()
        row = QRect(0, option.rect.top(), width, option.rect.height())
        self._paint_ground(painter, option, row)
        if index.data(DEFINITION) is None:
            self._paint_group(painter, option, index, row)
        else:
            self._paint_method(painter, option, index, row)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, row: QRect) -> None:
        state: QStyle.StateFlag = option.state
        theme = self._look.theme
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(row, QColor(theme.row))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(row, QColor(theme.hover))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(row.left(), row.top(), 2, row.height(), QColor(theme.accent))

    def _paint_group(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, row: QRect) -> None:
        theme = self._look.theme
        is_open = option.state & QStyle.StateFlag.State_Open
        chevron = pixmap("chevron-down" if is_open else "chevron-right", theme.muted, 12, painter.device().devicePixelRatioF())
        painter.drawPixmap(8, row.center().y() - 4, chevron)
        painter.setFont(self._look.ui_font(12, 500))
        painter.setPen(QColor(theme.text2))
        count = str(index.data(COUNT))
        room = row.adjusted(24, 2, -16 - painter.fontMetrics().horizontalAdvance(count) - 12, 0)
        _draw_elided(painter, room, str(index.data()))
        painter.setPen(QColor(theme.muted))
        painter.drawText(row.adjusted(0, 2, -14, 0), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), count)

    def _paint_method(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, row: QRect) -> None:
        definition = index.data(DEFINITION)
        has_star = self._is_favourite(definition)
        if has_star or option.state & _UNDER_THE_HAND:
            theme = self._look.theme
            ratio = painter.device().devicePixelRatioF()
            star = pixmap("star-filled" if has_star else "star", theme.accent if has_star else theme.muted, 12, ratio)
            painter.drawPixmap(star_box(row).topLeft(), star)
        painter.setPen(Qt.PenStyle.NoPen)
        produced = definition.produces[0] if definition.produces else "any"
        painter.setBrush(QColor(self._look.theme.type_colour(produced)))
        painter.drawEllipse(QPointF(32, row.center().y() + 0.5), DOT_RADIUS, DOT_RADIUS)
        painter.setFont(self._look.ui_font())
        painter.setPen(QColor(self._look.theme.text))
        _draw_elided(painter, row.adjusted(44, 0, -28, 0), definition.display_title)


_UNDER_THE_HAND = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected


def star_box(row: QRect) -> QRect:
    """Return where in a row of the whole width the star stands."""
    return QRect(row.right() - 24, row.center().y() - 5, 12, 12)


def _draw_elided(painter: QPainter, room: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
