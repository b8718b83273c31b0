"""Clipboard, rename, delete, arrange: what the keys do to the document."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit

from engine.files import dump_job_map, parse_job_map
from engine.model.job_map import NO_LAYOUT, Disabled

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engine.model.job_map import JobMap

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: object) -> None:
    QGuiApplication.clipboard().clear()


def select(hands: Any, *names: str) -> None:
    hands.canvas.select([hands.key_of(name) for name in names])


def test_that_copy_and_paste_add_tasks_with_the_wires_between_them(hands: Any) -> None:
    before = hands.document.job_map
    select(hands, "split", "count")
    hands.type_keys(Qt.Key.Key_C, CONTROL)
    assert hands.steps == 0
    hands.type_keys(Qt.Key.Key_V, CONTROL)
    assert {task.name for task in hands.document.job_map.tasks[-2:]} == {"split 2", "count 2"}
    assert hands.edges == {*before.workflow, ("split 2", "count 2")}
    assert {hands.document.job_map.by_key[key].name for key in hands.canvas.selected_keys()} == {"split 2", "count 2"}
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before


def test_that_what_is_copied_is_a_job_map_that_any_program_can_read(hands: Any) -> None:

    select(hands, "split")
    hands.canvas.copy()
    copied = parse_job_map(json.loads(QGuiApplication.clipboard().text()))
    assert [task.name for task in copied.tasks] == ["split"]


def test_that_cut_removes_and_paste_brings_back(hands: Any) -> None:
    select(hands, "double")
    hands.type_keys(Qt.Key.Key_X, CONTROL)
    assert "double" not in hands.document.job_map.by_name
    hands.type_keys(Qt.Key.Key_V, CONTROL)
    assert "double" in hands.document.job_map.by_name
    assert [hands.document.undo_stack.text(step) for step in range(hands.steps)] == ["Cut “double”", "Paste “double”"]
    hands.assert_mirrors_document()


def test_that_what_is_pasted_is_brought_into_sight(hands: Any, small_map: JobMap) -> None:
    hands.viewer.look_at(QPointF(-400, 600), 1.0)
    QGuiApplication.clipboard().setText(dump_job_map(small_map))
    hands.canvas.paste()
    assert all(hands.viewer.visible_rect.contains(item.body) for item in hands.viewer.selected_task_items())
    assert len(hands.viewer.selected_task_items()) == 5


def test_that_a_bypass_is_named_as_one(hands: Any) -> None:
    select(hands, "count")
    hands.canvas.bypass()
    hands.canvas.bypass()
    hands.canvas.switch_off()
    assert [hands.document.undo_stack.text(step) for step in range(hands.steps)] == [
        "Bypass “count”",
        "Switch on “count”",
        "Switch off “count”",
    ]


@pytest.mark.parametrize("text", ["", "123", "hello", "{", '{"name": 3}', "[]", '{"name": "x", "name": "y"}', "\ud800", "[" * 5000])
def test_that_foreign_text_is_refused_with_a_reason(hands: Any, text: str) -> None:
    before = hands.document.job_map
    assert hands.canvas._editor.paste(text) == []
    assert len(hands.refusals) == 1
    assert hands.refusals[0].startswith("The clipboard holds no tasks")
    assert hands.document.job_map is before


def test_that_pasting_a_whole_map_adds_all_but_its_input(hands: Any, small_map: JobMap) -> None:
    QGuiApplication.clipboard().setText(dump_job_map(small_map))
    hands.canvas.paste()
    assert len(hands.document.job_map.tasks) == 11
    assert ("split 2", "count 2") in hands.edges
    hands.assert_mirrors_document()
    assert hands.refusals == ["Pasted without its input: a job map has exactly one"]


def test_that_an_input_alone_is_not_pasted_beside_another(hands: Any) -> None:
    select(hands, "in")
    hands.canvas.duplicate()
    assert hands.refusals == ["A job map has exactly one input: there is one already"]
    assert hands.steps == 0


def test_that_duplicate_copies_beside_the_original(hands: Any) -> None:
    select(hands, "count")
    hands.type_keys(Qt.Key.Key_D, CONTROL)
    positions = hands.document.job_map.layout.positions
    assert positions["count 2"] != positions["count"]
    hands.type_keys(Qt.Key.Key_D, CONTROL)
    assert "count 3" in hands.document.job_map.by_name
    assert hands.steps == 2


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_that_delete_removes_tasks_with_their_wires(hands: Any, key: Qt.Key) -> None:
    before = hands.document.job_map
    select(hands, "split", "double")
    hands.type_keys(key)
    assert hands.edges == {("in", "read"), ("count", "out")}
    assert hands.steps == 1
    hands.assert_mirrors_document()
    hands.document.undo_stack.undo()
    assert hands.document.job_map is before
    hands.assert_mirrors_document()


def test_that_select_all_selects_every_task(hands: Any) -> None:
    hands.type_keys(Qt.Key.Key_A, CONTROL)
    assert len(hands.canvas.selected_keys()) == 6
    hands.type_keys(Qt.Key.Key_Escape)
    assert hands.canvas.selected_keys() == []


def test_that_f2_renames_in_place_and_keeps_the_task(hands: Any) -> None:
    select(hands, "split")
    key = hands.key_of("split")
    hands.type_keys(Qt.Key.Key_F2)
    hands.type_text("tear")
    hands.type_keys(Qt.Key.Key_Return)
    assert hands.key_of("tear") == key
    assert ("tear", "count") in hands.edges
    assert hands.item("tear").face.title == "tear"
    assert hands.steps == 1
    assert hands.viewer.hasFocus()
    hands.assert_mirrors_document()


def test_that_escape_drops_a_new_name(hands: Any) -> None:
    select(hands, "split")
    hands.canvas.rename_selected()
    hands.type_text("tear")
    hands.type_keys(Qt.Key.Key_Escape)
    assert "split" in hands.document.job_map.by_name
    assert hands.steps == 0


def test_that_a_name_that_is_taken_or_empty_is_refused(hands: Any) -> None:
    editor = hands.canvas._editor
    assert not editor.rename(hands.key_of("split"), "count")
    assert not editor.rename(hands.key_of("split"), "  ")
    assert hands.refusals == ["There is a task named “count” already", "A task needs a name"]
    assert hands.steps == 0


def test_that_arrange_is_one_step_and_changes_nothing_but_places(hands: Any) -> None:
    before = hands.document.job_map
    hands.type_keys(Qt.Key.Key_L, CONTROL)
    after = hands.document.job_map
    assert (after.tasks, after.workflow) == (before.tasks, before.workflow)
    assert after.layout.positions["read"][0] < after.layout.positions["split"][0] < after.layout.positions["count"][0]
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_d_switches_off_and_on_again(hands: Any) -> None:
    select(hands, "split")
    hands.type_keys(Qt.Key.Key_D)
    assert hands.document.job_map.by_name["split"].disabled is Disabled.OFF
    assert (hands.item("split").state, hands.item("split").state_text) == ("disabled", "Off")
    hands.type_keys(Qt.Key.Key_D)
    assert hands.document.job_map.by_name["split"].disabled is None


def test_that_a_map_without_places_is_arranged_and_stays_put_when_edited(open_canvas: Callable[..., Any], small_map: JobMap) -> None:

    hands = open_canvas(replace(small_map, layout=NO_LAYOUT))
    before = {name: hands.item(name).pos() for name in small_map.by_name}
    assert len({(place.x(), place.y()) for place in before.values()}) == 6
    hands.canvas.fit()
    hands.drag(hands.output("count"), hands.input("double"))
    assert hands.steps == 1
    assert {name: hands.item(name).pos() for name in small_map.by_name} == before


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_the_right_button_offers_what_can_be_done_there(hands: Any) -> None:

    def words_at(point: QPointF) -> list[str]:
        place = hands.viewer.view_point(point)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, hands.viewport.mapToGlobal(place))
        QApplication.sendEvent(hands.viewport, event)
        menus = [menu for menu in hands.canvas.findChildren(QMenu, "canvas_menu") if menu.isVisible()]
        assert len(menus) == 1
        words = [action.text() for action in menus[0].actions() if action.text()]
        menus[0].close()
        QApplication.sendPostedEvents()
        return words

    assert "Rename" in words_at(hands.title("split"))
    assert hands.canvas.selected_keys() == [hands.key_of("split")]
    assert words_at(hands.wire_middle("read", "split")) == ["Insert task...", "Delete wire"]
    assert "Rename" in words_at(hands.output("count"))
    assert hands.canvas.selected_keys() == [hands.key_of("count")]
    assert words_at(QPointF(0, 330))[0] == "Add task..."


def test_that_the_field_for_a_name_stays_over_its_task_where_the_view_moves(hands: Any) -> None:
    hands.canvas.select([hands.key_of("split")])
    hands.type_keys(Qt.Key.Key_F2)
    field = hands.viewer.findChild(QPlainTextEdit, "rename_field")
    assert field.isVisible()
    moves: list[Callable[[], None]] = [
        lambda: hands.viewer.zoom_by(1.5, QPoint(10, 10)),
        lambda: hands.viewer.pan_by(QPointF(-60, 40)),
    ]
    for move in moves:
        move()
        body = hands.item("split").body
        seen = QRect(hands.viewer.view_point(body.topLeft()), hands.viewer.view_point(body.bottomRight()))
        assert seen.contains(field.geometry().center())
        assert field.geometry().top() - seen.top() < seen.height() / 4
