"""Lining tasks up and spacing them evenly: pure rules over boxes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRectF

    from engine.model.job_map import Position, TaskKey

    Boxes = Mapping[TaskKey, QRectF]


class Edge(Enum):
    """What is brought onto one line: the outermost edge of all, or the middle of the whole selection."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"
    CENTRE = "centre"
    MIDDLE = "middle"


def aligned(boxes: Boxes, edge: Edge) -> dict[TaskKey, Position]:
    """Return the corner of each box after all were brought onto one line; centre is across, middle is down."""
    left, right = min(box.left() for box in boxes.values()), max(box.right() for box in boxes.values())
    top, bottom = min(box.top() for box in boxes.values()), max(box.bottom() for box in boxes.values())

    def corner(box: QRectF) -> Position:
        match edge:
            case Edge.LEFT:
                return (left, box.top())
            case Edge.RIGHT:
                return (right - box.width(), box.top())
            case Edge.TOP:
                return (box.left(), top)
            case Edge.BOTTOM:
                return (box.left(), bottom - box.height())
            case Edge.CENTRE:
                return ((left + right - box.width()) / 2, box.top())
            case Edge.MIDDLE:
                return (box.left(), (top + bottom - box.height()) / 2)

    return {key: corner(box) for key, box in boxes.items()}


def distributed(boxes: Boxes, *, is_across: bool) -> dict[TaskKey, Position]:
    """Return the corner of each box with equal gaps between neighbours; the first and the last stay where they are."""
    ordered = sorted(boxes.items(), key=lambda each: each[1].center().x() if is_across else each[1].center().y())
    sizes = [box.width() if is_across else box.height() for _, box in ordered]
    first, last = ordered[0][1], ordered[-1][1]
    start, end = (first.left(), last.right()) if is_across else (first.top(), last.bottom())
    gap = (end - start - sum(sizes)) / max(len(ordered) - 1, 1)
    found: dict[TaskKey, Position] = {}
    for (key, box), size in zip(ordered, sizes, strict=True):
        place = round(start)  # whole units keep lines sharp
        found[key] = (place, box.top()) if is_across else (box.left(), place)
        start += size + gap
    return found
