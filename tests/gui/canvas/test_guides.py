"""Guides: what is dragged catches on its neighbours' lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt

from ephemeral_gui.canvas.guides import Guides

if TYPE_CHECKING:
    from typing import Any

NODE = (QRectF(0, 0, 152, 100), 86.0)
SHIFT = Qt.KeyboardModifier.ShiftModifier


def node_at(left: float, top: float) -> tuple[QRectF, float]:
    return QRectF(left, top, 152, 100), 86.0


def pill_at(left: float, top: float) -> tuple[QRectF, float]:
    return QRectF(left, top, 68, 44), 22.0


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        (node_at(4, 300), (0, 304)),  # left edges; down there is the grid alone
        (node_at(155, 300), (152, 304)),  # its left edge on the right one
        (pill_at(45, 300), (42, 304)),  # centres: 76 - 34
        (pill_at(300, 61), (304, 64)),  # port lines: 86 - 22
        (node_at(300, 98), (304, 100)),  # its upper edge on the lower one
        (node_at(310, 310), (304, 304)),  # nothing near: the grid
    ],
)
def test_that_what_is_dragged_catches_on_edges_centres_and_port_lines(wanted: tuple[QRectF, float], place: tuple[float, float]) -> None:
    caught, _ = Guides([NODE]).caught(wanted, 6.0)
    assert (caught.x(), caught.y()) == place


def test_that_a_line_joins_both_that_stand_on_it() -> None:
    _, lines = Guides([NODE]).caught(node_at(2, 300), 6.0)
    upright = [(line.x1(), line.y1(), line.y2()) for line in lines]
    assert upright == [(each, -8.0, 412.0) for each in (0.0, 76.0, 152.0)]


def test_that_a_line_leads_to_the_nearest_of_many() -> None:
    near, far = node_at(0, 0), node_at(0, -1000)
    _, lines = Guides([far, near]).caught(node_at(0, 304), 6.0)
    assert {line.y1() for line in lines} == {-8.0}


def test_that_a_hand_sees_the_guides_only_while_it_drags(hands: Any) -> None:
    scene = hands.viewer.projection.scene
    start = hands.title("double")
    hands.press(start)
    hands.move(start + QPointF(3, 100))
    assert {line.x1() for line in scene.guides} == {96.0, 172.0, 248.0}  # on the edges and the centre of “count”
    hands.move(start + QPointF(3, 100), SHIFT)
    assert not scene.guides
    assert hands.item("double").pos() == QPointF(99, 260)
    hands.move(start + QPointF(3, 100))
    hands.release(start + QPointF(3, 100))
    assert not scene.guides
    assert hands.document.job_map.layout.positions["double"] == (96.0, 256.0)
    hands.assert_mirrors_document()


def test_that_escape_takes_the_guides_away(hands: Any) -> None:
    start = hands.title("double")
    hands.press(start)
    hands.move(start + QPointF(3, 100))
    hands.type_keys(Qt.Key.Key_Escape)
    assert not hands.viewer.projection.scene.guides
    hands.release(start)
    assert hands.steps == 0
