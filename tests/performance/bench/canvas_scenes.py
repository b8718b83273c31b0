"""The same graph on three canvases: a bare scene of 90 lines, stock NodeGraphQt, and ours. Each is driven by the same few calls."""

from __future__ import annotations

import math
import random
import warnings
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QStaticText
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsPathItem, QGraphicsScene, QGraphicsView
from typing_extensions import override

from engine.catalog import load_catalog
from engine.model.job_map import Datasource, JobMap, Layout, Task, TaskType
from ephemeral_gui.canvas.canvas import Canvas
from ephemeral_gui.document.document import Document
from ephemeral_gui.widgets.theme import Appearance, Look

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

SIZE = (1600, 1000)
STEP = (224.0, 144.0)


class Contender(Protocol):
    """A canvas with a graph on it."""

    @property
    def view(self) -> QGraphicsView:
        """What is painted."""

    def nodes(self) -> list[QGraphicsItem]:
        """Return the nodes."""


def graph(count: int) -> tuple[list[QPointF], list[tuple[int, int]]]:
    """Return the places of so many nodes in a square, and about as many wires between any two of them."""
    columns, chance = math.isqrt(count), random.Random(7)  # noqa: S311  no secret
    places = [QPointF(number % columns * STEP[0], number // columns * STEP[1]) for number in range(count)]
    wires = {(min(pair), max(pair)) for pair in (tuple(chance.sample(range(1, count - 1), 2)) for _ in range(count - columns))}
    return places, sorted(wires)


class BareNode(QGraphicsItem):
    """A box with two words and two ports, cached by Qt."""

    def __init__(self, title: QStaticText, method: QStaticText) -> None:
        super().__init__()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setFlags(QGraphicsItem.GraphicsItemFlag.ItemIsMovable | QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemSendsGeometryChanges)
        self.title, self.method = title, method
        self.wires: list[BareWire] = []

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(-12, -12, 176, 124)

    @override
    def itemChange(self, change: QGraphicsItem.GraphicsItemChange, value: object) -> object:
        if change == QGraphicsItem.GraphicsItemChange.ItemPositionHasChanged:
            for wire in self.wires:
                wire.follow()
        return super().itemChange(change, value)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if painter.worldTransform().m11() < 0.4:
            painter.fillRect(0, 0, 152, 100, _FILL)
            return
        painter.setPen(_LINE)
        painter.setBrush(_FILL)
        painter.drawRoundedRect(0, 0, 152, 100, 8, 8)
        painter.drawStaticText(12, 10, self.title)
        painter.drawStaticText(12, 28, self.method)
        painter.drawEllipse(QPointF(0, 86), 4, 4)
        painter.drawEllipse(QPointF(152, 86), 4, 4)


class BareWire(QGraphicsPathItem):
    """A curve between two boxes, painted by Qt."""

    def __init__(self, source: BareNode, target: BareNode) -> None:
        super().__init__()
        self.source, self.target = source, target
        self.setPen(_LINE)
        self.setZValue(-1)
        self.follow()

    def follow(self) -> None:
        start, end = self.source.pos() + QPointF(152, 86), self.target.pos() + QPointF(0, 86)
        handle = max(abs(end.x() - start.x()) / 2, 28)
        path = QPainterPath(start)
        path.cubicTo(start.x() + handle, start.y(), end.x() - handle, end.y(), end.x(), end.y())
        self.setPath(path)


class Bare:
    """The floor: a scene with nothing but boxes and curves."""

    def __init__(self, count: int) -> None:
        places, wires = graph(count)
        self.view = QGraphicsView()
        scene = QGraphicsScene(self.view)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._nodes: list[BareNode] = []
        method = QStaticText("example")
        for number, place in enumerate(places):
            node = BareNode(QStaticText(f"task {number}"), method)
            node.setPos(place)
            scene.addItem(node)
            self._nodes.append(node)
        for source, target in wires:
            wire = BareWire(self._nodes[source], self._nodes[target])
            self._nodes[source].wires.append(wire)
            self._nodes[target].wires.append(wire)
            scene.addItem(wire)
        scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.view.setScene(scene)
        self.view.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.view.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.view.setDragMode(QGraphicsView.DragMode.RubberBandDrag)
        self.view.resize(*SIZE)

    def nodes(self) -> list[QGraphicsItem]:
        return list(self._nodes)


class Ours:
    """The canvas on a document."""

    catalog = load_catalog()

    def __init__(self, count: int) -> None:
        places, wires = graph(count)
        names = ["in", *(f"task {number}" for number in range(1, count - 1)), "out"]
        ends = {0: Task("in", TaskType.INPUT), count - 1: Task("out", TaskType.OUTPUT)}
        tasks = tuple(ends.get(number) or _task(name) for number, name in enumerate(names))
        positions = {name: (place.x(), place.y()) for name, place in zip(names, places, strict=True)}
        workflow = tuple((names[source], names[target]) for source, target in wires)
        job_map = JobMap("bench", Datasource("direct", {"content": {}}), tasks, workflow, layout=Layout(positions=positions))
        self.look = Look(appearance=Appearance.DARK)
        self.canvas = Canvas(Document(job_map), self.catalog, self.look)
        self.canvas.resize(*SIZE)
        self.view = self.canvas.viewer

    def nodes(self) -> list[QGraphicsItem]:
        return list(self.view.projection.items.values())


class Stock:
    """NodeGraphQt as it comes."""

    def __init__(self, count: int) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            from NodeGraphQt import BaseNode, NodeGraph  # noqa: PLC0415  half a second to import

        class Plain(BaseNode):  # type: ignore[misc]  # NodeGraphQt has no types
            __identifier__ = "bench"
            NODE_NAME = "Plain"

            def __init__(self) -> None:
                super().__init__()
                self.add_input("in", multi_input=True)
                self.add_output("out")

        places, wires = graph(count)
        self.graph = NodeGraph()
        self.graph.register_node(Plain)
        made = [
            self.graph.create_node("bench.Plain", name=f"task {number}", pos=[place.x(), place.y()], selected=False)
            for number, place in enumerate(places)
        ]
        for source, target in wires:
            made[source].output(0).connect_to(made[target].input(0))
        self._nodes = made
        self.view = self.graph.viewer()
        self.view.resize(*SIZE)

    def nodes(self) -> list[QGraphicsItem]:
        return [node.view for node in self._nodes]


def application() -> QApplication:
    """Return the one application of this process."""
    there = QApplication.instance()
    return there if isinstance(there, QApplication) else QApplication(["bench"])  # type: ignore[redundant-expr]  # it may be another kind


def _task(name: str) -> Task:
    arguments = {"example_property": "x"}
    return Task(name, TaskType.FUNCTION, namespace="main", method="example", consumes="string", produces="string", init_args=arguments)


_FILL = QBrush(QColor("#22262b"))
_LINE = QPen(QColor("#5a6069"), 1)
