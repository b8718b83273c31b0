"""A job map as a small picture: boxes and wires in the colours of what flows, and nothing to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from engine.model.graph import topological_order
from engine.model.job_map import TaskType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPaintEvent

    from engine.model.job_map import JobMap
    from ephemeral_gui.widgets.theme import Look

BOX = QSize(30, 18)
MARGIN = 14.0
HIGHEST_SCALE = 1.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """Boxes at columns and lines, and wires between them with the type that flows."""

    boxes: Mapping[str, tuple[float, float]]
    wires: tuple[tuple[str, str, str], ...]


def sketch(job_map: JobMap) -> Sketch:
    """Return the picture of a job map: each task one column behind its parents, lines spread around the middle."""
    columns: dict[str, int] = {}
    for name in topological_order(job_map.children):
        columns[name] = max((columns[parent] + 1 for parent in job_map.parents[name] if parent in columns), default=0)
    lines: dict[int, list[str]] = {}
    for name, column in columns.items():
        lines.setdefault(column, []).append(name)
    boxes = {name: (float(column), number - (len(names) - 1) / 2) for column, names in lines.items() for number, name in enumerate(names)}
    edges = [(source, target) for source, target in job_map.workflow if source in boxes and target in boxes]
    return Sketch(boxes, tuple((source, target, _flowing(job_map, source, target)) for source, target in edges))


def _flowing(job_map: JobMap, source: str, target: str) -> str:
    task = job_map.by_name.get(source)
    if task is not None and task.type is not TaskType.INPUT:
        return task.produces or "any"
    behind = job_map.by_name.get(target)
    return behind.consumes if behind is not None else "any"


class MiniGraph(QWidget):
    """Paints a sketch so that it fits; an empty ground where there is none."""

    def __init__(self, drawn: Sketch | None, look: Look) -> None:
        super().__init__()
        self._sketch = drawn
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(280, 104)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sketch is None or not self._sketch.boxes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = self._places(self._sketch)
        for source, target, kind in self._sketch.wires:
            self._paint_wire(painter, places[source], places[target], self._look.theme.type_colour(kind))
        for box in places.values():
            painter.setPen(QPen(QColor(self._look.theme.control), 1))
            painter.setBrush(QColor(self._look.theme.hover))
            painter.drawRoundedRect(box, 4, 4)
        for source, target, kind in self._sketch.wires:
            self._paint_ports(painter, places[source], places[target], self._look.theme.type_colour(kind))

    def _places(self, drawn: Sketch) -> dict[str, QRectF]:
        columns = max(column for column, _ in drawn.boxes.values())
        lines = [line for _, line in drawn.boxes.values()]
        height = max(lines) - min(lines)
        width, room = self.width() - 2 * MARGIN - BOX.width(), self.height() - 2 * MARGIN - BOX.height()
        step = min(58.0, width / columns) if columns else 0.0
        drop = min(28.0, room / height) if height else 0.0
        box_width = min(float(BOX.width()), max(6.0, step * 0.6)) if columns else float(BOX.width())
        box_height = min(float(BOX.height()), max(4.0, drop * 0.65)) if height else float(BOX.height())
        left = (self.width() - step * columns - box_width) / 2
        middle = self.height() / 2 - (max(lines) + min(lines)) / 2 * drop
        return {
            name: QRectF(left + step * column, middle + drop * line - box_height / 2, box_width, box_height)
            for name, (column, line) in drawn.boxes.items()
        }

    def _paint_wire(self, painter: QPainter, source: QRectF, target: QRectF, colour: str) -> None:
        start, end = _right(source), _left(target)
        bend = max(6.0, (end.x() - start.x()) / 2)
        path = QPainterPath(start)
        path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
        painter.setPen(QPen(QColor(colour), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_ports(self, painter: QPainter, source: QRectF, target: QRectF, colour: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        radius = min(2.4, source.height() / 4)
        painter.drawEllipse(_right(source), radius, radius)
        painter.drawEllipse(_left(target), radius, radius)


def _right(box: QRectF) -> QPointF:
    return QPointF(box.right(), box.center().y())


def _left(box: QRectF) -> QPointF:
    return QPointF(box.left(), box.center().y())
