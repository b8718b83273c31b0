"""The wire that a hand is dragging: in the colour of what would flow, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem
from typing_extensions import override

from ephemeral_gui.canvas.curve import wire_path
from ephemeral_gui.canvas.guard import guarded_paint
from ephemeral_gui.canvas.node_graph_qt import LivePipeItem

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from ephemeral_gui.canvas.style import CanvasStyle

_ABOVE_ALL = 10.0
_MARK = 8.0


class LiveWire(LivePipeItem):
    """The wire being dragged; there is one for each view, hidden most of the time."""

    itemChange = QGraphicsPathItem.itemChange  # noqa: N815  Qt's name

    def __init__(self, style: CanvasStyle) -> None:
        QGraphicsPathItem.__init__(self)  # NodeGraphQt's own constructor makes an arrow, a text and pens of its own
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, enabled=False)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(_ABOVE_ALL)
        self.setVisible(False)
        self.style = style
        self.is_refused = False

    def show_between(self, start: QPointF, end: QPointF, colour: str, *, is_refused: bool) -> None:
        """Show the wire from an output's place to an input's, in a type's colour or as refused."""
        self._paint_anew()
        self.is_refused = is_refused
        style = self.style
        refused = style.theme.state_colour("failed")
        self.setPen(style.pen(refused, 1.5, (3, 4)) if is_refused else style.pen(colour, 2.0))
        self.setPath(wire_path(start, end))
        self._paint_anew()

    def _paint_anew(self) -> None:
        """Have its place painted: Qt forgets where an item was if a paint comes before Qt looks at what changed."""
        if (scene := self.scene()) is not None:
            scene.update(self.boundingRect())

    @override
    def boundingRect(self) -> QRectF:
        """Return what holds the curve and, however flat it is, the mark in its middle."""
        return super().boundingRect().adjusted(-_MARK, -_MARK, _MARK, _MARK)

    @override
    @guarded_paint
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setPen(self.pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self.path())
        if not self.is_refused:
            return
        middle = self.path().pointAtPercent(0.5)
        style = self.style
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour(style.theme.state_colour("failed")))
        painter.drawEllipse(middle, 7, 7)
        painter.setPen(style.pen("#ffffff", 1.6, is_round=True))
        painter.drawLine(middle + QPointF(0, -3.5), middle + QPointF(0, 0.5))
        painter.drawPoint(middle + QPointF(0, 3.5))
