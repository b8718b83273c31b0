"""What comes between a press and its release: another button, another window, undo, a wheel, the edge of the view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.model import editing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

CONTROL = Qt.KeyboardModifier.ControlModifier
RIGHT = Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton
AWAY = QPointF(0, 320)


def hold_task(hands: Any) -> None:
    hands.press(hands.title("split"))
    hands.move(hands.title("split") + QPointF(64, 64))


def hold_wire(hands: Any) -> None:
    hands.press(hands.output("read"))
    hands.move(hands.input("double"))


def hold_band(hands: Any) -> None:
    hands.press(QPointF(-200, -100))
    hands.move(QPointF(0, 60))


def hold_cut(hands: Any) -> None:
    hands.press(QPointF(64, -40), Qt.KeyboardModifier.AltModifier)
    hands.move(QPointF(64, 300), Qt.KeyboardModifier.AltModifier)


HOLDS = pytest.mark.parametrize("hold", [hold_task, hold_wire, hold_band, hold_cut])


def turn_wheel(hands: Any, place: QPoint, angle: QPoint, pixels: QPoint | None = None, keys: Any = Qt.KeyboardModifier.NoModifier) -> None:
    phase = Qt.ScrollPhase.NoScrollPhase if pixels is None else Qt.ScrollPhase.ScrollUpdate
    where = QPointF(place)
    far = QPointF(hands.viewport.mapToGlobal(place))
    event = QWheelEvent(where, far, pixels or QPoint(), angle, Qt.MouseButton.NoButton, keys, phase, False)  # noqa: FBT003  Qt's own signature
    QApplication.sendEvent(hands.viewport, event)


@HOLDS
def test_that_the_right_button_gives_up_what_the_left_one_holds_and_opens_no_menu(hands: Any, hold: Callable[[Any], None]) -> None:
    before = hands.document.job_map
    hold(hands)
    hands.press(AWAY, button=RIGHT)
    place = hands.viewer.view_point(AWAY)
    asked: list[object] = []
    hands.viewer.menu_requested.connect(lambda *hit: asked.append(hit))
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, hands.viewport.mapToGlobal(place))
    QApplication.sendEvent(hands.viewport, menu)
    hands.release(AWAY, button=RIGHT)
    hands.release(AWAY)
    assert hands.document.job_map is before
    assert not asked
    assert not hands.canvas.selected_keys() or hold is hold_task
    hands.assert_mirrors_document()


def test_that_a_menu_opens_again_once_a_gesture_was_given_up(hands: Any) -> None:
    asked: list[object] = []
    hands.viewer.menu_requested.disconnect()
    hands.viewer.menu_requested.connect(lambda hit, _place: asked.append(hit))
    hold_task(hands)
    hands.press(AWAY, button=RIGHT)
    hands.release(AWAY, button=RIGHT)
    hands.release(AWAY)
    hands.press(AWAY, button=RIGHT)
    place = hands.viewer.view_point(AWAY)
    menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, hands.viewport.mapToGlobal(place))
    QApplication.sendEvent(hands.viewport, menu)
    assert len(asked) == 1


@HOLDS
@pytest.mark.parametrize("button", [RIGHT, MIDDLE])
def test_that_only_the_button_that_began_a_gesture_ends_it(hands: Any, hold: Callable[[Any], None], button: Qt.MouseButton) -> None:
    before = hands.document.job_map
    hold(hands)
    hands.release(AWAY, button=button)
    assert hands.document.job_map is before
    hands.type_keys(Qt.Key.Key_Escape)
    hands.release(AWAY)
    hands.assert_mirrors_document()


@HOLDS
def test_that_a_window_that_goes_away_gives_up_the_gesture(hands: Any, hold: Callable[[Any], None]) -> None:
    before = hands.document.job_map
    hold(hands)
    QApplication.sendEvent(hands.viewer, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    hands.release(AWAY)
    assert hands.document.job_map is before
    hands.assert_mirrors_document()


@HOLDS
def test_that_undo_in_the_middle_of_a_gesture_gives_up_the_gesture_alone(hands: Any, hold: Callable[[Any], None]) -> None:
    hands.drag(hands.title("double"), hands.title("double") + QPointF(0, 64))
    after_the_first = hands.document.job_map
    hold(hands)
    hands.type_keys(Qt.Key.Key_Z, CONTROL)
    hands.release(AWAY)
    assert hands.document.job_map is after_the_first
    hands.assert_mirrors_document()


@HOLDS
def test_that_a_document_that_changes_under_the_hand_ends_the_gesture(hands: Any, hold: Callable[[Any], None]) -> None:
    hold(hands)
    job_map = hands.document.job_map
    changed = editing.remove_tasks(job_map, {job_map.by_name["split"].key})
    hands.document.change("Elsewhere", changed)
    hands.release(AWAY)
    assert hands.document.job_map is changed
    hands.assert_mirrors_document()


@pytest.mark.parametrize("keys", [CONTROL, Qt.KeyboardModifier.NoModifier])
def test_that_what_is_held_stays_under_the_hand_while_the_wheel_turns(hands: Any, keys: Qt.KeyboardModifier) -> None:
    start = hands.title("double")
    held = start - hands.item("double").pos()
    hands.press(start)
    hands.move(start + QPointF(64, 64), Qt.KeyboardModifier.ShiftModifier)
    place = hands.viewer.view_point(start + QPointF(64, 64))
    turn_wheel(hands, QPoint(10, 10), QPoint(0, 240), keys=keys)
    hands.move_to(place, Qt.KeyboardModifier.ShiftModifier)
    under = hands.viewer.scene_point(place) - held
    assert (hands.item("double").pos() - under).manhattanLength() <= 2
    QTest.mouseRelease(hands.viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, place)
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_the_view_goes_on_where_a_hand_brings_a_task_to_its_edge(hands: Any, qtbot: Any) -> None:
    start = hands.title("double")
    hands.press(start)
    hands.move(start + QPointF(64, 0))
    hands.move_to(QPoint(hands.viewport.width() - 4, 400))
    far = hands.viewer.scene_point(QPoint(hands.viewport.width() - 4, 400)).x()
    qtbot.waitUntil(lambda: hands.viewer.visible_rect.right() > far + 200)
    assert hands.item("double").pos().x() > far
    hands.type_keys(Qt.Key.Key_Escape)
    assert hands.steps == 0
    hands.assert_mirrors_document()


def test_that_a_press_at_the_edge_of_the_view_does_not_move_it(hands: Any) -> None:
    seen = hands.viewer.visible_rect
    QTest.mousePress(hands.viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(300, 3))
    hands.move_to(QPoint(320, 5))
    assert not hands.viewer._hand._scroll.isActive()
    assert hands.viewer.visible_rect == seen
    hands.type_keys(Qt.Key.Key_Escape)


def test_that_two_fingers_on_a_pad_pan_by_pixels_though_the_wheel_zooms(hands: Any) -> None:
    assert hands.viewer.style_kit.wheel_zooms
    seen, zoom = hands.viewer.visible_rect, hands.viewer.zoom
    turn_wheel(hands, QPoint(600, 400), QPoint(24, -80), QPoint(3, -10))
    assert hands.viewer.zoom == zoom
    assert hands.viewer.visible_rect.topLeft() == seen.topLeft() + QPointF(-3, 10)


def test_that_a_pinch_zooms_at_the_fingers(hands: Any) -> None:
    place = QPointF(900, 200)
    held, zoom = hands.viewer.scene_point(place), hands.viewer.zoom
    pad, kind = QPointingDevice.primaryPointingDevice(), Qt.NativeGestureType.ZoomNativeGesture
    far = QPointF(hands.viewport.mapToGlobal(place.toPoint()))
    QApplication.sendEvent(hands.viewport, QNativeGestureEvent(kind, pad, 2, place, place, far, 0.25, QPointF()))
    assert hands.viewer.zoom == pytest.approx(1.25 * zoom)
    assert (hands.viewer.scene_point(place) - held).manhattanLength() < 2
