"""The difference of two job maps on the canvas: what came, what went and what changed, never by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from engine.model import editing
from ephemeral_gui.canvas.comparing import compared
from ephemeral_gui.canvas.hit import Hit
from ephemeral_gui.canvas.tips import tip_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engine.model.job_map import JobMap, Task


MOST_DIFFERING = 2_000  # numbers of pixels: dotted lines that are clipped elsewhere have their dots elsewhere


def differing(one: QImage, other: QImage) -> int:
    """Return how many numbers of the pixels of two pictures differ by more than the eye could see."""
    return sum(abs(here - there) > 24 for here, there in zip(_bytes(one), _bytes(other), strict=True))


def _bytes(image: QImage) -> bytes:
    converted = image.convertToFormat(QImage.Format.Format_RGB888)  # kept by name: what ``constBits`` gives does not keep it
    return bytes(converted.constBits())


@pytest.fixture
def other(small_map: JobMap, make_task: Callable[..., Task]) -> JobMap:
    """Another one: without “double”, with a plot behind “count”, with another style of splitting."""
    job_map = editing.remove_tasks(small_map, [small_map.by_name["double"].key])
    job_map = editing.add_tasks(job_map, [make_task("plot", "plot")], {"plot": (96.0, 0.0)})
    job_map = editing.connect(job_map, [("count", "plot")])
    return editing.set_argument(job_map, job_map.by_name["split"].key, "style", "bold")


def test_that_it_is_told_what_came_what_went_and_what_changed(small_map: JobMap, other: JobMap) -> None:
    found = compared(other, small_map)
    assert found.added == {small_map.by_name["double"].key}
    assert list(found.ghosts) == ["plot"]
    assert dict(found.changed) == {small_map.by_name["split"].key: 'Removed task "split" init_args: {"style": "bold"}'}
    assert found.removed_wires == ((small_map.by_name["count"].key, "plot"),)
    assert found.summary == "1 added, 1 removed, 1 changed, 1 wire"
    back = compared(small_map, other)
    assert back.added_wires == {(other.by_name["count"].key, other.by_name["plot"].key)}
    assert back.summary == "1 added, 1 removed, 1 changed, 1 wire"


def test_that_a_ghost_hides_nothing_that_is_there(small_map: JobMap, other: JobMap) -> None:
    ghost = compared(other, small_map).ghosts["plot"]
    assert ghost.place != QPointF(96, 0)  # “count” stands there
    assert ghost.place.x() == 96


def test_that_moves_are_no_difference(small_map: JobMap) -> None:
    moved = editing.move_tasks(small_map, {"count": (900.0, 900.0)})
    assert compared(small_map, moved).summary == "no difference"


def test_that_what_is_of_the_job_itself_is_counted_apart(small_map: JobMap) -> None:
    assert compared(editing.describe(small_map, name="Else", description=None), small_map).summary == "1 elsewhere in the job"


@pytest.mark.parametrize("zoom", [0.2, 0.4, 1.0])
def test_that_the_canvas_shows_it_and_shows_the_document_alone_again(hands: Any, other: JobMap, zoom: float) -> None:
    hands.viewer.look_at(QPointF(0, 100), zoom)
    alone = hands.viewport.grab().toImage()
    heard: list[str] = []
    hands.canvas.compared.connect(heard.append)
    hands.canvas.show_difference(other)
    assert heard == ["1 added, 1 removed, 1 changed, 1 wire"]
    beside = hands.viewport.grab().toImage()
    ghost = hands.viewer.projection.difference.comparison.ghosts["plot"]
    for point in (ghost.body.topLeft() + QPointF(76, 0), hands.item("double").body.topLeft() + QPointF(76, -3)):
        place = hands.viewer.view_point(point)
        around = (place.x() - 20, place.y() - 20, 40, 40)
        assert alone.copy(*around) != beside.copy(*around)
    hands.canvas.show_difference(None)
    hands.viewport.grab()
    assert differing(hands.viewport.grab().toImage(), alone) < MOST_DIFFERING


def test_that_it_follows_each_edit(hands: Any, small_map: JobMap) -> None:
    hands.canvas.show_difference(small_map)
    heard: list[str] = []
    hands.canvas.compared.connect(heard.append)
    hands.document.change("Delete", editing.remove_tasks(hands.document.job_map, [hands.key_of("double")]))
    hands.document.undo_stack.undo()
    assert heard == ["1 removed", "no difference"]


def test_that_a_tool_tip_and_a_listener_are_told_too(hands: Any, other: JobMap) -> None:
    hands.canvas.show_difference(other)
    assert "Added" in tip_of(Hit(item=hands.item("double")))
    hands.canvas.select([hands.key_of("split")])
    assert 'Removed task "split" init_args' in hands.viewer.accessibleDescription()


def test_that_a_picture_of_the_difference_is_true_while_a_hand_moves_a_task(hands: Any, other: JobMap) -> None:
    hands.canvas.show_difference(other)
    hands.drag(hands.title("double"), hands.title("double") + QPointF(64, 160))
    hands.viewport.grab()
    kept = hands.viewport.grab().toImage()
    hands.viewer.projection.scene.forget_pictures()
    assert differing(hands.viewport.grab().toImage(), kept) < MOST_DIFFERING
    hands.assert_mirrors_document()


def test_that_to_fit_shows_what_only_the_other_one_has(hands: Any, small_map: JobMap, make_task: Callable[..., Task]) -> None:
    far = editing.add_tasks(small_map, [make_task("plot", "plot")], {"plot": (3_000.0, 2_000.0)})
    hands.canvas.show_difference(far)
    hands.canvas.select([])
    hands.canvas.fit()
    (ghost,) = hands.viewer.projection.difference.comparison.ghosts.values()
    assert hands.viewer.visible_rect.contains(ghost.body)
