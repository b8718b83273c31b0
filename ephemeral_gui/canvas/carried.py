"""The wires between many nodes that a hand carries: one picture that moves with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.wire import Wire

MOST_PIXELS: Final = 8_000_000  # a picture of more takes longer to copy than the wires in view take to paint


class Carried:
    """Wires that keep their form while both ends move by the same way.

    Attributes:
        wires: those wires.
        way: how far they have been carried.
    """

    def __init__(self, wires: Collection[Wire], style: CanvasStyle) -> None:
        self.wires = dict.fromkeys(wires)
        self.way = QPointF()
        self._style = style
        self._picture: tuple[float, QPixmap] | None = None
        self._box = QRectF()
        for wire in wires:
            self._box = self._box.united(wire.boundingRect())

    @property
    def box(self) -> QRectF:
        """Where they are now."""
        return self._box.translated(self.way)

    def paint(self, painter: QPainter, area: QRectF, paint_wires: Callable[[QPainter, QRectF, Collection[Wire]], None]) -> None:
        """Paint them where they are now."""
        scale = self._style.zoom * self._style.pixel_ratio
        if self._box.width() * self._box.height() * scale * scale > MOST_PIXELS:
            painter.translate(self.way)
            paint_wires(painter, area.translated(-self.way), self.wires)
            painter.translate(-self.way)
            return
        if self._picture is None or self._picture[0] != scale:
            self._picture = (scale, self._painted(scale, paint_wires))
        transform, ratio = painter.worldTransform(), self._style.pixel_ratio
        corner = transform.map(self.box.topLeft()) * ratio
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawPixmap(QPointF(round(corner.x()), round(corner.y())) / ratio, self._picture[1])
        painter.setWorldTransform(transform)

    def _painted(self, scale: float, paint_wires: Callable[[QPainter, QRectF, Collection[Wire]], None]) -> QPixmap:
        picture = QPixmap(max(1, math.ceil(self._box.width() * scale)), max(1, math.ceil(self._box.height() * scale)))
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(-self._box.topLeft())
        paint_wires(painter, self._box, self.wires)
        painter.end()
        picture.setDevicePixelRatio(self._style.pixel_ratio)
        return picture
