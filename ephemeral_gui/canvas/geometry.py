"""Sizes and places of everything on the canvas, in canvas units: pixels at 100 %."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from engine.model.job_map import TaskType

if TYPE_CHECKING:
    from engine.model.job_map import Position

GRID: Final = 16.0
NODE_WIDTH: Final = 152.0
NODE_HEIGHT: Final = 100.0
PADDING: Final = 12.0
PILL_WIDTH: Final = 68.0
PILL_HEIGHT: Final = 44.0
NODE_PORT_LINE: Final = 86.0
PILL_PORT_LINE: Final = 22.0
PORT_RADIUS: Final = 4.5
GRAB_RADIUS: Final = 11.0
DRAG_DISTANCE: Final = 4  # pixels before a press becomes a drag
MARGIN: Final = 12.0  # what a node draws outside its body: selection ring, ports, fan-out badge
LEAST_HANDLE: Final = 28.0

NODE_BODY: Final = QRectF(0, 0, NODE_WIDTH, NODE_HEIGHT)
PILL_BODY: Final = QRectF(0, 0, PILL_WIDTH, PILL_HEIGHT)
_NODE_BOUNDS: Final = NODE_BODY.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
_PILL_BOUNDS: Final = PILL_BODY.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)


def body_of(kind: TaskType) -> QRectF:
    """Return the body of a task's node, seen from its left upper corner."""
    return NODE_BODY if kind is TaskType.FUNCTION else PILL_BODY


def bounds_of(kind: TaskType) -> QRectF:
    """Return everything that a task's node may paint on."""
    return _NODE_BOUNDS if kind is TaskType.FUNCTION else _PILL_BOUNDS


def input_place(kind: TaskType) -> QPointF | None:
    """Return the centre of the input port, None for the input task, which has none."""
    if kind is TaskType.INPUT:
        return None
    return QPointF(0, NODE_PORT_LINE if kind is TaskType.FUNCTION else PILL_PORT_LINE)


def output_place(kind: TaskType) -> QPointF | None:
    """Return the centre of the output port, None for an output task, which has none."""
    if kind is TaskType.OUTPUT:
        return None
    return QPointF(NODE_WIDTH, NODE_PORT_LINE) if kind is TaskType.FUNCTION else QPointF(PILL_WIDTH, PILL_PORT_LINE)


def port_line(kind: TaskType) -> float:
    """Return how far below a node's upper edge its ports are."""
    return NODE_PORT_LINE if kind is TaskType.FUNCTION else PILL_PORT_LINE


def snapped(position: Position) -> Position:
    """Return the nearest place on the grid."""
    return (round(position[0] / GRID) * GRID, round(position[1] / GRID) * GRID)


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """Return the curve from an output port to an input port: handles of half the horizontal distance, at least 28."""
    path = QPainterPath(start)
    handle = max(abs(end.x() - start.x()) / 2, LEAST_HANDLE)
    path.cubicTo(start.x() + handle, start.y(), end.x() - handle, end.y(), end.x(), end.y())
    return path


def wire_point(start: QPointF, end: QPointF, share: float) -> QPointF:
    """Return the point of the curve ``wire_path`` at a share of its parameter, 0 to 1."""
    handle = max(abs(end.x() - start.x()) / 2, LEAST_HANDLE)
    left = 1 - share
    first, second, third, fourth = left**3, 3 * left * left * share, 3 * left * share * share, share**3
    return QPointF(
        first * start.x() + second * (start.x() + handle) + third * (end.x() - handle) + fourth * end.x(),
        (first + second) * start.y() + (third + fourth) * end.y(),
    )


def distance_to_wire(start: QPointF, end: QPointF, point: QPointF) -> float:
    """Return how far a point is from the curve between two ports."""
    corners = [wire_point(start, end, step / 32) for step in range(33)]
    return min(_distance_to_line(one, other, point) for one, other in itertools.pairwise(corners))


def crosses_wire(start: QPointF, end: QPointF, one: QPointF, other: QPointF) -> bool:
    """Return whether the straight line between two points crosses the curve between two ports."""
    corners = [wire_point(start, end, step / 32) for step in range(33)]
    return any(_lines_cross(one, other, here, there) for here, there in itertools.pairwise(corners))


def _lines_cross(one: QPointF, other: QPointF, here: QPointF, there: QPointF) -> bool:
    first = _turn(one, other, here) * _turn(one, other, there)
    second = _turn(here, there, one) * _turn(here, there, other)
    return first <= 0 and second <= 0 and (first < 0 or second < 0)


def _turn(one: QPointF, other: QPointF, third: QPointF) -> float:
    return (other.x() - one.x()) * (third.y() - one.y()) - (other.y() - one.y()) * (third.x() - one.x())


def _distance_to_line(one: QPointF, other: QPointF, point: QPointF) -> float:
    across, down = other.x() - one.x(), other.y() - one.y()
    length = across * across + down * down
    share = 0.0 if length == 0 else ((point.x() - one.x()) * across + (point.y() - one.y()) * down) / length
    share = min(1.0, max(0.0, share))
    return math.hypot(point.x() - one.x() - share * across, point.y() - one.y() - share * down)
