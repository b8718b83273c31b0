"""The scene: the ground below everything, the counts of wires above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene
from typing_extensions import override

from ephemeral_gui.canvas.blocks import Blocks
from ephemeral_gui.canvas.face_pictures import FacePictures
from ephemeral_gui.canvas.ground import Ground
from ephemeral_gui.canvas.guard import guarded_paint
from ephemeral_gui.canvas.node_graph_qt import NodeScene
from ephemeral_gui.canvas.style import FAR_ZOOM
from ephemeral_gui.widgets.state_words import short_count

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.wire import Wire

_BADGE_HEIGHT = 16.0
_BADGE_WIDTH = 40.0
_LEAST_EXTENT = QRectF(0, 0, 2000, 1000)
_EVERYWHERE = QRectF(-1e7, -1e7, 2e7, 2e7)


class JobScene(NodeScene):
    """The scene of one job map.

    Attributes:
        counted: the wires that have a count to show.
        ground: what lies below the nodes.
        face_pictures: what the nodes look like.
        blocks: the nodes, where they are seen from far away.
        shows_blocks: whether they are.
        overlays: the lines that are drawn above everything while a hand draws them.
        chosen: the selected nodes.
        guides: the lines that what a hand holds stands on.
    """

    def __init__(self, style: CanvasStyle, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kit = style
        self.counted: Iterable[Wire] = ()
        self.ground = Ground(self, style)
        self.face_pictures = FacePictures(style)
        self.blocks = Blocks(style)
        self.shows_blocks = False
        self.overlays: list[QGraphicsPathItem] = []
        self.chosen: Collection[TaskItem] = ()
        self.guides: Collection[QLineF] = ()

    @override
    @guarded_paint
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if rect.isEmpty():
            return
        self.ground.paint(painter, QRectF(rect))
        if self.shows_blocks:
            self.blocks.paint(painter, self.chosen)

    def show_blocks(self, items: Iterable[TaskItem], *, are_shown: bool) -> None:
        """Paint nodes as blocks, all in one go, or have each paint itself again."""
        if are_shown == self.shows_blocks:
            return
        self.shows_blocks = are_shown
        self.keep_index()
        self.blocks = Blocks(self.kit)
        for item in items:
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, enabled=are_shown)
            if are_shown:
                self.blocks.place(item)

    def forget_pictures(self) -> None:
        """Let go of everything that was painted before."""
        self.ground.forget()
        self.face_pictures = FacePictures(self.kit)

    def repaint(self) -> None:
        """Paint everything anew. Qt's own way says so once, and is deaf until Qt itself has painted the items."""
        self.update(_EVERYWHERE)

    def carry_nodes(self, items: Iterable[TaskItem], way: QPointF) -> None:
        """Paint nodes that were put so far from where they were."""
        self.ground.carry_to(way)
        if self.shows_blocks and not self.blocks.carry_to(way):
            for item in items:
                self.blocks.place(item)
        self.repaint()

    def paint_from_afar(self, painter: QPainter, area: QRectF) -> None:
        """Paint everything where nodes are blocks: Qt would ask each of thousands of nodes for its bounds, in Python."""
        self.drawBackground(painter, area)
        self._draw_guides(painter)
        if self.ground.difference is not None:
            self.ground.difference.paint_above(painter, area)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for overlay in self.overlays:
            if overlay.isVisible():
                painter.setPen(overlay.pen())
                painter.drawPath(overlay.path())

    def keep_index(self, *, is_wanted: bool = True) -> None:
        """Let Qt keep its index of what is where; where nodes are blocks nothing uses it, and many changes at once are dear with it."""
        kind = QGraphicsScene.ItemIndexMethod
        wanted = kind.BspTreeIndex if is_wanted and not self.shows_blocks else kind.NoIndex
        if self.itemIndexMethod() is not wanted:
            self.setItemIndexMethod(wanted)
            # An index that is new knows no extent, and finds everything everywhere, until the extent changes. It is given here, for
            # without it Qt asks every item for its own at each step of a drag. What comes to lie outside is found all the same.
            self.setSceneRect(QRectF(0, 0, 1, 1))
            self.setSceneRect(self.itemsBoundingRect().united(_LEAST_EXTENT))

    def add_node(self, item: TaskItem) -> None:
        """Show a node."""
        self.addItem(item)
        if self.shows_blocks:
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
            self.node_changes(item)

    def remove_node(self, item: TaskItem) -> None:
        """Show a node no longer."""
        self.update(item.sceneBoundingRect())
        self.blocks.remove(item)
        self.face_pictures.forget(item)
        self.removeItem(item)

    def node_changes(self, item: TaskItem) -> None:
        """Paint a node anew."""
        if self.shows_blocks:
            self.blocks.place(item)
            self.update(item.sceneBoundingRect())
        else:
            item.update()

    @override
    @guarded_paint
    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        self._draw_guides(painter)
        if self.ground.difference is not None:
            self.ground.difference.paint_above(painter, QRectF(rect))
        if self.kit.zoom < FAR_ZOOM:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(rect).adjusted(-40, -_BADGE_HEIGHT, 40, _BADGE_HEIGHT)
        is_carried = self.ground.carried is not None
        for wire in self.counted:
            middle = self.ground.middle_of(wire) if is_carried else wire.middle
            if area.contains(middle) and not wire.is_lifted:
                self._draw_count(painter, wire, middle)

    def show_guides(self, lines: Collection[QLineF]) -> None:
        """Show on which lines of its neighbours stands what a hand holds."""
        edge = 2 / self.kit.zoom
        for line in (*self.guides, *lines):
            self.update(QRectF(line.p1(), line.p2()).normalized().adjusted(-edge, -edge, edge, edge))
        self.guides = lines

    def _draw_guides(self, painter: QPainter) -> None:
        if self.guides:
            pen = QPen(self.kit.colour(self.kit.theme.accent), 1)
            pen.setCosmetic(True)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(pen)
            painter.drawLines(list(self.guides))

    def counted_at(self, point: QPointF) -> Wire | None:
        """Return the wire whose count is painted there."""
        if self.kit.zoom < FAR_ZOOM:
            return None
        near = [wire for wire in self.counted if (wire.middle - point).manhattanLength() < 2 * _BADGE_WIDTH and not wire.is_lifted]
        return next((wire for wire in reversed(near) if self._count_box(wire, wire.middle).contains(point)), None)

    def _count_box(self, wire: Wire, middle: QPointF) -> QRectF:
        width = max(_BADGE_HEIGHT, self.kit.width_of("badge", short_count(wire.count)) + 9)
        return QRectF(middle.x() - width / 2, middle.y() - _BADGE_HEIGHT / 2, width, _BADGE_HEIGHT)

    def update_counts(self, wires: Iterable[Wire]) -> None:
        """Paint the counts of these wires anew."""
        for wire in wires:
            middle = wire.middle
            self.update(QRectF(middle.x() - 40, middle.y() - _BADGE_HEIGHT, 80, 2 * _BADGE_HEIGHT))

    def _draw_count(self, painter: QPainter, wire: Wire, middle: QPointF) -> None:
        style = self.kit
        text = short_count(wire.count)
        text_width = style.width_of("badge", text)
        box = self._count_box(wire, middle)
        painter.setPen(style.pen(style.theme.accent if wire.is_chosen else wire.colour, 1.0))
        painter.setBrush(style.colour(style.theme.panel))
        painter.drawRoundedRect(box, _BADGE_HEIGHT / 2, _BADGE_HEIGHT / 2)
        style.draw_text(painter, "badge", text, style.theme.text, middle.x() - text_width / 2, middle.y() + 3.7)
