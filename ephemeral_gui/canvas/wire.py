"""The wire between two tasks: a curve that Qt paints itself, in one of the shared pens."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from ephemeral_gui.canvas.geometry import distance_to_wire, wire_path, wire_point
from ephemeral_gui.canvas.node_graph_qt import PipeItem

if TYPE_CHECKING:
    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.port import InputPort, OutputPort
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.task_item import TaskItem

WireKey: TypeAlias = "tuple[TaskKey, TaskKey]"
_WIRE_LAYER = -1.0
_SELECTED_LAYER = -0.5


class Flow(Enum):
    """What has gone through a wire in the run that is shown."""

    NONE = auto()
    MOVING = auto()
    PASSED = auto()


class Wire(PipeItem):
    """The wire from one task to another.

    Attributes:
        source: the node that payloads leave.
        target: the node that they enter.
        count: how many payloads went through; its badge is painted by the scene.
    """

    # Qt's own painting, without a call into Python for each of thousands of wires.
    paint = QGraphicsPathItem.paint
    itemChange = QGraphicsPathItem.itemChange  # noqa: N815  Qt's name
    hoverEnterEvent = QGraphicsPathItem.hoverEnterEvent  # noqa: N815
    hoverLeaveEvent = QGraphicsPathItem.hoverLeaveEvent  # noqa: N815

    def __init__(self, source: TaskItem, target: TaskItem, style: CanvasStyle) -> None:
        QGraphicsPathItem.__init__(self)  # NodeGraphQt's own constructor makes an arrow item, a cache and pens of its own
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, enabled=False)  # Qt would paint a dashed box
        self.setBrush(Qt.BrushStyle.NoBrush)
        self.setZValue(_WIRE_LAYER)
        self.source = source
        self.target = target
        self.style = style
        self.flow = Flow.NONE
        self.count = 0
        self.is_chosen = False
        self.is_lifted = False
        self._is_preview = False
        self._is_cut = False
        self.redraw()
        self.repen()

    @property
    def key(self) -> WireKey:
        """The identities of the tasks at its ends."""
        return (self.source.key, self.target.key)

    @property
    def input_port(self) -> InputPort:
        """The port that the wire enters."""
        return self.target.input_port()

    @property
    def output_port(self) -> OutputPort:
        """The port that the wire leaves."""
        return self.source.output_port()

    @property
    def start(self) -> QPointF:
        """Where it leaves its source."""
        return self.source.output_point() or self.source.body.center()

    @property
    def end(self) -> QPointF:
        """Where it enters its target."""
        return self.target.input_point() or self.target.body.center()

    @property
    def middle(self) -> QPointF:
        """The middle of the curve, where its count stands."""
        return wire_point(self.start, self.end, 0.5)

    @property
    def colour(self) -> str:
        """The colour of what flows: that of the source's output type."""
        return self.style.type_colour(self.source.face.produced)

    def redraw(self) -> None:
        """Follow its two nodes."""
        self.setPos(0, 0)
        self.setPath(wire_path(self.start, self.end))

    def shift(self, by: QPointF) -> None:
        """Follow its two nodes where both moved by the same way: far cheaper than a new curve."""
        self.setPos(self.pos() + by)

    def show_flow(self, flow: Flow, count: int) -> None:
        """Show what went through it."""
        if (flow, count) != (self.flow, self.count):
            self.flow, self.count = flow, count
            self.repen()

    def choose(self, *, is_chosen: bool) -> None:
        """Show it as selected, or no longer."""
        if is_chosen != self.is_chosen:
            self.is_chosen = is_chosen
            self.setZValue(_SELECTED_LAYER if is_chosen else _WIRE_LAYER)
            self.repen()

    def show_preview(self, *, is_shown: bool) -> None:
        """Show, or no longer, that what is held would go into it."""
        self._is_preview = is_shown
        self.repen()

    def show_cut(self, *, is_shown: bool) -> None:
        """Show, or no longer, that the stroke under way cuts it."""
        self._is_cut = is_shown
        self.repen()

    def lift(self, *, is_lifted: bool) -> None:
        """Hide it while a hand holds its end, and put it back."""
        self.is_lifted = is_lifted
        self.setVisible(not is_lifted)

    def repen(self) -> None:
        """Take the pen for what it shows now."""
        style = self.style
        if self._is_cut:
            self.setPen(style.pen(style.theme.state_colour("failed"), 2.0, (3, 4)))
        elif self._is_preview:
            self.setPen(style.pen(style.theme.accent, 2.0, (6, 5)))
        elif self.is_chosen:
            self.setPen(style.pen(style.theme.accent, 3.0))
        elif self.flow is Flow.MOVING:
            self.setPen(style.moving(self.colour))
        elif self.flow is Flow.PASSED:
            self.setPen(style.wire(self.colour))
        else:
            self.setPen(style.idle_wire())

    def distance_to(self, point: QPointF) -> float:
        """Return how far a point of the scene is from the curve."""
        return distance_to_wire(self.start, self.end, point)

    def draw_path(self, *_ports: object) -> None:
        """Follow its two nodes, under NodeGraphQt's name."""
        self.redraw()

    def delete(self) -> None:
        """Hide; the wire goes when the document says so."""
        self.lift(is_lifted=True)
