"""Tasks put into wires, taken out with the wires closed over them, and wires cut by a stroke."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from engine.model import editing
from ephemeral_gui.canvas.dropping import METHOD_MIME
from ephemeral_gui.canvas.splicing import healed, inserted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, Task

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def wide_map(small_map: JobMap) -> JobMap:
    """The small map with room between ``count`` and ``out``."""
    return editing.move_tasks(small_map, {"out": (560.0, 64.0), "double": (320.0, 240.0)})


@pytest.fixture
def wide(open_canvas: Callable[[JobMap], Any], wide_map: JobMap) -> Any:
    return open_canvas(wide_map)


def test_that_a_task_dropped_on_a_wire_goes_into_it_in_one_step(wide: Any) -> None:
    before = wide.document.job_map
    start = wide.title("double")
    middle = wide.wire_middle("count", "out") - wide.item("double").body.center() + start
    wide.drag(start, middle)
    assert {("count", "double"), ("double", "out")} <= wide.edges
    assert ("count", "out") not in wide.edges
    assert wide.steps == 1
    assert wide.document.undo_stack.undoText() == "Insert “double”"
    wide.assert_mirrors_document()
    wide.document.undo_stack.undo()
    assert wide.document.job_map is before


def test_that_the_wire_is_dashed_while_a_fitting_task_is_held_over_it(wide: Any) -> None:
    wire = wide.viewer.projection.wires[wide.key_of("count"), wide.key_of("out")]
    plain = wire.pen()
    start = wide.title("double")
    end = wire.middle - wide.item("double").body.center() + start
    wide.press(start)
    wide.move(start + QPointF(20, 20))
    wide.move(end)
    assert wire.pen() == wide.viewer.style_kit.pen(wide.viewer.style_kit.theme.accent, 2.0, (6, 5))
    wide.type_keys(Qt.Key.Key_Escape)
    assert wire.pen() == plain
    assert wide.steps == 0
    wide.assert_mirrors_document()


def test_that_a_task_that_does_not_fit_a_wire_is_only_moved(hands: Any) -> None:
    start = hands.title("double")
    hands.drag(start, hands.wire_middle("in", "read") - hands.item("double").body.center() + start + QPointF(0, 400))
    edges = hands.edges
    hands.drag(hands.title("double"), hands.wire_middle("read", "split") - hands.item("double").body.center() + hands.title("double"))
    assert hands.edges == edges
    assert hands.document.undo_stack.undoText() == "Move “double”"


def test_that_a_task_with_wires_is_only_moved(wide: Any) -> None:
    edges = wide.edges
    start = wide.title("read")
    wide.drag(start, wide.wire_middle("count", "out") - wide.item("read").body.center() + start)
    assert wide.edges == edges


def test_that_a_method_dropped_on_a_wire_goes_into_it(wide: Any) -> None:
    assert wide.drop(wide.wire_middle("count", "out"), json.dumps(["text", "double"]).encode())
    assert {("count", "Double"), ("Double", "out")} <= wide.edges
    assert ("count", "out") not in wide.edges
    assert wide.steps == 1
    wide.assert_mirrors_document()


def test_that_a_method_that_does_not_fit_is_dropped_beside_the_wires(wide: Any) -> None:
    edges = wide.edges
    wide.drop(wide.wire_middle("read", "split"), json.dumps(["text", "double"]).encode())
    assert wide.edges == edges
    assert "Double" in wide.document.job_map.by_name


def test_that_a_drag_that_leaves_the_view_leaves_no_mark(wide: Any) -> None:
    wire = wide.viewer.projection.wires[wide.key_of("count"), wide.key_of("out")]
    plain = wire.pen()
    mime = QMimeData()
    mime.setData(METHOD_MIME, json.dumps(["text", "double"]).encode())
    place = wide.viewer.view_point(wire.middle)
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NO_KEYS)
    QApplication.sendEvent(wide.viewport, enter)
    assert wire.pen() != plain
    QApplication.sendEvent(wide.viewport, QDragLeaveEvent())
    assert wire.pen() == plain


def test_that_the_new_wires_stand_where_the_old_one_stood(small_map: JobMap, catalog: Catalog, make_task: Callable[..., Task]) -> None:
    report = make_task("report", "report")
    job_map = editing.connect(editing.add_tasks(small_map, [report]), [("read", "report"), ("count", "report")])
    grown = inserted(job_map, small_map.by_name["double"].key, ("count", "out"), catalog)
    assert grown is not None
    assert grown.workflow[3:] == (("count", "double"), ("double", "out"), ("read", "report"), ("count", "report"))


def test_that_nothing_is_put_into_a_wire_that_it_would_close_a_cycle_with(small_map: JobMap, catalog: Catalog) -> None:
    joined = editing.connect(small_map, [("out", "double"), ("double", "in")])
    assert inserted(joined, small_map.by_name["double"].key, ("count", "out"), catalog) is None
    assert inserted(small_map, small_map.by_name["double"].key, ("in", "out"), catalog) is None


def test_that_control_delete_closes_the_wires_over_a_task(wide: Any) -> None:
    wide.drag(wide.title("double"), wide.wire_middle("count", "out") - wide.item("double").body.center() + wide.title("double"))
    wide.canvas.select([wide.key_of("double")])
    wide.type_keys(Qt.Key.Key_Delete, CONTROL)
    assert "double" not in wide.document.job_map.by_name
    assert ("count", "out") in wide.edges
    assert wide.refusals == []
    wide.assert_mirrors_document()


def test_that_a_plain_delete_leaves_the_wires_open(hands: Any) -> None:
    hands.canvas.select([hands.key_of("count")])
    hands.type_keys(Qt.Key.Key_Delete)
    assert hands.edges == {("in", "read"), ("read", "split")}


def test_that_what_cannot_be_healed_is_said_with_the_reason(open_canvas: Any, small_map: JobMap) -> None:
    hands = open_canvas(editing.connect(small_map, [("count", "double")]))
    hands.canvas.select([hands.key_of("count")])
    hands.type_keys(Qt.Key.Key_Delete, CONTROL)
    assert ("split", "out") in hands.edges
    assert hands.refusals == ["Not healed: split → double: list(string) does not fit: “double” takes integer"]


def test_that_healing_goes_over_several_tasks_and_keeps_the_order(
    small_map: JobMap, catalog: Catalog, make_task: Callable[..., Task]
) -> None:
    job_map = editing.connect(editing.add_tasks(small_map, [make_task("report", "report")]), [("split", "report"), ("in", "report")])
    keys = {small_map.by_name[name].key for name in ("read", "split")}
    result = healed(job_map, keys, catalog)
    assert result.job_map.workflow == (("in", "count"), ("count", "out"), ("in", "report"))
    assert result.open_wires == ()


def test_that_a_stroke_with_alt_cuts_the_wires_it_crosses_in_one_step(hands: Any) -> None:
    before = hands.document.job_map
    first, second = hands.wire_middle("read", "split"), hands.wire_middle("split", "count")
    hands.press(first + QPointF(0, -60), ALT)
    for point in (first + QPointF(0, 40), second + QPointF(0, 40), second + QPointF(0, -60)):
        hands.move(point, ALT)
    assert hands.edges == set(before.workflow)
    hands.release(second + QPointF(0, -60), ALT)
    assert hands.edges == {("in", "read"), ("count", "out")}
    assert hands.steps == 1
    assert hands.document.undo_stack.undoText() == "Cut 2 wires"
    hands.assert_mirrors_document()


def test_that_escape_leaves_no_trace_of_a_stroke(hands: Any) -> None:
    wire = hands.viewer.projection.wires[hands.key_of("read"), hands.key_of("split")]
    plain, count = wire.pen(), len(hands.viewer.projection.scene.items())
    hands.press(wire.middle + QPointF(0, -60), ALT)
    hands.move(wire.middle + QPointF(0, 60), ALT)
    assert wire.pen() != plain
    hands.type_keys(Qt.Key.Key_Escape)
    assert wire.pen() == plain
    assert len(hands.viewer.projection.scene.items()) <= count
    hands.release(wire.middle + QPointF(0, 60), ALT)
    assert hands.steps == 0


def test_that_alt_on_a_task_moves_it(hands: Any) -> None:
    hands.press(hands.title("double"), ALT)
    hands.move(hands.title("double") + QPointF(0, 64), ALT)
    hands.release(hands.title("double"), ALT)
    assert "Move" in hands.document.undo_stack.undoText()
