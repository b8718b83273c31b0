"""Guides: what is dragged catches on the edges, centres and port lines of its neighbours, and a thin line shows on which."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QLineF, QPointF, QRectF

from ephemeral_gui.canvas.geometry import snapped

if TYPE_CHECKING:
    from collections.abc import Iterable

REACH: Final = 6.0  # pixels of the screen
_SAME: Final = 0.01
_BEYOND: Final = 8.0

Outline: TypeAlias = "tuple[QRectF, float]"
"""A body, and how far below its upper edge its ports are."""


class Guides:
    """The lines of everything that stands still in view."""

    def __init__(self, outlines: Iterable[Outline]) -> None:
        self._upright: dict[float, list[QRectF]] = {}
        self._level: dict[float, list[QRectF]] = {}
        for outline in outlines:
            for line in _upright_lines(outline):
                self._upright.setdefault(line, []).append(outline[0])
            for line in _level_lines(outline):
                self._level.setdefault(line, []).append(outline[0])
        self._upright_places, self._level_places = sorted(self._upright), sorted(self._level)

    def caught(self, outline: Outline, reach: float) -> tuple[QPointF, list[QLineF]]:
        """Return where something that is wanted there is put, and the lines that it then stands on.

        Each way it catches on the nearest line within reach, and on the grid where there is none.
        """
        body, ports = outline
        on_grid = snapped((body.x(), body.y()))
        across = _nearest(self._upright_places, _upright_lines(outline), reach)
        down = _nearest(self._level_places, _level_lines(outline), reach)
        place = QPointF(on_grid[0] if across is None else body.x() + across, on_grid[1] if down is None else body.y() + down)
        put = (QRectF(place, body.size()), ports)
        return place, [*self._upright_marks(put), *self._level_marks(put)]

    def _upright_marks(self, put: Outline) -> list[QLineF]:
        body, found = put[0], []
        for line, others in _met(self._upright, self._upright_places, _upright_lines(put)):
            other = min(others, key=lambda each: abs(each.center().y() - body.center().y()))
            joined = body.united(other)
            found.append(QLineF(line, joined.top() - _BEYOND, line, joined.bottom() + _BEYOND))
        return found

    def _level_marks(self, put: Outline) -> list[QLineF]:
        body, found = put[0], []
        for line, others in _met(self._level, self._level_places, _level_lines(put)):
            other = min(others, key=lambda each: abs(each.center().x() - body.center().x()))
            joined = body.united(other)
            found.append(QLineF(joined.left() - _BEYOND, line, joined.right() + _BEYOND, line))
        return found


def _upright_lines(outline: Outline) -> tuple[float, ...]:
    body = outline[0]
    return (body.left(), body.center().x(), body.right())


def _level_lines(outline: Outline) -> tuple[float, ...]:
    body, ports = outline
    return (body.top(), body.center().y(), body.bottom(), body.top() + ports)


def _nearest(places: list[float], lines: Iterable[float], reach: float) -> float | None:
    """Return the shortest way from one of the lines to one of the places, None where none is within reach."""
    ways = [place - line for line in lines for place in _around(places, line)]
    way = min(ways, key=abs, default=math.inf)
    return way if abs(way) <= reach else None


def _around(places: list[float], line: float) -> list[float]:
    index = bisect_left(places, line)
    return places[max(0, index - 1) : index + 1]


def _met(known: dict[float, list[QRectF]], places: list[float], lines: Iterable[float]) -> list[tuple[float, list[QRectF]]]:
    """Return the lines that stand on one of the places, each with what else stands there."""
    return [(place, known[place]) for line in lines for place in _around(places, line) if abs(place - line) < _SAME]
