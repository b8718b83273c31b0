"""Wires drawn, refused, pulled off and put elsewhere with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt

from engine.model import editing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engine.model.job_map import JobMap

NOWHERE = QPointF(0, 330)


def test_that_a_drag_from_output_to_input_draws_a_wire_in_one_step(hands: Any) -> None:
    before = hands.document.job_map
    hands.drag(hands.output("count"), hands.input("double"))
    assert hands.edges == {*before.workflow, ("count", "double")}
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before
    hands.assert_mirrors_document()


def test_that_a_drag_from_input_to_output_draws_the_same_wire(hands: Any) -> None:
    hands.drag(hands.input("double"), hands.output("count"))
    assert ("count", "double") in hands.edges
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_a_wire_snaps_to_the_node_under_the_mouse(hands: Any) -> None:
    hands.drag(hands.output("count"), hands.item("double").body.center())
    assert ("count", "double") in hands.edges


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("read", "double", "String does not fit: “double” takes integer"),
        ("count", "read", "Would close a cycle: count → read → split → count"),
        ("read", "split", "There is such a wire already"),
        ("double", "double", "A task cannot feed itself"),
        ("count", "in", "The input takes no wire"),
    ],
)
def test_that_a_wire_that_may_not_be_is_refused_with_its_reason(hands: Any, source: str, target: str, reason: str) -> None:
    before = hands.document.job_map
    hands.drag(hands.output(source), hands.item(target).body.center())
    assert hands.refusals == [reason]
    assert hands.document.job_map is before
    assert hands.steps == 0
    hands.assert_mirrors_document()


def test_that_an_output_gives_no_wire(hands: Any) -> None:
    hands.drag(hands.input("double"), hands.item("out").body.center())
    assert hands.refusals == ["An output passes nothing on"]
    assert hands.steps == 0


def test_that_the_reason_stands_beside_the_pointer_while_dragging(hands: Any) -> None:
    hands.press(hands.output("read"))
    hands.move(hands.item("double").body.center())
    assert hands.viewer._reason.isVisible()
    assert hands.viewer._reason.text() == "string does not fit: “double” takes integer"
    assert hands.viewer._LIVE_PIPE.is_refused
    hands.move(NOWHERE)
    assert not hands.viewer._reason.isVisible()
    hands.type_keys(Qt.Key.Key_Escape)
    hands.release(NOWHERE)
    hands.assert_mirrors_document()


def test_that_only_tasks_that_fit_stay_lit_while_dragging(hands: Any) -> None:
    hands.press(hands.output("count"))
    hands.move(NOWHERE)
    assert hands.viewer.style_kit.fitting == {hands.key_of("double")}
    assert hands.viewer.style_kit.held == hands.key_of("count")
    hands.type_keys(Qt.Key.Key_Escape)
    hands.assert_mirrors_document()


def test_that_a_task_with_several_types_takes_the_one_that_fits_in_the_same_step(
    open_canvas: Callable[[JobMap], Any], small_map: JobMap, make_task: Any
) -> None:

    hands = open_canvas(editing.add_tasks(small_map, [make_task("convert", "convert")], {"convert": (-352.0, 192.0)}))
    hands.drag(hands.output("split"), hands.input("convert"))
    assert hands.document.job_map.by_name["convert"].consumes == "list(string)"
    assert hands.steps == 1
    hands.document.undo_stack.undo()
    assert hands.document.job_map.by_name["convert"].consumes == "string"


def test_that_a_click_on_a_wire_selects_it_and_delete_removes_it(hands: Any) -> None:
    hands.click(hands.wire_middle("split", "count"))
    assert [wire.key for wire in hands.viewer.chosen_wires()] == [(hands.key_of("split"), hands.key_of("count"))]
    assert hands.steps == 0
    hands.type_keys(Qt.Key.Key_Delete)
    assert ("split", "count") not in hands.edges
    assert hands.steps == 1
    assert hands.viewer.chosen_wires() == []
    hands.assert_mirrors_document()


def test_that_an_end_pulled_off_into_the_void_removes_the_wire(hands: Any) -> None:
    before = hands.document.job_map
    hands.drag(hands.input("count") - QPointF(24, 0), NOWHERE)
    assert ("split", "count") not in hands.edges
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before


def test_that_an_end_is_put_on_another_task_in_one_step(hands: Any) -> None:
    hands.drag(hands.input("out") - QPointF(24, 0), hands.input("double"))
    assert ("count", "out") not in hands.edges
    assert ("count", "double") in hands.edges
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_a_refused_reconnection_leaves_the_wire_where_it_was(hands: Any) -> None:
    before = hands.document.job_map
    hands.drag(hands.input("split") - QPointF(24, 0), hands.input("double"))
    assert hands.document.job_map is before
    assert len(hands.refusals) == 1
    hands.assert_mirrors_document()


def test_that_an_end_put_back_changes_nothing(hands: Any) -> None:
    before = hands.document.job_map
    hands.press(hands.input("count") - QPointF(24, 0))
    hands.move(NOWHERE)
    hands.move(hands.input("count"))
    hands.release(hands.input("count"))
    assert hands.document.job_map is before
    assert hands.steps == 0
    assert hands.refusals == []
    hands.assert_mirrors_document()


def test_that_escape_in_the_middle_of_a_wire_leaves_no_trace(hands: Any) -> None:
    before = hands.document.job_map
    hands.press(hands.output("count"))
    hands.move(hands.input("double"))
    hands.type_keys(Qt.Key.Key_Escape)
    hands.release(hands.input("double"))
    assert hands.document.job_map is before
    assert hands.steps == 0
    hands.assert_mirrors_document()


def test_that_a_wire_let_go_on_a_port_ends_there_also_where_the_margin_of_another_node_lies_over_it(hands: Any) -> None:
    port = hands.input("double")
    hands.document.change("Move", editing.move_tasks(hands.document.job_map, {"out": (port.x() + 4, port.y() - 20)}))
    over = hands.item("out")
    assert over.boundingRect().translated(over.pos()).contains(port)
    assert not over.body.contains(port)
    hands.drag(hands.output("count"), port)
    assert ("count", "double") in hands.edges
    assert hands.refusals == []


def test_that_steps_on_wires_are_called_after_their_ends(hands: Any) -> None:
    hands.drag(hands.output("count"), hands.input("double"))
    hands.click(hands.wire_middle("count", "double"))
    hands.type_keys(Qt.Key.Key_Delete)
    assert [hands.document.undo_stack.text(step) for step in range(hands.steps)] == [
        "Connect “count” → “double”",
        "Delete “count” → “double”",
    ]
