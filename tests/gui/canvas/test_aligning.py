"""Tasks lined up, spaced and arranged; and what stands before and behind a task selected."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from typing import Any

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def edges_of(hands: Any, names: tuple[str, ...], edge: str) -> set[float]:
    return {getattr(hands.item(name).body, edge)() for name in names}


@pytest.mark.parametrize(
    ("command", "edge", "line"),
    [
        ("align_left", "left", -352.0),
        ("align_right", "right", 452.0),
        ("align_top", "top", 0.0),
        ("align_bottom", "bottom", 260.0),
    ],
)
def test_that_edges_come_onto_the_outermost_one_in_one_step(hands: Any, command: str, edge: str, line: float) -> None:
    names = ("read", "double", "out")
    hands.canvas.select([hands.key_of(name) for name in names])
    getattr(hands.canvas.arranging, command)()
    assert edges_of(hands, names, edge) == {line}
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.item("read").body.left() == -352


@pytest.mark.parametrize(("command", "axis"), [("align_centre", "x"), ("align_middle", "y")])
def test_that_centres_come_onto_one_line(hands: Any, command: str, axis: str) -> None:
    hands.canvas.select([hands.key_of("read"), hands.key_of("double"), hands.key_of("out")])
    getattr(hands.canvas.arranging, command)()
    assert len({getattr(hands.item(name).body.center(), axis)() for name in ("read", "double", "out")}) == 1


def test_that_gaps_become_equal_while_the_outer_tasks_stay(hands: Any) -> None:
    names = ("in", "read", "count", "out")
    hands.canvas.select([hands.key_of(name) for name in names])
    outer = hands.item("in").body, hands.item("out").body
    hands.canvas.arranging.space_across()
    bodies = [hands.item(name).body for name in names]
    gaps = [after.left() - before.right() for before, after in itertools.pairwise(bodies)]
    assert max(gaps) - min(gaps) <= 1
    assert (bodies[0].left(), bodies[-1].right()) == (outer[0].left(), outer[1].right())


def test_that_too_few_tasks_are_refused_in_words(hands: Any) -> None:
    hands.canvas.select([hands.key_of("read")])
    hands.canvas.arranging.align_left()
    hands.canvas.arranging.space_down()
    hands.canvas.arranging.arrange_selection()
    assert [refusal.split(" tasks")[0] for refusal in hands.refusals] == [
        "Select two or more",
        "Select three or more",
        "Select two or more",
    ]
    assert hands.steps == 0


def test_that_only_the_selection_is_arranged_with_shift(hands: Any) -> None:
    hands.canvas.select([hands.key_of("count"), hands.key_of("out")])
    before = {name: hands.item(name).pos() for name in ("in", "read", "split", "double")}
    hands.type_keys(Qt.Key.Key_L, CONTROL | SHIFT)
    assert {name: hands.item(name).pos() for name in before} == before
    assert hands.item("count").body.left() < hands.item("out").body.left()
    assert hands.item("count").output_point().y() == hands.item("out").input_point().y()
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_shift_and_arrows_select_everything_before_and_behind(hands: Any) -> None:
    hands.canvas.select([hands.key_of("split")])
    hands.type_keys(Qt.Key.Key_Right, SHIFT)
    assert hands.canvas.selected_keys() == [hands.key_of(name) for name in ("split", "count", "out")]
    hands.canvas.select([hands.key_of("split")])
    hands.type_keys(Qt.Key.Key_Left, SHIFT)
    assert hands.canvas.selected_keys() == [hands.key_of(name) for name in ("in", "read", "split")]
