"""The wire between two tasks: a curve in one of the shared pens. The ground paints it; Qt knows where it is."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem
from typing_extensions import override

from ephemeral_gui.canvas.curve import distance_to_wire, spans, strips, wire_middle, wire_path
from ephemeral_gui.canvas.node_graph_qt import PipeItem

if TYPE_CHECKING:
    from PySide6.QtGui import QPen

    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.curve import Span
    from ephemeral_gui.canvas.ground import Ground
    from ephemeral_gui.canvas.port import InputPort, OutputPort
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.task_item import TaskItem

WireKey: TypeAlias = "tuple[TaskKey, TaskKey]"
_COUNT_BOX = QRectF(-40, -10, 80, 20)
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
        curve: the way that it takes.
        middle: the middle of the curve, where its count stands.
        bounds: left, top, right and bottom of what the curve keeps within.
        halo: what it is set off with, below it; None for most.
        strength: how much of it is seen, 1.0 for most.
        ground: what paints it; hears of every change.
    """

    itemChange = QGraphicsPathItem.itemChange  # noqa: N815  Qt's name
    hoverEnterEvent = QGraphicsPathItem.hoverEnterEvent  # noqa: N815
    hoverLeaveEvent = QGraphicsPathItem.hoverLeaveEvent  # noqa: N815

    def __init__(self, source: TaskItem, target: TaskItem, style: CanvasStyle) -> None:
        QGraphicsPathItem.__init__(self)  # NodeGraphQt's own constructor makes an arrow item, a cache and pens of its own
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable, enabled=False)  # Qt would paint a dashed box
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.setZValue(_WIRE_LAYER)
        self.source = source
        self.target = target
        self.style = style
        self.flow = Flow.NONE
        self.count = 0
        self.is_chosen = False
        self.is_lifted = False
        self.halo: QPen | None = None
        self.strength = 1.0
        self._is_preview = False
        self._is_cut = False
        self._is_hovered = False
        self.ground: Ground | None = None
        self.curve = QPainterPath()
        self.middle = QPointF()
        self.bounds: Span = (0.0, 0.0, 0.0, 0.0)
        self._ends = (QPointF(), QPointF())
        self._strips: tuple[float, list[QRectF]] | None = None
        self._spans: list[Span] | None = None
        self._pen = style.idle_wire()
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
    def colour(self) -> str:
        """The colour of what flows: that of the source's output type."""
        return self.style.type_colour(self.source.face.produced)

    @override
    def pen(self) -> QPen:
        """Return what it is painted with. Qt's own record of it stays empty: keeping that for thousands of wires is slow."""
        return self._pen

    def strips(self, zoom: float) -> list[QRectF]:
        """Return narrow boxes that hold the curve, and its count where it has one."""
        if self._strips is None or self._strips[0] != zoom:
            self._strips = (zoom, strips(*self._ends, zoom))
        return [*self._strips[1], _COUNT_BOX.translated(self.middle)] if self.count else self._strips[1]

    def is_within(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Return whether the curve leads through a part of the scene: nearer to the truth than its bounds."""
        if self._spans is None:
            self._spans = spans(*self._ends)
        for one, high, other, low in self._spans:  # noqa: SIM110  a generator costs three times as much, thousands of times
            if other > left and one < right and low > top and high < bottom:
                return True
        return False

    def redraw(self) -> None:
        """Follow its two nodes."""
        self._tell()
        start, end = self._ends = (self.start, self.end)
        self.curve = wire_path(start, end)
        self.middle = wire_middle(start, end)
        self.bounds = self.curve.controlPointRect().adjusted(-2, -2, 2, 2).getCoords()
        self._strips = self._spans = None
        if self.ground is None or not self.ground.is_moving(self):  # Qt's index of thousands of long wires takes milliseconds for each
            self.setPath(self.curve)
        self._tell()

    def shift(self, way: QPointF) -> None:
        """Follow its two nodes where both moved by the same way: far cheaper than a new curve."""
        start, end = self._ends
        self._ends = (start + way, end + way)
        self.curve = self.curve.translated(way)
        self.middle += way
        self.bounds = self.curve.controlPointRect().adjusted(-2, -2, 2, 2).getCoords()
        self._strips = self._spans = None
        self.setPath(self.curve)

    def show_flow(self, flow: Flow, count: int) -> bool:
        """Show what went through it; return whether that is news."""
        if flow is self.flow and count == self.count:
            return False
        self.flow, self.count = flow, count
        self.repen()
        return True

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

    def show_hover(self, *, is_over: bool) -> None:
        """Show, or no longer, that a press would select it."""
        self._is_hovered = is_over
        self.repen()

    def step_back(self, strength: float) -> None:
        """Be seen so much from now on."""
        if strength != self.strength:
            self.strength = strength
            self._tell()

    def lift(self, *, is_lifted: bool) -> None:
        """Hide it while a hand holds its end, and put it back."""
        self.is_lifted = is_lifted
        self.setVisible(not is_lifted)
        self._tell()

    def repen(self) -> None:
        """Take the pen for what it shows now."""
        pen = self._wanted_pen()
        if pen is not self._pen:
            self._pen = pen
            self._tell()

    def _wanted_pen(self) -> QPen:
        style = self.style
        if self._is_cut:
            return style.pen(style.theme.state_colour("failed"), 2.0, (3, 4))
        if self._is_preview:
            return style.pen(style.theme.accent, 2.0, (6, 5))
        if self.is_chosen:
            return style.pen(style.theme.accent, 3.0)
        if self._is_hovered:
            return style.pen(self.colour, 2.5)
        if self.flow is Flow.MOVING and style.has_dashes:
            return style.moving(self.colour)
        return style.idle_wire() if self.flow is Flow.NONE else style.wire(self.colour)

    def distance_to(self, point: QPointF) -> float:
        """Return how far a point of the scene is from the curve."""
        return distance_to_wire(self.start, self.end, point)

    def draw_path(self, *_ports: object) -> None:
        """Follow its two nodes, under NodeGraphQt's name."""
        self.redraw()

    def delete(self) -> None:
        """Hide; the wire goes when the document says so."""
        self.lift(is_lifted=True)

    def _tell(self) -> None:
        if self.ground is not None:
            self.ground.wire_changes(self)
