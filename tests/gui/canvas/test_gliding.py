"""The view glides to where it is sent, and stays with the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPointF

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def moving(hands: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delenv("EPHEMERAL_REDUCED_MOTION")
    return hands


def test_that_zooming_glides_and_arrives_exactly(moving: Any, qtbot: QtBot) -> None:
    moving.canvas.zoom_in()
    assert moving.viewer.zoom < 1.2
    moving.canvas.zoom_in()
    qtbot.waitUntil(lambda: moving.viewer.zoom == pytest.approx(1.44))
    moving.canvas.reset_zoom()
    qtbot.waitUntil(lambda: moving.viewer.zoom == 1.0)


def test_that_a_fit_arrives_where_it_goes_at_once_without_motion(moving: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    moving.canvas.fit()
    qtbot.waitUntil(lambda: moving.viewer._is_fitted and not moving.canvas._gliding._is_moving)
    seen, zoom = moving.viewer.visible_rect, moving.viewer.zoom
    moving.viewer.look_at(QPointF(0, 0), 1.0)
    monkeypatch.setenv("EPHEMERAL_REDUCED_MOTION", "1")
    moving.canvas.fit()
    assert (moving.viewer.visible_rect, moving.viewer.zoom) == (seen, zoom)


def test_that_a_press_ends_the_way(moving: Any) -> None:
    moving.canvas.zoom_in()
    moving.click(QPointF(0, 330))
    assert not moving.canvas._gliding._is_moving
