"""The node of one task: one scene item that paints its face and knows its wires."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QWidget
from typing_extensions import override

from ephemeral_gui.canvas.face_painter import COUNT_OUT, paint_face, paint_hover, paint_lit_port
from ephemeral_gui.canvas.geometry import body_of, bounds_of, input_place, output_place, port_line
from ephemeral_gui.canvas.guard import guarded_paint
from ephemeral_gui.canvas.node_graph_qt import AbstractNodeItem
from ephemeral_gui.canvas.port import InputPort, OutputPort
from ephemeral_gui.canvas.scene import JobScene

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem

    from engine.model.job_map import Task, TaskKey
    from ephemeral_gui.canvas.face import Face
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.wire import Wire

_NODE_LAYER = 1.0
_CHOSEN_LAYER = 1.5
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
_STATE_BOX = QRectF(10, 45, 16, 16)


class TaskItem(AbstractNodeItem):
    """The node of one task. It follows the document and changes nothing itself.

    Attributes:
        key: the task's identity.
        face: what it shows; set it through ``show_face``.
        wires: the wires that enter or leave it.
        difference: what is otherwise than in the job map that it is compared with, a line each; empty for nothing.
    """

    setSelected = QGraphicsItem.setSelected  # noqa: N815  NodeGraphQt's own keeps a second record of it
    mousePressEvent = QGraphicsItem.mousePressEvent  # noqa: N815  Qt's name

    def __init__(self, task: Task, face: Face, style: CanvasStyle) -> None:
        QGraphicsItem.__init__(self)  # NodeGraphQt's own constructor makes a property dictionary and a pixmap cache that nothing here reads
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setZValue(_NODE_LAYER)
        self.key: TaskKey = task.key
        self.task = task
        self.face = face
        self.style = style
        self.wires: list[Wire] = []
        self.difference = ""
        self._is_hovered = False
        self._bounds = bounds_of(task.type)
        self._body = body_of(task.type)
        self._ports: dict[str, InputPort | OutputPort] = {}

    @property
    def state(self) -> str:
        """The state shown: a value of ``TaskState``, ``stale`` or ``missing``."""
        return str(self.face.status.state)

    @property
    def state_text(self) -> str:
        """The state in the words shown."""
        return self.face.status.text

    @property
    def id(self) -> str:
        """The identity as NodeGraphQt's signals carry it."""
        return str(self.key)

    @property
    def name(self) -> str:
        """The task's name."""
        return self.task.name

    @property
    def body(self) -> QRectF:
        """The node without its margins, in the scene."""
        return body_of(self.task.type).translated(self.pos())

    @property
    def outline(self) -> tuple[QRectF, float]:
        """The body, and how far below its upper edge the ports are."""
        return self.body, port_line(self.task.type)

    def is_count_at(self, point: QPointF) -> bool:
        """Return whether a point of the scene is on what it says of the items that left it."""
        place, status = point - self.pos(), self.face.status
        return status.items_out > 0 and self._body.contains(place) and COUNT_OUT.contains(place) and not self.face.is_pill

    def show_face(self, task: Task, face: Face) -> bool:
        """Show another face; return whether anything had to be painted anew."""
        self.task = task
        if face == self.face:
            return False
        self.face = face
        self.refresh()
        return True

    def choose(self, *, is_chosen: bool) -> None:
        """Be selected, and above all that is not, or no longer."""
        self.setSelected(is_chosen)
        self.setZValue(_CHOSEN_LAYER if is_chosen else _NODE_LAYER)

    def show_hover(self, *, is_over: bool) -> None:
        """Show, or no longer, that a press would select it."""
        self._is_hovered = is_over
        self.refresh()

    def refresh(self) -> None:
        """Paint it anew."""
        scene = self.scene()
        if isinstance(scene, JobScene):
            scene.node_changes(self)

    def move_to(self, place: QPointF) -> None:
        """Stand there, and be painted there."""
        scene = self.scene()
        if isinstance(scene, JobScene):
            scene.update(self.body if scene.shows_blocks else self.sceneBoundingRect())  # Qt forgets it where a paint comes in between
        self.setPos(place)
        if isinstance(scene, JobScene) and scene.shows_blocks:
            scene.node_changes(self)

    def input_point(self) -> QPointF | None:
        """Return the place of the input port in the scene."""
        place = input_place(self.task.type)
        return None if place is None else self.pos() + place

    def output_point(self) -> QPointF | None:
        """Return the place of the output port in the scene."""
        place = output_place(self.task.type)
        return None if place is None else self.pos() + place

    def input_port(self) -> InputPort:
        """Return the port item of the input, made when it is first needed."""
        port = self._ports.get("in")
        if not isinstance(port, InputPort):
            port = self._ports["in"] = InputPort(self)
        return port

    def output_port(self) -> OutputPort:
        """Return the port item of the output, made when it is first needed."""
        port = self._ports.get("out")
        if not isinstance(port, OutputPort):
            port = self._ports["out"] = OutputPort(self)
        return port

    def drop_ports(self) -> None:
        """Forget the port items; they are made again when they are needed."""
        for port in self._ports.values():
            if (scene := port.scene()) is not None:
                scene.removeItem(port)
        self._ports.clear()

    def turn_ring(self) -> None:
        """Paint the state icon anew, and nothing else."""
        self.update(_STATE_BOX if not self.face.is_pill else self._bounds)

    @override
    def boundingRect(self) -> QRectF:
        return self._bounds

    @override
    @guarded_paint
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        style, is_selected = self.style, self.isSelected()
        painter.setRenderHints(_SMOOTH)
        scene = self.scene()
        if (
            style.fitting is None
            and self.face.status.state != "running"
            and isinstance(painter.device(), QWidget)
            and isinstance(scene, JobScene)
        ):
            scene.face_pictures.paint(painter, self, is_selected=is_selected)
            if self._is_hovered and not is_selected:
                paint_hover(painter, self.face, style)
            return
        painter.setOpacity(self.opacity_now)
        paint_face(painter, self.face, style, is_selected=is_selected)
        if style.fitting is not None and self.key in style.fitting:
            paint_lit_port(painter, self.face, style)

    @property
    def opacity_now(self) -> float:
        """How much of it is seen: while a wire is dragged, those that it does not fit are dim."""
        fitting = self.style.fitting
        return self.opacity() * (1.0 if fitting is None or self.key in fitting or self.key == self.style.held else 0.4)
