"""The way of a wire from one port to another: a curve that leaves to the right and arrives from the left, whatever lies between."""

from __future__ import annotations

import itertools
import math
from typing import Final, TypeAlias

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

LEAST_HANDLE: Final = 28.0
_MOST_HANDLE: Final = 96.0
_LANE: Final = 72.0  # how far below its ends a wire runs back: beneath the nodes that it leads past
_CLEAR: Final = 200.0  # so far apart, there is room for the lane between the ends
_STRIP: Final = 96.0  # pixels
_STRIP_EDGE: Final = 3.0

Place: TypeAlias = "tuple[float, float]"
Span: TypeAlias = "tuple[float, float, float, float]"
Cubic: TypeAlias = "tuple[QPointF, QPointF, QPointF, QPointF]"


def cubics(start: QPointF, end: QPointF) -> tuple[Cubic, ...]:
    """Return the curve in one piece; in four where it runs backwards, so that whoever follows it in steps stays near to it."""
    across = end.x() - start.x()
    if across < 0:
        return _backwards(start, end)
    handle = max(across / 2, LEAST_HANDLE, min(abs(end.y() - start.y()) / 4, _MOST_HANDLE - across / 2))
    return ((start, start + QPointF(handle, 0), end - QPointF(handle, 0), end),)


def _backwards(start: QPointF, end: QPointF) -> tuple[Cubic, ...]:
    """Return a way around: between both ends where they are far apart in height, else below them, where their nodes are not."""
    is_clear = abs(end.y() - start.y()) >= _CLEAR
    lane = (start.y() + end.y()) / 2 if is_clear else max(start.y(), end.y()) + _LANE
    middle = QPointF((start.x() + end.x()) / 2, lane)
    right, left = QPointF(start.x() + _MOST_HANDLE, lane), QPointF(end.x() - _MOST_HANDLE, lane)
    out = QPointF(_MOST_HANDLE, 0)
    return (*_halves((start, start + out, right, middle)), *_halves((middle, left, end - out, end)))


def _halves(piece: Cubic) -> tuple[Cubic, Cubic]:
    """Part a curve in its middle."""
    one, two, three, four = piece
    first, second, third = (one + two) / 2, (two + three) / 2, (three + four) / 2
    near, far = (first + second) / 2, (second + third) / 2
    middle = (near + far) / 2
    return (one, first, near, middle), (middle, far, third, four)


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """Return the curve from an output port to an input port."""
    path = QPainterPath(start)
    for _, first, second, to in cubics(start, end):
        path.cubicTo(first, second, to)
    return path


def wire_middle(start: QPointF, end: QPointF) -> QPointF:
    """Return the point in the middle of the curve."""
    pieces = cubics(start, end)
    return QPointF(*_places(pieces[0], 2)[0]) if len(pieces) == 1 else QPointF(pieces[len(pieces) // 2][0])


def corners(start: QPointF, end: QPointF, steps: int = 32) -> list[tuple[float, float]]:
    """Return points along the curve: so many steps for each of its pieces, and one more in all."""
    return [(start.x(), start.y()), *(place for piece in cubics(start, end) for place in _places(piece, steps))]


def strips(start: QPointF, end: QPointF, zoom: float) -> list[QRectF]:
    """Return narrow boxes that together hold the curve and its pen: what must be painted anew where it changes."""
    length = (abs(end.x() - start.x()) + abs(end.y() - start.y())) * zoom
    edge = _STRIP_EDGE + _STRIP_EDGE / zoom
    points = corners(start, end, max(2, min(24, math.ceil(length / _STRIP))))
    return [
        QRectF(min(left, right) - edge, min(top, bottom) - edge, abs(right - left) + 2 * edge, abs(bottom - top) + 2 * edge)
        for (left, top), (right, bottom) in itertools.pairwise(points)
    ]


def spans(start: QPointF, end: QPointF) -> list[Span]:
    """Return a few boxes (left, top, right, bottom) that together hold the curve."""
    edge = 4 + (abs(end.x() - start.x()) + abs(end.y() - start.y())) / 100  # the curve leaves its chords by less
    return [
        (min(left, right) - edge, min(top, bottom) - edge, max(left, right) + edge, max(top, bottom) + edge)
        for (left, top), (right, bottom) in itertools.pairwise(corners(start, end, 8))
    ]


def distance_to_wire(start: QPointF, end: QPointF, point: QPointF) -> float:
    """Return how far a point is from the curve between two ports."""
    place = (point.x(), point.y())
    return min(_distance_to_line(one, other, place) for one, other in itertools.pairwise(corners(start, end)))


def crosses_wire(start: QPointF, end: QPointF, one: QPointF, other: QPointF) -> bool:
    """Return whether the straight line between two points crosses the curve between two ports."""
    line = ((one.x(), one.y()), (other.x(), other.y()))
    return any(_lines_cross(*line, here, there) for here, there in itertools.pairwise(corners(start, end)))


def _places(piece: Cubic, steps: int) -> list[tuple[float, float]]:
    """Return the points that part a piece into so many steps, its end included, in plain numbers: every step of a drag asks for them."""
    (left, top), (first, high), (second, low), (right, bottom) = [(each.x(), each.y()) for each in piece]
    found = []
    for step in range(1, steps + 1):
        share = step / steps
        rest = 1 - share
        one, two, three, four = rest * rest * rest, 3 * rest * rest * share, 3 * rest * share * share, share * share * share
        found.append((one * left + two * first + three * second + four * right, one * top + two * high + three * low + four * bottom))
    return found


def _lines_cross(one: Place, other: Place, here: Place, there: Place) -> bool:
    first = _turn(one, other, here) * _turn(one, other, there)
    second = _turn(here, there, one) * _turn(here, there, other)
    return first <= 0 and second <= 0 and (first < 0 or second < 0)


def _turn(one: Place, other: Place, third: Place) -> float:
    return (other[0] - one[0]) * (third[1] - one[1]) - (other[1] - one[1]) * (third[0] - one[0])


def _distance_to_line(one: Place, other: Place, point: Place) -> float:
    across, down = other[0] - one[0], other[1] - one[1]
    length = across * across + down * down
    share = 0.0 if length == 0 else ((point[0] - one[0]) * across + (point[1] - one[1]) * down) / length
    share = min(1.0, max(0.0, share))
    return math.hypot(point[0] - one[0] - share * across, point[1] - one[1] - share * down)
