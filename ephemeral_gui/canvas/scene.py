"""The scene: the ground with its dots below everything, the counts of wires above."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from typing_extensions import override

from ephemeral_gui.canvas.geometry import GRID
from ephemeral_gui.canvas.guard import guarded_paint
from ephemeral_gui.canvas.node_graph_qt import NodeScene
from ephemeral_gui.canvas.style import FAR_ZOOM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.wire import Wire

_BADGE_HEIGHT = 16.0


class JobScene(NodeScene):
    """The scene of one job map.

    Attributes:
        counted: the wires that have a count to show.
    """

    def __init__(self, style: CanvasStyle, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kit = style
        self.counted: Iterable[Wire] = ()
        self._row: tuple[tuple[object, ...], int, QPixmap] | None = None

    @override
    @guarded_paint
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        area = QRectF(rect)
        painter.fillRect(area, self.kit.colour(self.kit.theme.canvas))
        if self.kit.shows_grid and (self.kit.is_vector or self.kit.zoom >= FAR_ZOOM / 2):
            self._draw_dots(painter, area)

    @override
    @guarded_paint
    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.kit.zoom < FAR_ZOOM:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(rect).adjusted(-40, -_BADGE_HEIGHT, 40, _BADGE_HEIGHT)
        for wire in self.counted:
            middle = wire.middle
            if area.contains(middle) and not wire.is_lifted:
                self._draw_count(painter, wire, middle)

    def update_counts(self, wires: Iterable[Wire]) -> None:
        """Paint the counts of these wires anew."""
        for wire in wires:
            middle = wire.middle
            self.update(QRectF(middle.x() - 40, middle.y() - _BADGE_HEIGHT, 80, 2 * _BADGE_HEIGHT))

    def _draw_count(self, painter: QPainter, wire: Wire, middle: QPointF) -> None:
        style = self.kit
        text = str(wire.count)
        text_width = style.width_of("badge", text)
        width = max(_BADGE_HEIGHT, text_width + 9)
        box = QRectF(middle.x() - width / 2, middle.y() - _BADGE_HEIGHT / 2, width, _BADGE_HEIGHT)
        painter.setPen(style.pen(style.theme.accent if wire.is_chosen else wire.colour, 1.0))
        painter.setBrush(style.colour(style.theme.panel))
        painter.drawRoundedRect(box, _BADGE_HEIGHT / 2, _BADGE_HEIGHT / 2)
        style.draw_text(painter, "badge", text, style.theme.text, middle.x() - text_width / 2, middle.y() + 3.7)

    def _draw_dots(self, painter: QPainter, area: QRectF) -> None:
        spacing = GRID if self.kit.zoom >= FAR_ZOOM else 2 * GRID
        if self.kit.is_vector:
            self._draw_vector_dots(painter, area, spacing)
            return
        row = self._dot_row(area.width(), spacing)
        left = math.floor(area.left() / spacing) * spacing - spacing / 2
        height = row.height() / row.devicePixelRatio() / self.kit.zoom
        width = row.width() / row.devicePixelRatio() / self.kit.zoom
        top = math.floor(area.top() / spacing) * spacing
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for line in range(int((area.bottom() - top) / spacing) + 1):
            painter.drawPixmap(QRectF(left, top + line * spacing - height / 2, width, height), row, QRectF(row.rect()))

    def _draw_vector_dots(self, painter: QPainter, area: QRectF, spacing: float) -> None:
        """Draw each row as one dotted line: a drawing with thousands of circles is slow to open."""
        painter.setPen(self.kit.pen(self.kit.theme.grid, 2.0, (0.01, spacing), is_round=True))
        left = math.ceil(area.left() / spacing) * spacing
        for row in range(math.ceil(area.top() / spacing), int(area.bottom() / spacing) + 1):
            painter.drawLine(QPointF(left, row * spacing), QPointF(area.right(), row * spacing))

    def _dot_row(self, width: float, spacing: float) -> QPixmap:
        """Return a picture of one row of dots: thousands of dots are then a few dozen pictures."""
        style = self.kit
        count = 16 * (math.ceil((width / spacing + 2) / 16))
        made_for = (style.theme.name, style.zoom, style.pixel_ratio)
        if self._row is None or self._row[0] != made_for or self._row[1] < count:
            self._row = (made_for, count, _row_of_dots(style, count, spacing))
        return self._row[2]


def _row_of_dots(style: CanvasStyle, count: int, spacing: float) -> QPixmap:
    scale = style.zoom * style.pixel_ratio
    row = QPixmap(max(1, round(count * spacing * scale)), max(1, math.ceil(4 * scale)))
    row.fill(Qt.GlobalColor.transparent)
    painter = QPainter(row)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour(style.theme.grid))
    step = row.width() / count
    for column in range(count):
        painter.drawEllipse(QPointF((column + 0.5) * step, row.height() / 2), scale, scale)
    painter.end()
    row.setDevicePixelRatio(style.pixel_ratio)
    return row
