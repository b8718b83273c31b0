"""What the actions of the menu View do: they move the eye, not the job map, but for the layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from engine.model.editing import move_tasks
from ephemeral_gui.main_window.docks import TITLES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Act = Callable[[], Awaitable[None]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")  # the offscreen platform says so of panels that float


@pytest.mark.action("view.fit")
async def test_that_fit_shows_the_whole_job_as_large_as_fits(desk: Any, do: Act) -> None:
    desk.canvas.viewer.look_at(QPointF(5_000, 5_000), 1.0)
    await do()
    seen = desk.canvas.viewer.visible_rect
    bodies = [desk.item(name).body for name in desk.names]
    assert all(seen.contains(body) for body in bodies)
    assert max(body.right() for body in bodies) - min(body.left() for body in bodies) > 0.6 * seen.width()


@pytest.mark.action("view.zoom_in")
async def test_that_zoom_in_comes_nearer_to_the_same_place(desk: Any, do: Act) -> None:
    desk.canvas.viewer.look_at(QPointF(100, 50), 0.8)
    await do()
    assert desk.canvas.viewer.zoom == pytest.approx(0.96)
    assert (desk.canvas.viewer.visible_rect.center() - QPointF(100, 50)).manhattanLength() < 4


@pytest.mark.action("view.zoom_out")
async def test_that_zoom_out_steps_back_from_the_same_place(desk: Any, do: Act) -> None:
    desk.canvas.viewer.look_at(QPointF(100, 50), 0.96)
    await do()
    assert desk.canvas.viewer.zoom == pytest.approx(0.8)
    assert (desk.canvas.viewer.visible_rect.center() - QPointF(100, 50)).manhattanLength() < 4


@pytest.mark.action("view.reset_zoom")
async def test_that_actual_size_is_one_to_one(desk: Any, do: Act) -> None:
    desk.canvas.viewer.look_at(QPointF(100, 50), 0.3)
    await do()
    assert desk.canvas.viewer.zoom == pytest.approx(1.0)


@pytest.mark.action("view.layout")
async def test_that_layout_places_every_task_right_of_those_that_feed_it_in_one_step(desk: Any, do: Act) -> None:
    before = desk.map
    desk.change(move_tasks(before, dict.fromkeys(before.by_name, (0.0, 0.0))))
    heaped = desk.map
    await do()
    places = desk.map.layout.positions
    assert all(places[one][0] < places[other][0] for one, other in desk.map.workflow)
    assert len(set(places.values())) == len(desk.names)
    desk.document.undo_stack.undo()
    assert desk.map is heaped


@pytest.mark.action("view.next_area")
async def test_that_next_area_goes_from_the_canvas_to_the_inspector(desk: Any, do: Act) -> None:
    await do()
    assert desk.window.docks["inspector"].isAncestorOf(QApplication.focusWidget())


@pytest.mark.action("view.previous_area")
async def test_that_previous_area_goes_from_the_canvas_to_the_palette(desk: Any, do: Act) -> None:
    await do()
    assert desk.window.docks["palette"].isAncestorOf(QApplication.focusWidget())


@pytest.mark.action("view.reset_panels")
async def test_that_reset_panels_puts_every_panel_back(desk: Any, do: Act) -> None:
    window = desk.window
    window.docks["log"].hide()
    window.docks["problems"].setFloating(True)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks["palette"])
    await do()
    assert not window.docks["log"].isHidden()
    assert not window.docks["problems"].isFloating()
    assert window.dockWidgetArea(window.docks["palette"]) is Qt.DockWidgetArea.LeftDockWidgetArea


@pytest.mark.parametrize("name", TITLES)
async def test_that_the_action_of_a_panel_shows_and_hides_it(desk: Any, name: str) -> None:
    dock = desk.window.docks[name]
    action = desk.window.findChild(QAction, f"view.{name}")
    was_shown = not dock.isHidden()
    for shown in (not was_shown, was_shown):
        action.trigger()
        await desk.until(lambda shown=shown: dock.isHidden() != shown)
        assert action.isChecked() == shown
