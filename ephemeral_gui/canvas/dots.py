"""The dots of the grid, a row at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from ephemeral_gui.canvas.geometry import GRID
from ephemeral_gui.canvas.style import FAR_ZOOM

if TYPE_CHECKING:
    from ephemeral_gui.canvas.style import CanvasStyle


class Dots:
    """Paints the dots of a canvas."""

    def __init__(self, style: CanvasStyle) -> None:
        self._style = style
        self._row: tuple[tuple[object, ...], int, QPixmap] | None = None

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paint the dots of this part of the scene; none where the eye could not tell them apart."""
        style = self._style
        if not style.shows_grid or not (style.is_vector or style.zoom >= FAR_ZOOM / 2):
            return
        spacing = GRID if self._style.zoom >= FAR_ZOOM else 2 * GRID
        if self._style.is_vector:
            self._draw_vector_dots(painter, area, spacing)
            return
        self._paint_rows(painter, area, spacing)

    def _paint_rows(self, painter: QPainter, area: QRectF, spacing: float) -> None:
        """Copy a picture of one row for each row, on whole pixels: a scaled copy costs ten times as much."""
        row = self._dot_row(area.width(), spacing)
        transform, ratio = painter.worldTransform(), row.devicePixelRatio()
        left = math.floor(area.left() / spacing) * spacing - spacing / 2
        top = math.floor(area.top() / spacing) * spacing
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        scale = transform.m11()
        for line in range(int((area.bottom() - top) / spacing) + 1):
            down = (top + line * spacing) * scale + transform.dy() - row.height() / ratio / 2
            painter.drawPixmap(QPointF(_whole(left * scale + transform.dx(), ratio), _whole(down, ratio)), row)
        painter.setWorldTransform(transform)

    def _draw_vector_dots(self, painter: QPainter, area: QRectF, spacing: float) -> None:
        """Draw each row as one dotted line: a drawing with thousands of circles is slow to open."""
        painter.setPen(self._style.pen(self._style.theme.grid, 2.0, (0.01, spacing), is_round=True))
        left = math.ceil(area.left() / spacing) * spacing
        for row in range(math.ceil(area.top() / spacing), int(area.bottom() / spacing) + 1):
            painter.drawLine(QPointF(left, row * spacing), QPointF(area.right(), row * spacing))

    def _dot_row(self, width: float, spacing: float) -> QPixmap:
        """Return a picture of one row of dots: thousands of dots are then a few dozen pictures."""
        style = self._style
        count = 16 * (math.ceil((width / spacing + 2) / 16))
        made_for = (style.theme.name, style.zoom, style.pixel_ratio)
        if self._row is None or self._row[0] != made_for or self._row[1] < count:
            self._row = (made_for, count, _row_of_dots(style, count, spacing))
        return self._row[2]


def _whole(place: float, ratio: float) -> float:
    return round(place * ratio) / ratio


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
