"""Selecting, moving, panning and zooming with mouse and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from typing import Any

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def selected_names(hands: Any) -> set[str]:
    return {hands.document.job_map.by_key[key].name for key in hands.canvas.selected_keys()}


def test_that_a_drag_moves_a_task_in_one_step_on_the_grid(hands: Any) -> None:
    before = hands.document.job_map
    hands.drag(hands.title("double"), hands.title("double") + QPointF(41, 70))
    assert hands.document.job_map.layout.positions["double"] == (144.0, 224.0)
    assert hands.document.job_map.tasks == before.tasks
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before
    hands.assert_mirrors_document()


def test_that_shift_frees_a_moved_task_from_the_grid(hands: Any) -> None:
    hands.drag(hands.title("double"), hands.title("double") + QPointF(41, 70), SHIFT)
    assert hands.document.job_map.layout.positions["double"] == (137.0, 230.0)


def test_that_the_document_waits_for_the_end_of_a_move(hands: Any) -> None:
    before = hands.document.job_map
    hands.press(hands.title("split"))
    hands.move(hands.title("split") + QPointF(64, 64))
    assert hands.document.job_map is before
    assert hands.item("split").pos() == QPointF(-64, 64)
    hands.type_keys(Qt.Key.Key_Escape)
    hands.release(QPointF(0, 0))
    assert hands.steps == 0
    hands.assert_mirrors_document()


def test_that_several_selected_tasks_move_together_in_one_step(hands: Any) -> None:
    hands.click(hands.title("split"))
    hands.click(hands.title("count"), CONTROL)
    hands.drag(hands.title("count"), hands.title("count") + QPointF(0, 160))
    positions = hands.document.job_map.layout.positions
    assert (positions["split"], positions["count"]) == ((-128.0, 160.0), (96.0, 160.0))
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_a_click_selects_one_task_and_a_click_on_the_ground_none(hands: Any) -> None:
    hands.click(hands.title("split"))
    assert selected_names(hands) == {"split"}
    hands.click(QPointF(0, 330))
    assert selected_names(hands) == set()
    assert hands.steps == 0


@pytest.mark.parametrize("modifier", [SHIFT, CONTROL])
def test_that_a_click_with_shift_or_control_adds_and_takes_away(hands: Any, modifier: Qt.KeyboardModifier) -> None:
    hands.click(hands.title("split"))
    hands.click(hands.title("count"), modifier)
    assert selected_names(hands) == {"split", "count"}
    hands.click(hands.title("split"), modifier)
    assert selected_names(hands) == {"count"}


def test_that_a_click_on_one_of_several_selected_tasks_selects_it_alone(hands: Any) -> None:
    hands.canvas.select_all()
    hands.click(hands.title("count"))
    assert selected_names(hands) == {"count"}


def test_that_a_rubber_band_selects_what_it_touches(hands: Any) -> None:
    hands.drag(QPointF(-150, -40), QPointF(120, 60))
    assert selected_names(hands) == {"split", "count"}
    assert hands.steps == 0
    assert not hands.viewer._rubber_band.isVisible()


def test_that_the_selection_is_told_once_for_each_change(hands: Any) -> None:
    told: list[list[int]] = []
    hands.canvas.selection_changed.connect(told.append)
    hands.click(hands.title("split"))
    hands.click(hands.title("split"))
    assert told[-1] == [hands.key_of("split")]
    assert len(told) == 1


def test_that_a_double_click_activates_a_task(hands: Any) -> None:
    activated: list[object] = []
    hands.canvas.task_activated.connect(activated.append)
    hands.double_click(hands.title("count"))
    assert activated == [hands.key_of("count")]


def test_that_arrow_keys_walk_along_the_wires(hands: Any) -> None:
    hands.click(hands.title("read"))
    hands.type_keys(Qt.Key.Key_Right)
    assert selected_names(hands) == {"split"}
    hands.type_keys(Qt.Key.Key_Right)
    hands.type_keys(Qt.Key.Key_Down)
    assert selected_names(hands) == {"double"}
    hands.type_keys(Qt.Key.Key_Up)
    hands.type_keys(Qt.Key.Key_Left)
    assert selected_names(hands) == {"split"}


def test_that_the_wheel_zooms_and_keeps_the_point_under_the_mouse(hands: Any) -> None:
    place = QPoint(300, 200)
    point = hands.viewer.scene_point(place)
    turn_wheel(hands, place, 240)
    assert hands.viewer.zoom > 1.2
    assert (hands.viewer.scene_point(place) - point).manhattanLength() < 2


def test_that_the_middle_button_and_space_pan(hands: Any) -> None:
    corner = hands.viewer.visible_rect.topLeft()
    hands.viewer.setFocus()
    middle = Qt.MouseButton.MiddleButton
    start = hands.viewer.scene_point(QPoint(600, 700))
    hands.press(start, button=middle)
    hands.move_to(QPoint(650, 720))
    hands.release(hands.viewer.scene_point(QPoint(650, 720)), button=middle)
    assert hands.viewer.visible_rect.topLeft() == corner - QPointF(50, 20)
    press_space(hands, is_down=True)
    hands.press(hands.viewer.scene_point(QPoint(650, 720)))
    hands.move_to(QPoint(600, 700))
    hands.release(hands.viewer.scene_point(QPoint(600, 700)))
    press_space(hands, is_down=False)
    assert hands.viewer.visible_rect.topLeft() == corner
    assert selected_names(hands) == set()


def test_that_keys_fit_and_go_back_to_100_percent(hands: Any) -> None:
    hands.viewer.look_at(QPointF(4000, 4000), 3.0)
    hands.type_keys(Qt.Key.Key_F)
    assert all(hands.viewer.visible_rect.contains(item.body) for item in hands.viewer.projection.items.values())
    assert hands.viewer.zoom <= 1.0
    hands.type_keys(Qt.Key.Key_Plus)
    hands.type_keys(Qt.Key.Key_0, CONTROL)
    assert hands.viewer.zoom == pytest.approx(1.0)
    hands.type_keys(Qt.Key.Key_1, CONTROL)
    assert hands.viewer.zoom <= 1.0


def test_that_zoom_stays_within_bounds(hands: Any) -> None:
    for _ in range(60):
        hands.canvas.zoom_in()
    assert hands.viewer.zoom == pytest.approx(4.0)
    for _ in range(80):
        hands.canvas.zoom_out()
    assert hands.viewer.zoom == pytest.approx(0.05)


def turn_wheel(hands: Any, place: QPoint, angle: int) -> None:
    where = QPointF(place)
    no_buttons, no_keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(where, QPointF(hands.viewport.mapToGlobal(place)), QPoint(), QPoint(0, angle), no_buttons, no_keys, phase, False)  # noqa: FBT003  Qt's own signature
    QApplication.sendEvent(hands.viewport, event)


def press_space(hands: Any, *, is_down: bool) -> None:

    (QTest.keyPress if is_down else QTest.keyRelease)(hands.viewer, Qt.Key.Key_Space)


def test_that_a_band_tells_what_it_selects_where_the_hand_rests_and_at_its_end(hands: Any, qtbot: Any) -> None:
    told: list[int] = []
    hands.canvas.selection_changed.connect(lambda keys: told.append(len(keys)))
    hands.press(QPointF(-400, 200))
    for step in range(1, 11):
        hands.move(QPointF(-400 + 60 * step, 20))
    assert told == []
    assert len(hands.canvas.selected_keys()) == 4
    qtbot.waitUntil(lambda: told == [4])
    hands.move(QPointF(0, 20))
    hands.release(QPointF(0, 20))
    assert told == [4, 2]


def test_that_what_a_hand_holds_lies_above_what_it_passes_over(hands: Any) -> None:
    """The task that comes first in the map would lie below."""
    way = hands.item("count").body.topLeft() - hands.item("split").body.topLeft() + QPointF(48, 32)
    hands.drag(hands.title("split"), hands.title("split") + way, SHIFT)
    hands.click(hands.title("split"))
    assert selected_names(hands) == {"split"}
    hands.click(QPointF(0, 380))
    hands.click(hands.item("count").body.bottomRight() - QPointF(10, 40))
    assert selected_names(hands) == {"count"}
