"""Pictures of the nodes' faces: what was painted once at a zoom is copied from then on."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform

from ephemeral_gui.canvas.face_painter import paint_face

if TYPE_CHECKING:
    from ephemeral_gui.canvas.face import Face
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.task_item import TaskItem

MOST_PIXELS: Final = 6_000_000

_Look: TypeAlias = "tuple[float, float, str, bool, float, float]"
_Made: TypeAlias = "tuple[_Look, Face, QPixmap | None]"


class FacePictures:
    """The pictures of the nodes seen last, so many as fit into some megabytes.

    A picture is made at the second paint under the same look: while the view zooms, none is made in vain. Among very many wires the
    pictures of the zoom before are scaled until it rests.
    """

    def __init__(self, style: CanvasStyle) -> None:
        self._style = style
        self._made: OrderedDict[TaskItem, _Made] = OrderedDict()
        self._pixels = 0

    def forget(self, item: TaskItem) -> None:
        """Let a node's picture go."""
        made = self._made.pop(item, None)
        if made is not None and made[2] is not None:
            self._pixels -= _pixels(made[2])

    def paint(self, painter: QPainter, item: TaskItem, *, is_selected: bool) -> None:
        """Paint a node's face, from its picture where that is still true."""
        style, face = self._style, item.face
        transform = painter.worldTransform()
        ratio = style.pixel_ratio
        left, top = transform.dx() * ratio, transform.dy() * ratio
        phase = (left - math.floor(left), top - math.floor(top))
        look = (transform.m11(), ratio, style.theme.name, is_selected, round(phase[0], 3), round(phase[1], 3))
        made = self._made.get(item)
        if style.is_quick and made is not None and made[2] is not None and _is_near(made[0], look) and made[1] is face:
            self._paint_scaled(painter, item, made[2], made[0])
            return
        if made is None or made[0] != look or made[1] is not face:
            self.forget(item)
            self._made[item] = (look, face, None)
            paint_face(painter, face, style, is_selected=is_selected)
            return
        picture = made[2] or self._make(item, look, phase, is_selected=is_selected)
        self._made.move_to_end(item)
        corner = self._corner(item, transform.m11() * ratio, phase)
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)  # a copy on whole pixels is 13 times faster without
        painter.drawPixmap(QPointF((math.floor(left) + corner[0]) / ratio, (math.floor(top) + corner[1]) / ratio), picture)
        painter.setWorldTransform(transform)

    def _paint_scaled(self, painter: QPainter, item: TaskItem, picture: QPixmap, look: _Look) -> None:
        """Paint a picture from another zoom: for the moment in which the view moves it is good enough."""
        scale = look[0] * look[1]
        corner = self._corner(item, scale, look[4:])
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        place = QPointF(corner[0] - look[4], corner[1] - look[5]) / scale
        painter.drawPixmap(QRectF(place, QSizeF(picture.size()) / scale), picture, QRectF(picture.rect()))

    @staticmethod
    def _corner(item: TaskItem, scale: float, phase: tuple[float, float]) -> tuple[int, int]:
        """Return the picture's left upper pixel, seen from the pixel that the node's corner is in."""
        bounds = item.boundingRect()
        return math.floor(bounds.left() * scale + phase[0]), math.floor(bounds.top() * scale + phase[1])

    def _make(self, item: TaskItem, look: _Look, phase: tuple[float, float], *, is_selected: bool) -> QPixmap:
        zoom, ratio = look[:2]
        scale, bounds = zoom * ratio, item.boundingRect()
        picture = QPixmap(math.ceil(bounds.width() * scale) + 2, math.ceil(bounds.height() * scale) + 2)
        picture.fill(Qt.GlobalColor.transparent)
        corner = self._corner(item, scale, phase)
        painter = QPainter(picture)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(QTransform(scale, 0, 0, scale, phase[0] - corner[0], phase[1] - corner[1]))
        paint_face(painter, item.face, self._style, is_selected=is_selected)
        painter.end()
        picture.setDevicePixelRatio(ratio)
        self._keep(item, (look, item.face, picture))
        return picture

    def _keep(self, item: TaskItem, made: _Made) -> None:
        self._made[item] = made
        self._pixels += 0 if made[2] is None else _pixels(made[2])
        while self._pixels > MOST_PIXELS and len(self._made) > 1:
            self.forget(next(iter(self._made)))


def _is_near(made: _Look, wanted: _Look) -> bool:
    """Return whether a picture may stand for another one while the view zooms."""
    return made[0] != wanted[0] and 0.5 < wanted[0] / made[0] < 2 and made[1:4] == wanted[1:4]


def _pixels(picture: QPixmap) -> int:
    return picture.width() * picture.height()
