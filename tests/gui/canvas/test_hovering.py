"""What the pointer is over, no button held: set off, with a shape that says what a press would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from engine.model import editing
from ephemeral_gui.canvas.annotation_edits import with_note

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engine.model.job_map import JobMap


def hover(hands: Any, point: QPointF) -> None:
    place = QPointF(hands.viewer.view_point(point))
    far = QPointF(hands.viewport.mapToGlobal(place.toPoint()))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(hands.viewport, QMouseEvent(QEvent.Type.MouseMove, place, far, none, none, Qt.KeyboardModifier.NoModifier))


def test_that_a_wire_under_the_pointer_is_drawn_in_the_colour_of_its_type_and_no_longer_beside_it(hands: Any) -> None:
    wire = hands.viewer.projection.wires[hands.key_of("read"), hands.key_of("split")]
    calm = wire.pen()
    hover(hands, wire.middle)
    assert wire.pen().color().name() == wire.colour
    assert wire.pen().widthF() > calm.widthF()
    hover(hands, wire.middle + QPointF(0, 60))
    assert wire.pen() == calm


def test_that_a_task_under_the_pointer_is_set_off(hands: Any) -> None:
    before = hands.viewport.grab().toImage()
    corner = hands.viewer.view_point(hands.item("split").body.topLeft()) + QPoint(40, 0)
    hover(hands, hands.title("split"))
    after = hands.viewport.grab().toImage()
    assert before.pixelColor(corner) != after.pixelColor(corner)
    assert after.pixelColor(corner).name() == hands.viewer.style_kit.theme.control
    QApplication.sendEvent(hands.viewport, QEvent(QEvent.Type.Leave))
    assert hands.viewport.grab().toImage() == before


def test_that_what_a_press_begins_is_no_longer_set_off_as_hovered(hands: Any) -> None:
    wire = hands.viewer.projection.wires[hands.key_of("read"), hands.key_of("split")]
    hover(hands, wire.middle)
    hands.press(wire.middle)
    assert wire.pen().color().name() == hands.viewer.style_kit.theme.accent
    hands.release(wire.middle)


def test_that_a_wire_that_goes_while_it_is_hovered_does_no_harm(hands: Any) -> None:
    hover(hands, hands.wire_middle("read", "split"))
    hands.document.change("Elsewhere", editing.disconnect(hands.document.job_map, [("read", "split")]))
    hover(hands, QPointF(0, 300))
    hands.assert_mirrors_document()


@pytest.mark.parametrize(
    ("point", "shape"),
    [
        (QPointF(-320 + 222, 240 + 94), Qt.CursorShape.SizeFDiagCursor),
        (QPointF(-320 + 30, 240 + 20), Qt.CursorShape.PointingHandCursor),
        (QPointF(-320 + 120, 240 + 70), Qt.CursorShape.ArrowCursor),
        (QPointF(-128, 86), Qt.CursorShape.CrossCursor),
    ],
    ids=["a corner", "a link", "a note", "a port"],
)
def test_that_the_pointer_says_what_a_press_would_do(
    open_canvas: Callable[[JobMap], Any], small_map: JobMap, point: QPointF, shape: Qt.CursorShape
) -> None:
    hands = open_canvas(with_note(small_map, "[the page](https://example.org/a)", (-320.0, 240.0)))
    hover(hands, point)
    assert hands.viewport.cursor().shape() is shape
    hover(hands, QPointF(0, 380))
    assert hands.viewport.cursor().shape() is Qt.CursorShape.ArrowCursor
