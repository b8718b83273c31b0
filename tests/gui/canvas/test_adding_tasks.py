"""New tasks: dropped from the palette, by quick add, at the end of a wire."""

from __future__ import annotations

import json
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from engine.catalog import load_catalog
from engine.model.job_map import Collect, empty_job_map
from ephemeral_gui.canvas.context_menu import ON_ANNOTATION, ON_GROUND, ON_TASK, ON_WIRE
from ephemeral_gui.canvas.new_tasks import new_task
from ephemeral_gui.widgets.ends import END_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

VOID = QPointF(-300, 240)


def data(*methods: str) -> bytes:
    pairs = [["text", method] for method in methods]
    return json.dumps(pairs[0] if len(pairs) == 1 else pairs).encode()


def test_that_a_dropped_method_becomes_a_task_with_its_defaults_in_one_step(hands: Any) -> None:
    before = hands.document.job_map
    assert hands.drop(VOID, data("convert"))
    task = hands.document.job_map.tasks[-1]
    assert (task.name, task.namespace, task.method) == ("Convert", "text", "convert")
    assert (task.consumes, task.produces, task.init_args) == ("string", "string", {"style": "plain"})
    assert hands.item("Convert").body.contains(VOID)
    assert hands.canvas.selected_keys() == [task.key]
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before
    hands.assert_mirrors_document()


def test_that_a_second_task_of_a_method_gets_a_name_of_its_own(hands: Any) -> None:
    hands.drop(VOID, data("read"))
    hands.drop(QPointF(300, 240), data("read"))
    assert [task.name for task in hands.document.job_map.tasks[-2:]] == ["Read text", "Read text 2"]


def test_that_several_dropped_methods_stand_apart_and_are_one_step(hands: Any) -> None:
    hands.drop(VOID, data("read", "count", "report"))
    places = [hands.document.job_map.layout.positions[name] for name in ("Read text", "Count", "Report")]
    assert len(set(places)) == 3
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_foreign_things_are_not_welcome(hands: Any) -> None:
    assert not hands.drop(VOID, b"text", "text/plain")
    for nonsense in (b"[", b'["one"]', b'{"a": 1}', b"\xff", b"[1, 2]"):
        hands.drop(VOID, nonsense)
    hands.drop(VOID, b'["text", "vanished"]')
    assert hands.steps == 0
    assert hands.refusals == [*["What was dropped is no task"] * 5, "There is no method “vanished” in “text”"]


def test_that_quick_add_by_double_click_filters_and_adds_by_keys_alone(hands: Any) -> None:
    hands.double_click(VOID)
    quick = hands.canvas._adding.list
    assert quick.isVisible()
    hands.type_text("cou")
    assert quick.titles == ["Count"]
    hands.type_keys(Qt.Key.Key_Return)
    assert not quick.isVisible()
    assert hands.document.job_map.tasks[-1].name == "Count"
    assert hands.item("Count").body.contains(VOID)
    assert hands.viewer.hasFocus()
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_tab_opens_quick_add_and_escape_closes_it(hands: Any) -> None:
    QCursor.setPos(hands.viewport.mapToGlobal(hands.viewport.rect().center()))
    hands.type_keys(Qt.Key.Key_Tab)
    assert hands.canvas._adding.list.isVisible()
    hands.type_keys(Qt.Key.Key_Escape)
    assert not hands.canvas._adding.list.isVisible()
    assert hands.viewer.hasFocus()
    assert hands.steps == 0


def test_that_quick_add_offers_an_output_and_finds_by_type_and_description(hands: Any) -> None:
    hands.double_click(VOID)
    quick = hands.canvas._adding.list
    assert quick.titles[-1] == "Output"
    assert "Input" not in quick.titles
    hands.type_text("integer")
    assert set(quick.titles) == {"Count", "Double"}
    hands.type_keys(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type_text("doubel")
    assert quick.titles == []
    assert quick._nothing.text() == "No task fits “doubel”: did you mean 'Double'?"
    hands.type_keys(Qt.Key.Key_Escape)


def test_that_a_wire_let_go_on_the_ground_lists_only_what_fits_and_connects(hands: Any) -> None:
    before = hands.document.job_map
    hands.drag(hands.output("split"), VOID)
    quick = hands.canvas._adding.list
    assert set(quick.titles) == {"Count", "Read text", "Convert", "Scatter", "Report", "Output"}
    hands.type_text("conv")
    hands.type_keys(Qt.Key.Key_Return)
    task = hands.document.job_map.by_name["Convert"]
    assert task.consumes == "list(string)"
    assert ("split", "Convert") in hands.edges
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before


def test_that_a_wire_from_an_input_lists_what_can_feed_it(hands: Any) -> None:
    hands.drag(hands.input("double"), VOID)
    assert set(hands.canvas._adding.list.titles) == {"Count", "Double"}
    hands.type_keys(Qt.Key.Key_Down)
    hands.type_keys(Qt.Key.Key_Return)
    added = hands.document.job_map.tasks[-1]
    assert (added.name, "double") in hands.edges
    assert hands.item(added.name).output_point() is not None


def test_that_an_empty_canvas_says_what_to_do_until_there_is_a_task(open_canvas: Callable[..., Any]) -> None:
    hands = open_canvas(empty_job_map())
    assert hands.canvas._overlays.hint.isVisible()
    assert hands.canvas.add_method("text", "read") is not None
    assert not hands.canvas._overlays.hint.isVisible()
    hands.document.undo_stack.undo()
    assert hands.canvas._overlays.hint.isVisible()


def test_that_two_methods_added_in_the_middle_do_not_cover_each_other(hands: Any) -> None:
    one, other = hands.canvas.add_method("text", "read"), hands.canvas.add_method("text", "read")
    assert hands.canvas.task_item(one).pos() != hands.canvas.task_item(other).pos()


def test_that_an_unknown_method_is_refused(hands: Any) -> None:
    assert hands.canvas.add_method("nowhere", "read") is None
    assert hands.refusals == ["There is no method “read” in “nowhere”"]
    assert hands.steps == 0


def test_that_a_method_dropped_on_a_task_goes_on_from_it_in_one_step(hands: Any) -> None:
    before = hands.document.job_map
    assert hands.drop(hands.item("split").body.center(), data("count"))
    task = hands.document.job_map.tasks[-1]
    assert ("split", task.name) in hands.edges
    assert hands.item(task.name).body.left() > hands.item("split").body.right()
    assert not any(hands.item(task.name).body.intersects(hands.item(other.name).body) for other in before.tasks)
    assert hands.canvas.selected_keys() == [task.key]
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before


def test_that_a_method_dropped_on_one_of_several_selected_tasks_joins_them_all(hands: Any) -> None:
    hands.canvas.select([hands.key_of(name) for name in ("read", "count", "double")])
    hands.drop(hands.item("count").body.center(), data("report"))
    assert {("read", "Report"), ("count", "Report"), ("double", "Report")} <= hands.edges
    assert hands.steps == 1


def test_that_a_method_that_does_not_fit_the_task_it_is_dropped_on_stands_alone(hands: Any) -> None:
    hands.drop(hands.item("count").body.center(), data("split_words"))
    assert hands.document.job_map.tasks[-1].method == "split_words"
    assert len(hands.edges) == 4


def test_that_the_output_of_the_task_that_would_be_followed_is_ringed_while_a_method_is_held(hands: Any) -> None:
    drop, method = hands.viewer.wire_drop, ("text", "count")
    drop.hold_method(method, hands.item("split").body.center())
    assert drop.task is hands.item("split")
    assert hands.item("split").output_port().mark.name == "ACCEPTED"
    drop.hold_method(method, hands.item("read").body.center())
    assert drop.task is None
    assert hands.item("split").output_port().mark.name == "NONE"


def test_that_a_method_of_the_palette_goes_on_from_what_is_selected(hands: Any) -> None:
    hands.canvas.select([hands.key_of("split")])
    assert hands.canvas.add_method("text", "count") is not None
    assert hands.canvas.add_method("text", "double") is not None
    assert {("split", "Count"), ("Count", "Double")} <= hands.edges
    hands.assert_mirrors_document()


def test_that_tab_with_a_task_selected_lists_what_fits_first_and_connects(hands: Any) -> None:
    hands.canvas.select([hands.key_of("count")])
    hands.type_keys(Qt.Key.Key_Tab)
    quick = hands.canvas._adding.list
    fitting = {"Double", "Read text", "Scatter", "Report", "Output"}
    assert set(quick.titles[: len(fitting)]) == fitting
    assert {"Plot", "Split words"} <= set(quick.titles[len(fitting) :])
    hands.type_text("doub")
    hands.type_keys(Qt.Key.Key_Return)
    assert ("count", "Double") in hands.edges
    assert hands.steps == 1


def test_that_what_does_not_fit_is_added_by_tab_without_a_wire(hands: Any) -> None:
    hands.canvas.select([hands.key_of("count")])
    hands.type_keys(Qt.Key.Key_Tab)
    hands.type_text("plot")
    hands.type_keys(Qt.Key.Key_Return)
    assert hands.document.job_map.tasks[-1].method == "plot"
    assert len(hands.edges) == 4


def test_that_an_output_of_the_palette_is_wired_and_asked_for_its_name(hands: Any) -> None:
    hands.drop(hands.item("count").body.center(), json.dumps([END_NAMESPACE, "output"]).encode())
    hands.type_text("numbers")
    hands.type_keys(Qt.Key.Key_Return)
    assert ("count", "numbers") in hands.edges
    assert hands.document.job_map.by_name["numbers"].type == "output"


def test_that_a_second_input_of_the_palette_is_refused(hands: Any) -> None:
    hands.drop(VOID, json.dumps([END_NAMESPACE, "input"]).encode())
    assert hands.refusals == ["A job map has exactly one input: there is one already"]
    assert hands.steps == 0


def test_that_a_method_whose_example_is_a_gathered_payload_is_added_with_collect_on() -> None:
    job_map, catalog = empty_job_map(), load_catalog()
    gathering = new_task(job_map, ("main.flow", "collect"), catalog)
    single = new_task(job_map, ("main.flow", "join"), catalog)
    assert gathering is not None
    assert gathering.collect == Collect()
    assert single is not None
    assert single.collect is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_that_a_wire_let_go_on_bare_canvas_stays_in_sight_until_a_task_is_chosen(hands: Any, key: Qt.Key) -> None:
    hands.drag(hands.output("read"), QPointF(300, -200))
    assert hands.viewer._LIVE_PIPE.isVisible()
    hands.type_keys(key)
    hands.assert_mirrors_document()


def test_that_a_double_click_on_a_wire_lists_what_can_be_put_into_it(hands: Any) -> None:
    middle = hands.wire_middle("read", "split")
    hands.double_click(middle)
    assert hands.canvas._adding.list.titles == ["Read text", "Convert"]
    hands.type_text("conv")
    hands.type_keys(Qt.Key.Key_Return)
    assert {("read", "Convert"), ("Convert", "split")} <= hands.edges
    assert ("read", "split") not in hands.edges
    assert hands.document.undo_stack.undoText() == "Insert “Convert”"
    assert hands.steps == 1
    hands.assert_mirrors_document()


@pytest.mark.parametrize("rows", [ON_TASK, ON_ANNOTATION, ON_WIRE, ON_GROUND])
def test_that_everything_in_the_menus_can_be_done(hands: Any, rows: tuple[tuple[str, str, str], ...]) -> None:
    assert all(callable(attrgetter(command)(hands.canvas)) for _, _, command in rows if command)


def test_that_the_menu_of_a_wire_inserts_where_it_was_opened(hands: Any) -> None:
    middle = hands.wire_middle("read", "split")
    hands.viewer.choose((), [hands.viewer.projection.wires[hands.key_of("read"), hands.key_of("split")]])
    hands.canvas._menu_point = middle
    hands.canvas.insert_at_menu()
    hands.type_text("conv")
    hands.type_keys(Qt.Key.Key_Return)
    body = hands.item("Convert").body
    assert body.contains(middle)
    assert ("read", "Convert") in hands.edges
