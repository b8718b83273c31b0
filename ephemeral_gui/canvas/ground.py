"""The ground: dots, frames, notes and wires that stand still, kept as one picture, so that what moves above them costs little.

The curves of thousands of wires are nearly all the work of a paint. So they are painted once into a picture of the view; a paint copies the
part that is wanted, and a change is painted into its own narrow strips. Qt knows the items, but does not paint them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from ephemeral_gui.canvas.carried import Carried
from ephemeral_gui.canvas.dots import Dots

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.annotation_item import AnnotationItem
    from ephemeral_gui.canvas.difference_layer import DifferenceLayer
    from ephemeral_gui.canvas.scene import JobScene
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.wire import Wire, WireKey

MOST_SPOILT: Final = 400  # more patches than this cost more than a new picture


@dataclass(frozen=True, slots=True)
class _Look:
    """What a picture of the ground is painted with: under any other look it is of no use."""

    size: QSize
    zoom: float
    ratio: float
    theme: str
    shows_grid: bool


class Ground:
    """Everything below the nodes.

    Attributes:
        wires: all wires of the scene.
        annotations: all notes and frames, frames first.
        held: the wires that move, which are painted anew each time and are not in the picture.
        carried: wires that move together, if there are any; they are not in the picture either.
        difference: what is drawn where the document is compared with another job map.
        paints: how often the whole picture was painted; for those who measure.
    """

    def __init__(self, scene: JobScene, style: CanvasStyle) -> None:
        self.wires: Mapping[WireKey, Wire] = {}
        self.annotations: Mapping[AnnotationKey, AnnotationItem] = {}
        self.held: dict[Wire, None] = {}
        self.carried: Carried | None = None
        self.difference: DifferenceLayer | None = None
        self._in_hand: dict[Wire, None] = {}
        self._flowing: dict[Wire, None] = {}
        self.paints = 0
        self._scene = scene
        self._style = style
        self._dots = Dots(style)
        self._picture: QPixmap | None = None
        self._look: _Look | None = None
        self._corner = QPoint()
        self._spoilt: list[QRectF] = []
        self._is_rough = False
        self._is_true = False
        self._is_shown = False

    def hold(self, wires: Iterable[Wire]) -> None:
        """Take the wires that a hand is about to move, and no others, out of the picture."""
        self._in_hand = dict.fromkeys(wires)
        self._choose_held()

    def let_flow(self, wires: Iterable[Wire]) -> None:
        """Take the wires whose dashes move, and no others, out of the picture."""
        self._flowing = dict.fromkeys(wires)
        self._choose_held()

    def carry(self, wires: Collection[Wire]) -> None:
        """Take these wires out of the picture: they are about to move by one way, all of them."""
        self.carried = Carried(wires, self._style) if wires else None
        self.forget()

    def carry_to(self, way: QPointF) -> None:
        """Show the carried wires so far from where they were."""
        if self.carried is not None:
            self._scene.update(self.carried.box)
            self.carried.way = way
            self._scene.update(self.carried.box)

    @property
    def in_hand(self) -> list[Wire]:
        """The wires that a hand moves, but for those that it carries."""
        return list(self._in_hand)

    def middle_of(self, wire: Wire) -> QPointF:
        """Return where the middle of a wire is now, carried or not."""
        return wire.middle + self.carried.way if self.carried is not None and wire in self.carried.wires else wire.middle

    def is_moving(self, wire: Wire) -> bool:
        """Whether a hand moves this wire."""
        return wire in self._in_hand

    def wire_changes(self, wire: Wire) -> None:
        """Hear that a wire changes its look or its place; told before and after where it moves."""
        if wire in self.held:
            for strip in wire.strips(self._style.zoom):
                self._scene.update(strip)
        else:
            self._spoil_wires([wire])

    def spoil(self, area: QRectF) -> None:
        """Hear that this part of the scene looks otherwise now."""
        if not self._is_shown:
            return
        self._scene.update(area)
        self._spoilt.append(area)
        if len(self._spoilt) > MOST_SPOILT:
            self.forget()

    def forget(self) -> None:
        """Paint everything anew at the next paint."""
        if self._is_shown:
            self._is_shown = self._is_true = False
            self._scene.repaint()

    def rest(self) -> None:
        """Paint well what was painted quickly while the view moved."""
        if self._is_rough:
            self.forget()

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Paint what is below the nodes in this part of the scene."""
        device = painter.device()
        if isinstance(device, QWidget):
            self._paint_view(painter, area, device)
        else:
            self._paint_still(painter, area)
        if self.carried is not None:
            self.carried.paint(painter, area, self._paint_wires)
        self._paint_wires(painter, area, self.held)

    def _choose_held(self) -> None:
        wanted = self._in_hand | self._flowing
        changed = [wire for wire in (*self.held, *wanted) if (wire in self.held) != (wire in wanted)]
        self.held = wanted
        self._spoil_wires(changed)

    def _paint_view(self, painter: QPainter, area: QRectF, view: QWidget) -> None:
        """Paint from the picture; while the view zooms, and a picture would be made in vain, without it."""
        style, ratio, transform = self._style, view.devicePixelRatioF(), painter.worldTransform()
        look = _Look(view.size() * ratio, transform.m11(), ratio, style.theme.name, style.shows_grid)
        is_known, self._look = look == self._look, look
        self._is_shown = True
        if not is_known:
            self._is_true, self._is_rough = False, style.is_quick
            self._spoilt.clear()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=not style.is_quick)
            self._paint_still(painter, area)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            return
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
        painter.drawPixmap(QPointF(), self._picture_of(look, QPoint(round(-transform.dx() * ratio), round(-transform.dy() * ratio))))
        painter.setWorldTransform(transform)

    def _picture_of(self, look: _Look, corner: QPoint) -> QPixmap:
        """Return the picture as it must be now: only what changed is painted."""
        if self._picture is None or not self._is_true:
            return self._begin(look, corner)
        missing = QRegion() if corner == self._corner else self._scroll_to(self._picture, corner)
        wanted = missing.united(self._patches(look, corner))
        self._corner = corner
        if not wanted.isEmpty():
            self._paint_region(self._picture, look, wanted)
        return self._picture

    def _begin(self, look: _Look, corner: QPoint) -> QPixmap:
        picture = self._picture
        if picture is None or picture.size() != look.size:
            picture = self._picture = QPixmap(look.size)
            picture.setDevicePixelRatio(look.ratio)
        self._corner, self._is_true, self._is_rough = corner, True, False
        self._spoilt.clear()
        self.paints += 1
        self._paint_region(picture, look, QRegion(QRect(QPoint(), look.size)))
        return picture

    def _scroll_to(self, picture: QPixmap, corner: QPoint) -> QRegion:
        """Move the picture; return what it lacks then."""
        way = self._corner - corner
        whole = QRect(QPoint(), picture.size())
        moved = whole.translated(way)
        if not moved.intersects(whole):
            return QRegion(whole)
        picture.scroll(way.x(), way.y(), whole)
        return QRegion(whole) - QRegion(moved)

    def _patches(self, look: _Look, corner: QPoint) -> QRegion:
        """Return what is spoilt, in pixels of the picture."""
        scale, region = look.zoom * look.ratio, QRegion()
        whole = QRect(QPoint(), look.size)
        for area in self._spoilt:
            pixels = QRectF(area.x() * scale - corner.x(), area.y() * scale - corner.y(), area.width() * scale, area.height() * scale)
            patch = pixels.toAlignedRect().adjusted(-1, -1, 1, 1)
            if patch.intersects(whole):
                region += patch.intersected(whole)
        self._spoilt.clear()
        return region

    def _paint_region(self, picture: QPixmap, look: _Look, region: QRegion) -> None:
        scale = look.zoom * look.ratio
        self._is_rough = self._is_rough or self._style.is_quick
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=not self._style.is_quick)
        for part in _parts(region):
            box = QRectF(part.boundingRect())
            painter.resetTransform()
            painter.scale(1 / look.ratio, 1 / look.ratio)
            painter.setClipRegion(part)
            painter.translate(-self._corner)
            painter.scale(scale, scale)
            corner = QPointF(box.topLeft() + self._corner) / scale
            self._paint_still(painter, QRectF(corner, QSizeF(box.size()) / scale))
        painter.end()

    def _paint_still(self, painter: QPainter, area: QRectF) -> None:
        painter.fillRect(area, self._style.colour(self._style.theme.canvas))
        self._dots.paint(painter, area)
        for item in self.annotations.values():
            if item.sceneBoundingRect().intersects(area):
                painter.save()
                painter.translate(item.pos())
                item.paint_on(painter)
                painter.restore()
        if self.difference is not None:
            self.difference.paint_below(painter, area)
        moving = self.held if self.carried is None else self.held | self.carried.wires
        self._paint_wires(painter, area, (wire for wire in self.wires.values() if wire not in moving) if moving else self.wires.values())

    @staticmethod
    def _paint_wires(painter: QPainter, area: QRectF, wires: Iterable[Wire]) -> None:
        """Paint those of these wires that lead through an area, the chosen ones last; plain numbers, for there are thousands."""
        left, top, right, bottom = area.getCoords()
        is_strip = min(right - left, bottom - top) * 4 < max(right - left, bottom - top)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        last, chosen = None, []
        for wire in wires:
            one, high, other, low = wire.bounds
            if one > right or other < left or high > bottom or low < top or wire.is_lifted:
                continue
            if is_strip and not wire.is_within(left, top, right, bottom):
                continue
            if wire.is_chosen:
                chosen.append(wire)
                continue
            if wire.halo is not None or wire.strength != 1.0:
                _paint_special(painter, wire)
                last = None
                continue
            pen = wire.pen()
            if pen is not last:
                painter.setPen(pen)
                last = pen
            painter.drawPath(wire.curve)
        for wire in chosen:
            _paint_special(painter, wire)

    def _spoil_wires(self, wires: Collection[Wire]) -> None:
        if not self._is_shown:
            return
        if len(wires) * 4 > MOST_SPOILT:
            self.forget()
            return
        for wire in wires:
            for strip in wire.strips(self._style.zoom):
                self.spoil(strip)


def _paint_special(painter: QPainter, wire: Wire) -> None:
    painter.setOpacity(wire.strength)
    if wire.halo is not None:
        painter.setPen(wire.halo)
        painter.drawPath(wire.curve)
    painter.setPen(wire.pen())
    painter.drawPath(wire.curve)
    painter.setOpacity(1.0)


def _parts(region: QRegion) -> list[QRegion]:
    """Return the region as one, or in two where its box is mostly not wanted: the two strips that a pan uncovers."""
    boxes = list(cast("Iterable[QRect]", region))
    return [QRegion(box) for box in boxes] if len(boxes) == 2 else [region]
