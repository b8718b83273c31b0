"""Sizes and places of everything on the canvas, in canvas units: pixels at 100 %."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF

from engine.model.job_map import TaskType

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def united(boxes: Iterable[QRectF]) -> QRectF:
    """Return the box around all these boxes."""
    around = QRectF()
    for box in boxes:
        around = around.united(box)
    return around


def snapped(position: Position) -> Position:
    """Return the nearest place on the grid."""
    return (round(position[0] / GRID) * GRID, round(position[1] / GRID) * GRID)
