"""What the colours mean: one dot and word for each group of types that some method produces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from ephemeral_gui.widgets.type_groups import TYPE_GROUPS, type_group

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent

    from engine.model.definition import Definition
    from ephemeral_gui.widgets.theme import Look

_COLUMNS = 3
_LINE = 20
_HEAD = 26


class Legend(QWidget):
    """The foot of the palette."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._groups: tuple[str, ...] = ()
        self.setObjectName("palette.legend")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
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
        return QSize(180, _HEAD + _LINE * -(-len(self._groups) // _COLUMNS) + 10)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.border))
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(12, 8, self.width() - 24, 16), int(Qt.AlignmentFlag.AlignVCenter), "Type of output")
        painter.setFont(self._look.ui_font(11))
        column = (self.width() - 24) / _COLUMNS
        for number, group in enumerate(self._groups):
            x, y = 12 + column * (number % _COLUMNS), _HEAD + _LINE * (number // _COLUMNS)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.types[group]))
            painter.drawEllipse(QPointF(x + 4, y + 10), 4, 4)
            painter.setPen(QColor(theme.text2))
            painter.drawText(QRectF(x + 13, y, column - 13, _LINE), int(Qt.AlignmentFlag.AlignVCenter), group)
