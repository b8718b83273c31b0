"""What the document has otherwise than another job map, drawn: by colour, by line and by a word or sign, never by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ephemeral_gui.canvas.curve import wire_middle, wire_path
from ephemeral_gui.canvas.geometry import input_place, output_place
from ephemeral_gui.canvas.style import FAR_ZOOM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QColor

    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.comparing import Comparison, End, Ghost
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.wire import Wire, WireKey

_BADGE_HEIGHT: Final = 16.0
_RING: Final = 3.0
_HALO: Final = 6.0
_LINES: Final = {"added": Qt.PenStyle.SolidLine, "changed": Qt.PenStyle.DashLine, "removed": Qt.PenStyle.DotLine}
_WORDS: Final = {"added": "+ Added", "changed": "~ Changed", "removed": "\N{MINUS SIGN} Removed"}
_COLOURS: Final = {"added": "done", "changed": "retrying", "removed": "failed"}


class DifferenceLayer:
    """Draws one comparison, if there is one.

    Attributes:
        comparison: what is drawn; set it through ``show``.
    """

    def __init__(self, style: CanvasStyle, items: Mapping[TaskKey, TaskItem], wires: Mapping[WireKey, Wire]) -> None:
        self.comparison: Comparison | None = None
        self._style = style
        self._items = items
        self._wires = wires

    def show(self, comparison: Comparison | None) -> None:
        """Draw another comparison from now on, or none; what is shown must be painted anew."""
        self.comparison = comparison
        halo = None if comparison is None else self._halo("added")
        for wire in self._wires.values():
            wire.halo = halo if comparison is not None and wire.key in comparison.added_wires else None
        for key, item in self._items.items():
            item.difference = "" if comparison is None else comparison.words_for(key)

    def paint_below(self, painter: QPainter, area: QRectF) -> None:
        """Paint what only the other job map has, below everything that is there."""
        if self.comparison is None:
            return
        painter.save()
        painter.setPen(QPen(self._colour("removed"), 1.5, _LINES["removed"]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for start, end in self._removed_ends():
            painter.drawPath(wire_path(start, end))
        for ghost in self.comparison.ghosts.values():
            if ghost.body.adjusted(-20, -20, 20, 20).intersects(area):
                self._paint_ghost(painter, ghost)
        painter.restore()

    def paint_above(self, painter: QPainter, area: QRectF) -> None:
        """Paint rings and signs, above everything."""
        if self.comparison is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for kind, keys in (("added", self.comparison.added), ("changed", self.comparison.changed)):
            self._paint_rings(painter, area, kind, keys)
        if self._style.zoom >= FAR_ZOOM:
            for wire in self._wires.values():
                if wire.halo is not None and area.contains(wire.middle):
                    self._paint_sign(painter, "added", wire.middle)
            for start, end in self._removed_ends():
                self._paint_sign(painter, "removed", wire_middle(start, end))
        painter.restore()

    def _paint_rings(self, painter: QPainter, area: QRectF, kind: str, keys: Iterable[TaskKey]) -> None:
        for item in [self._items[key] for key in keys if key in self._items]:
            body = item.body
            if not body.adjusted(-20, -20, 20, 20).intersects(area):
                continue
            pen = QPen(self._colour(kind), 2.0, _LINES[kind])
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            edge = max(_RING, 3 / self._style.zoom)
            painter.drawRoundedRect(body.adjusted(-edge, -edge, edge, edge), 10, 10)
            if self._style.zoom >= FAR_ZOOM:
                self._paint_badge(painter, kind, body.topLeft() + QPointF(8, -10))

    def _paint_ghost(self, painter: QPainter, ghost: Ghost) -> None:
        style, body = self._style, ghost.body
        pen = QPen(self._colour("removed"), 1.5, _LINES["removed"])
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(style.colour(style.theme.canvas))
        painter.drawRoundedRect(body, 8, 8)
        painter.drawLine(body.bottomLeft() + QPointF(8, -8), body.topRight() + QPointF(-8, 8))
        if style.zoom >= FAR_ZOOM:
            style.draw_text(painter, "title", ghost.name, style.theme.muted, body.left() + 12, body.top() + 26, body.width() - 24)
            self._paint_badge(painter, "removed", body.topLeft() + QPointF(8, -10))

    def _paint_badge(self, painter: QPainter, kind: str, corner: QPointF) -> None:
        style, words = self._style, _WORDS[kind]
        box = QRectF(corner.x(), corner.y(), style.width_of("badge", words) + 12, _BADGE_HEIGHT)
        painter.setPen(style.pen(self._colour(kind).name(), 1.2))
        painter.setBrush(style.colour(style.theme.panel))
        painter.drawRoundedRect(box, _BADGE_HEIGHT / 2, _BADGE_HEIGHT / 2)
        style.draw_text(painter, "badge", words, style.theme.text, box.left() + 6, box.top() + 11.7)

    def _paint_sign(self, painter: QPainter, kind: str, middle: QPointF) -> None:
        painter.setPen(QPen(self._colour(kind), 1.4))
        painter.setBrush(self._style.colour(self._style.theme.panel))
        painter.drawEllipse(middle, 7, 7)
        painter.drawLine(middle + QPointF(-3.5, 0), middle + QPointF(3.5, 0))
        if kind == "added":
            painter.drawLine(middle + QPointF(0, -3.5), middle + QPointF(0, 3.5))

    def _removed_ends(self) -> list[tuple[QPointF, QPointF]]:
        wires = () if self.comparison is None else self.comparison.removed_wires
        pairs = [(self._end(one, is_start=True), self._end(other, is_start=False)) for one, other in wires]
        return [(start, end) for start, end in pairs if start is not None and end is not None]

    def _end(self, end: End, *, is_start: bool) -> QPointF | None:
        if isinstance(end, str):
            ghost = None if self.comparison is None else self.comparison.ghosts.get(end)
            place = None if ghost is None else (output_place if is_start else input_place)(ghost.type)
            return None if ghost is None or place is None else ghost.place + place
        item = self._items.get(end)
        return None if item is None else (item.output_point() if is_start else item.input_point())

    def _halo(self, kind: str) -> QPen:
        pen = QPen(self._colour(kind), _HALO)
        colour = pen.color()
        colour.setAlphaF(0.45)
        pen.setColor(colour)
        return pen

    def _colour(self, kind: str) -> QColor:
        return self._style.state_colour(_COLOURS[kind])
