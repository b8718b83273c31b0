"""What the actions of the menu Arrange do: ``layout`` changes, in one step, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.model.editing import move_tasks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtCore import QRectF

    Act = Callable[[], Awaitable[None]]

CHOSEN = ("in", "split", "capitalize")
PLACES = {"in": (0.0, 0.0), "split": (320.0, 208.0), "capitalize": (1_040.0, 608.0)}


@pytest.fixture
def scattered(desk: Any) -> Any:
    """Three tasks of different sizes, no two on a line, selected."""
    desk.change(move_tasks(desk.map, PLACES))
    desk.select(*CHOSEN)
    return desk


async def bodies_after(desk: Any, do: Act) -> list[QRectF]:
    """Return the boxes of the three after the action, which moved nothing else and is one step."""
    before = desk.map
    steps = desk.document.undo_stack.count()
    await do()
    assert desk.map.tasks == before.tasks
    assert desk.map.workflow == before.workflow
    moved = {name for name, place in desk.map.layout.positions.items() if before.layout.positions[name] != place}
    assert moved
    assert moved <= set(CHOSEN)
    assert desk.document.undo_stack.count() == steps + 1
    return [desk.item(name).body for name in CHOSEN]


@pytest.mark.action("arrange.selection")
async def test_that_the_selection_is_placed_in_layers_and_all_others_stay(scattered: Any, do: Act) -> None:
    first, second, third = await bodies_after(scattered, do)
    assert first.right() < second.left()
    assert second.right() < third.left()
    assert third.right() < 1_040


@pytest.mark.action("arrange.align_left")
async def test_that_left_edges_come_onto_the_leftmost(scattered: Any, do: Act) -> None:
    assert {body.left() for body in await bodies_after(scattered, do)} == {0.0}


@pytest.mark.action("arrange.align_centre")
async def test_that_centres_come_onto_one_upright_line(scattered: Any, do: Act) -> None:
    assert len({body.center().x() for body in await bodies_after(scattered, do)}) == 1


@pytest.mark.action("arrange.align_right")
async def test_that_right_edges_come_onto_the_rightmost(scattered: Any, do: Act) -> None:
    rightmost = scattered.item("capitalize").body.right()
    assert {body.right() for body in await bodies_after(scattered, do)} == {rightmost}


@pytest.mark.action("arrange.align_top")
async def test_that_upper_edges_come_onto_the_highest(scattered: Any, do: Act) -> None:
    assert {body.top() for body in await bodies_after(scattered, do)} == {0.0}


@pytest.mark.action("arrange.align_middle")
async def test_that_centres_come_onto_one_level_line(scattered: Any, do: Act) -> None:
    assert len({body.center().y() for body in await bodies_after(scattered, do)}) == 1


@pytest.mark.action("arrange.align_bottom")
async def test_that_lower_edges_come_onto_the_lowest(scattered: Any, do: Act) -> None:
    lowest = scattered.item("capitalize").body.bottom()
    assert {body.bottom() for body in await bodies_after(scattered, do)} == {lowest}


@pytest.mark.action("arrange.space_across")
async def test_that_gaps_from_left_to_right_become_equal(scattered: Any, do: Act) -> None:
    first, second, third = await bodies_after(scattered, do)
    assert second.left() - first.right() == pytest.approx(third.left() - second.right(), abs=1)


@pytest.mark.action("arrange.space_down")
async def test_that_gaps_from_top_to_bottom_become_equal(scattered: Any, do: Act) -> None:
    first, second, third = await bodies_after(scattered, do)
    assert second.top() - first.bottom() == pytest.approx(third.top() - second.bottom(), abs=1)


@pytest.mark.action("arrange.note")
async def test_that_a_note_is_added_and_asks_for_its_text(desk: Any, do: Act) -> None:
    tasks = desk.map.tasks
    await do()
    await desk.type("Read *twice*", then="Ctrl+Return")
    assert [note.text for note in desk.map.layout.notes] == ["Read *twice*"]
    assert desk.map.tasks == tasks


@pytest.mark.action("arrange.frame")
async def test_that_a_frame_stands_around_the_selection_and_asks_for_its_title(scattered: Any, do: Act) -> None:
    await do()
    await scattered.type("Words")
    (frame,) = scattered.map.layout.frames
    assert frame.title == "Words"
    (left, top), (width, height) = frame.position, frame.size
    for name in CHOSEN:
        body = scattered.item(name).body
        assert left < body.left()
        assert body.right() < left + width
        assert top < body.top()
        assert body.bottom() < top + height
