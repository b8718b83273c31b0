"""How a row of what was found is drawn: its drawing and title at the left, where it comes from or its keys at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from ephemeral_gui.widgets.theme import Look

DETAIL: Final = Qt.ItemDataRole.UserRole + 1
ROW_HEIGHT: Final = 26
_ICON: Final = 14
_LEFT: Final = 8
_CENTRE: Final = Qt.AlignmentFlag.AlignVCenter


class SearchDelegate(QStyledItemDelegate):
    """The title takes the room it needs, the detail what is left."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        theme, box = self._look.theme, option.rect
        is_enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(theme.row))
        drawing = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(drawing, QIcon):
            mode = QIcon.Mode.Normal if is_enabled else QIcon.Mode.Disabled
            drawing.paint(painter, QRect(box.left() + _LEFT, box.center().y() - _ICON // 2 + 1, _ICON, _ICON), mode=mode)
        painter.setFont(self._look.ui_font())
        metrics = painter.fontMetrics()
        room = box.adjusted(_LEFT + _ICON + 8, 0, -_LEFT, 0)
        title = metrics.elidedText(" ".join(str(index.data()).split()), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(QColor(theme.text if is_enabled else theme.muted))
        painter.drawText(room, int(_CENTRE | Qt.AlignmentFlag.AlignLeft), title)
        rest = room.adjusted(metrics.horizontalAdvance(title) + 16, 0, 0, 0)
        detail = metrics.elidedText(" ".join(str(index.data(DETAIL) or "").split()), Qt.TextElideMode.ElideRight, max(0, rest.width()))
        painter.setPen(QColor(theme.muted))
        painter.drawText(rest, int(_CENTRE | Qt.AlignmentFlag.AlignRight), detail)
