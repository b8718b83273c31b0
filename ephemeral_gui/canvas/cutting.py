"""A stroke across wires, with Alt held: what it crosses is cut when the hand lets go."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from ephemeral_gui.canvas.curve import crosses_wire
from ephemeral_gui.canvas.wire import Wire

if TYPE_CHECKING:
    from ephemeral_gui.canvas.viewer import JobViewer

_ABOVE_ALL: Final = 10.0
_LEAST_STEP: Final = 2  # pixels


class Cut:
    """Marks every wire that the stroke crosses; Escape cuts none of them."""

    scrolls: ClassVar[bool] = True

    def __init__(self, viewer: JobViewer, place: QPoint) -> None:
        self._viewer = viewer
        self._last = viewer.scene_point(place)
        self._cut: dict[Wire, None] = {}
        self._path = QPainterPath(self._last)
        self._stroke = QGraphicsPathItem()
        self._stroke.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, enabled=False)
        self._stroke.setZValue(_ABOVE_ALL)
        style = viewer.style_kit
        pen = QPen(style.pen(style.theme.state_colour("failed"), 1.5, (6, 4)))
        pen.setCosmetic(True)
        self._stroke.setPen(pen)
        viewer.projection.scene.addItem(self._stroke)
        viewer.projection.scene.overlays.append(self._stroke)

    def move(self, place: QPoint, _modifiers: Qt.KeyboardModifier) -> None:
        """Go on with the stroke."""
        start, end = self._last, self._viewer.scene_point(place)
        if (end - start).manhattanLength() * self._viewer.zoom < _LEAST_STEP:
            return
        self._last = end
        self._path.lineTo(end)
        self._stroke.setPath(self._path)
        for wire in self._crossed(start, end):
            self._cut[wire] = None
            wire.show_cut(is_shown=True)

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Cut."""
        self.move(place, modifiers)
        cut = [(wire.output_port, wire.input_port) for wire in self._cut]
        self.cancel()
        if cut:
            self._viewer.connection_sliced.emit(cut)

    def cancel(self) -> None:
        """Take the stroke away."""
        for wire in self._cut:
            wire.show_cut(is_shown=False)
        if (scene := self._stroke.scene()) is not None:
            scene.removeItem(self._stroke)
            self._viewer.projection.scene.overlays.remove(self._stroke)

    def _crossed(self, start: QPointF, end: QPointF) -> list[Wire]:
        area = QRectF(start, end).normalized().adjusted(-1, -1, 1, 1)
        near = self._viewer.projection.scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        wires = (each for each in near if isinstance(each, Wire) and each not in self._cut and each.isVisible())
        return [wire for wire in wires if crosses_wire(wire.start, wire.end, start, end)]
