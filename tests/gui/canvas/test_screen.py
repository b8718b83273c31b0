"""What stands on the screen while a hand moves something is what a paint of everything would show: nothing is left where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from typing import Any


def settle() -> None:
    for _ in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def on_screen(hands: Any) -> QImage:
    """Return what the window's own memory of the screen holds of the view: unlike ``grab`` this paints nothing anew."""
    whole: QImage = hands.canvas.screen().grabWindow(hands.canvas.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return whole.copy(QRect(hands.viewport.mapTo(hands.canvas, hands.viewport.rect().topLeft()), hands.viewport.size()))


def painted_anew(hands: Any) -> QImage:
    hands.viewer.projection.scene.forget_pictures()
    hands.viewport.repaint()
    hands.viewport.repaint()
    return on_screen(hands)


def paint_early(hands: Any, point: QPointF) -> None:
    """Paint a few pixels before Qt has looked at what changed, as happens where the window system asks for a frame just then."""
    hands.viewport.repaint(QRect(hands.viewer.view_point(point), QSize(4, 4)))


def test_that_a_node_leaves_no_trail_where_a_paint_comes_between_its_move_and_qts_look_at_it(hands: Any) -> None:
    settle()
    start = hands.title("double")
    hands.press(start)
    for step in range(1, 9):
        hands.move(start + QPointF(24.0 * step, 16.0 * step))
        paint_early(hands, hands.title("double"))
        settle()
    seen = on_screen(hands)
    assert seen == painted_anew(hands)
    hands.release(start + QPointF(192.0, 128.0))


def test_that_a_dragged_wire_and_its_mark_leave_no_trail(hands: Any) -> None:
    settle()
    hands.press(hands.output("count"))
    for target in ("split", "read", "split"):
        hands.move(hands.input(target) + QPointF(20, -30))
        paint_early(hands, hands.input("double"))
        settle()
    assert hands.viewer._LIVE_PIPE.is_refused
    seen = on_screen(hands)
    assert seen == painted_anew(hands)
    hands.release(hands.input("split") + QPointF(20, -30))
