"""What lies over the canvas: the map of everything is there where it helps, and away where it would hide tasks for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from ephemeral_gui.canvas.geometry import united

if TYPE_CHECKING:
    from typing import Any

    from pytestqt.qtbot import QtBot


@pytest.fixture
def minimap(hands: Any) -> Any:
    return hands.canvas._overlays.minimap


def put_below_the_map(hands: Any, minimap: Any) -> None:
    """Look at everything in such a way that a task lies below the map."""
    place = minimap.geometry().topLeft() + QPoint(15, 15)
    hands.viewer.look_at(hands.item("out").body.center() + (hands.viewport.rect().center() - place).toPointF() / 0.5, 0.5)


def test_that_the_map_steps_aside_where_all_is_in_sight_and_it_lies_on_a_task(hands: Any, minimap: Any, qtbot: QtBot) -> None:
    assert minimap.isVisible()
    put_below_the_map(hands, minimap)
    assert all(hands.viewer.visible_rect.contains(item.body) for item in hands.viewer.projection.items.values())
    qtbot.waitUntil(lambda: not minimap.isVisible())
    hands.viewer.zoom_by(3.0)
    qtbot.waitUntil(minimap.isVisible)


def test_that_the_map_comes_back_when_the_task_below_it_goes(hands: Any, minimap: Any, qtbot: QtBot) -> None:
    put_below_the_map(hands, minimap)
    qtbot.waitUntil(lambda: not minimap.isVisible())
    hands.canvas.select([hands.key_of("out")])
    hands.canvas.delete_selection()
    qtbot.waitUntil(minimap.isVisible)


def test_that_a_small_canvas_has_no_map(hands: Any, minimap: Any) -> None:
    hands.canvas.resize(470, 800)
    assert not minimap.isVisible()
    hands.canvas.resize(1200, 310)
    assert not minimap.isVisible()
    hands.canvas.resize(1200, 800)
    assert minimap.isVisible()


def test_that_a_press_on_the_map_goes_there(hands: Any, minimap: Any) -> None:
    minimap.grab()
    scale, corner = minimap._mapped
    place = ((hands.item("out").body.center() - corner) * scale).toPoint()
    QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert (hands.viewer.visible_rect.center() - hands.item("out").body.center()).manhattanLength() < 2 / scale
    assert hands.viewer.zoom == 1.0


def test_that_many_tasks_are_mapped_where_they_stand_after_they_moved(hands: Any, minimap: Any) -> None:
    minimap.grab()
    before = dict(minimap._boxes)
    hands.drag(hands.title("double"), hands.title("double") + QPointF(160, 160))
    minimap._draw_anew()
    minimap.grab()
    after = dict(minimap._boxes)
    assert after[hands.item("double")] != before[hands.item("double")]


def test_that_a_small_canvas_gives_its_room_to_the_tasks(hands: Any) -> None:
    hands.canvas.resize(374, 136)
    hands.viewer.fit_all()
    seen, around = hands.viewer.visible_rect, united(hands.viewer.projection.bodies())
    assert seen.contains(around)
    assert around.width() > 0.9 * seen.width()
