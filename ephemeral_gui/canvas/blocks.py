"""The nodes of a view from far away: thousands of boxes that Qt fills in one go for each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.task_item import TaskItem


class Blocks:
    """The boxes of all nodes by state; painting a node each, in Python, costs ten times as much.

    Attributes:
        way: how far the nodes that are carried have come.
    """

    def __init__(self, style: CanvasStyle) -> None:
        self.way = QPointF()
        self._style = style
        self._states: dict[TaskItem, str] = {}
        self._boxes: dict[str, dict[TaskItem, QRectF]] = {}
        self._carried: Blocks | None = None

    def place(self, item: TaskItem) -> None:
        """Show a node as it is and where it is now."""
        state = item.face.status.state
        before = self._states.get(item)
        if before is not None and before != state:
            del self._boxes[before][item]
        self._states[item] = state
        self._boxes.setdefault(state, {})[item] = item.body

    def remove(self, item: TaskItem) -> None:
        """Show a node no longer."""
        if (state := self._states.pop(item, None)) is not None:
            del self._boxes[state][item]

    def items(self) -> list[TaskItem]:
        """Return every node that is shown."""
        return list(self._states)

    def carry(self, items: Collection[TaskItem]) -> None:
        """Move these nodes, which move by one way, without a look at each; with none of them, the carried ones rest where they are."""
        carried, self._carried = self._carried, None
        for item in () if carried is None else carried.items():
            self.place(item)
        if not items:
            return
        self._carried = Blocks(self._style)
        for item in items:
            self._carried.place(item)
            self.remove(item)

    def carry_to(self, way: QPointF) -> bool:
        """Show the carried nodes so far from where they were; return whether there are any."""
        if self._carried is not None:
            self._carried.way = way
        return self._carried is not None

    def paint(self, painter: QPainter, chosen: Iterable[TaskItem]) -> None:
        """Paint every node; the painter clips what is not wanted."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_rings(painter, [item.body for item in chosen if item in self._states])
        self._paint_boxes(painter)
        if self._carried is not None:
            self._carried.paint_carried(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint_carried(self, painter: QPainter) -> None:
        """Paint nodes that a hand carries, which are all selected."""
        painter.translate(self.way)
        self._paint_rings(painter, [box for boxes in self._boxes.values() for box in boxes.values()])
        self._paint_boxes(painter)
        painter.translate(-self.way)

    def _paint_rings(self, painter: QPainter, boxes: Iterable[QRectF]) -> None:
        ring = 3 / self._style.zoom
        painter.setBrush(self._style.colour(self._style.theme.accent))
        painter.drawRects([box.adjusted(-ring, -ring, ring, ring) for box in boxes])

    def _paint_boxes(self, painter: QPainter) -> None:
        for state, boxes in self._boxes.items():
            painter.setBrush(self._style.state_colour(state))
            if self._style.fitting is None and not self._style.has_stepped_back:
                painter.drawRects(list(boxes.values()))
            else:
                self._paint_by_fit(painter, boxes)

    @staticmethod
    def _paint_by_fit(painter: QPainter, boxes: dict[TaskItem, QRectF]) -> None:
        for item, box in boxes.items():
            painter.setOpacity(item.opacity_now)
            painter.drawRect(box)
        painter.setOpacity(1.0)
