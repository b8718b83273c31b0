"""How the state and the strip of a row are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from typing_extensions import override

from ephemeral_gui.runs.progress_model import BRANCHES, NUMBERS, PROGRESS, STATE
from ephemeral_gui.widgets.icons import pixmap
from ephemeral_gui.widgets.rows import RowDelegate
from ephemeral_gui.widgets.strip import paint_strip, shares_of

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

STRIP_HEIGHT = 6.0
ICON = 14
QUIET = (2, 7)


class ProgressDelegate(RowDelegate):
    """Draws the two columns that hold no text; the others are left to the style."""

    @override
    def colour(self, index: QModelIndex | QPersistentModelIndex) -> str:
        if index.column() in NUMBERS and index.data() == "0":
            return self._look.theme.muted
        return self._look.theme.text2 if index.column() in QUIET else self._look.theme.text

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().paint(painter, option, index)
        progress = index.data(PROGRESS)
        box = option.rect
        if index.column() == STATE:
            drawn = pixmap(str(progress.state), self._look.theme.state_colour(progress.state), ICON, painter.device().devicePixelRatioF())
            painter.drawPixmap(box.right() - ICON - 3, box.center().y() - ICON // 2 + 1, drawn)
        elif index.column() == BRANCHES:
            strip = QRectF(box.left() + 6, box.center().y() - STRIP_HEIGHT / 2 + 1, box.width() - 24, STRIP_HEIGHT)
            paint_strip(painter, strip, shares_of(progress), self._look.theme)
