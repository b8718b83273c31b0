"""Port items: they are there only while a hand is near one, and paint only what the hand needs to see."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem
from typing_extensions import override

from ephemeral_gui.canvas.geometry import GRAB_RADIUS, PORT_RADIUS, input_place, output_place
from ephemeral_gui.canvas.guard import guarded_paint
from ephemeral_gui.canvas.node_graph_qt import PortItem

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from ephemeral_gui.canvas.task_item import TaskItem

_BOUNDS = QRectF(-GRAB_RADIUS, -GRAB_RADIUS, 2 * GRAB_RADIUS, 2 * GRAB_RADIUS)


class PortMark(Enum):
    """How a port is set off."""

    NONE = auto()
    HOVERED = auto()
    ACCEPTED = auto()


class TaskPort(PortItem):
    """One port of a task, with any number of wires."""

    kind = ""

    def __init__(self, item: TaskItem, place: QPointF) -> None:
        super().__init__(item)
        self.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        self.setAcceptHoverEvents(False)  # the viewer says what the hand is near
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsScenePositionChanges, enabled=False)
        self.setPos(place)
        self._port_type = self.kind
        self.item = item
        self.mark = PortMark.NONE

    def show_mark(self, mark: PortMark) -> None:
        """Set the port off, or no longer."""
        if mark is not self.mark:
            self.mark = mark
            self.update()

    @override
    def boundingRect(self) -> QRectF:
        return _BOUNDS

    @override
    @guarded_paint
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if self.mark is PortMark.NONE:
            return
        style = self.item.style
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.mark is PortMark.ACCEPTED:
            painter.setPen(style.pen(style.theme.accent, 2.0))
            painter.drawEllipse(QPointF(0, 0), 9, 9)
        else:
            painter.setPen(style.pen(style.theme.accent, 1.5))
            painter.drawEllipse(QPointF(0, 0), PORT_RADIUS + 2, PORT_RADIUS + 2)


class InputPort(TaskPort):
    """Where payloads enter a task."""

    kind = "in"

    def __init__(self, item: TaskItem) -> None:
        super().__init__(item, input_place(item.task.type) or QPointF())


class OutputPort(TaskPort):
    """Where payloads leave a task."""

    kind = "out"

    def __init__(self, item: TaskItem) -> None:
        super().__init__(item, output_place(item.task.type) or QPointF())
