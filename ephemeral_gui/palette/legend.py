"""What the colours mean: one dot and word for each group of types that some method produces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ephemeral_gui.widgets.type_groups import TYPE_GROUPS, type_group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent

    from engine.model.definition import Definition
    from ephemeral_gui.widgets.theme import Look

_MOST_COLUMNS = 3
_LINE = 20
_HEAD = 26
_DOT = 13
_GAP = 6


class Legend(QWidget):
    """The foot of the palette."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._groups: tuple[str, ...] = ()
        self.setObjectName("palette.legend")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self.update)

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that are shown."""
        return self._groups

    def show_definitions(self, definitions: Iterable[Definition]) -> None:
        """Show the groups that these definitions produce."""
        produced = {type_group(name) for definition in definitions for name in definition.produces}
        self._groups = tuple(group for group in TYPE_GROUPS if group in produced)
        self.setAccessibleName("Type of output: " + ", ".join(self._groups))
        self.setVisible(bool(self._groups))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(180, self.heightForWidth(180))

    @override
    def heightForWidth(self, width: int) -> int:
        return _HEAD + _LINE * -(-len(self._groups) // self._columns(width)) + 10

    def _columns(self, width: int) -> int:
        """Return how many words fit beside each other."""
        metrics = QFontMetrics(self._look.ui_font(11))
        widest = max((metrics.horizontalAdvance(group) for group in self._groups), default=0) + _DOT + _GAP
        return min(_MOST_COLUMNS, max(1, (width - 24 + _GAP) // widest))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.border))
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(12, 8, self.width() - 24, 16), int(Qt.AlignmentFlag.AlignVCenter), "Type of output")
        painter.setFont(self._look.ui_font(11))
        columns = self._columns(self.width())
        column = (self.width() - 24) / columns
        for number, group in enumerate(self._groups):
            x, y = 12 + column * (number % columns), _HEAD + _LINE * (number // columns)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.types[group]))
            painter.drawEllipse(QPointF(x + 4, y + 10), 4, 4)
            painter.setPen(QColor(theme.text2))
            painter.drawText(QRectF(x + _DOT, y, column - _DOT, _LINE), int(Qt.AlignmentFlag.AlignVCenter), group)
