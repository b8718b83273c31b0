"""Wires drawn with the keyboard alone, and copies that stay fed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from engine.model import editing
from engine.model.job_map import TaskType
from ephemeral_gui.canvas.choices import all_choices

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, Task

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_that_c_connects_the_two_selected_tasks(hands: Any) -> None:
    hands.canvas.select([hands.key_of("double"), hands.key_of("out")])
    hands.type_keys(Qt.Key.Key_C)
    assert ("double", "out") in hands.edges
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_c_takes_the_other_way_where_only_that_fits(hands: Any) -> None:
    hands.document.change("Move", editing.move_tasks(hands.document.job_map, {"double": (-700.0, 300.0)}))
    hands.canvas.select([hands.key_of("double"), hands.key_of("count")])
    hands.type_keys(Qt.Key.Key_C)
    assert ("count", "double") in hands.edges


def test_that_c_says_why_two_tasks_cannot_be_connected(hands: Any) -> None:
    hands.canvas.select([hands.key_of("split"), hands.key_of("double")])
    hands.type_keys(Qt.Key.Key_C)
    assert hands.refusals == ["List(string) does not fit: “double” takes integer"]
    assert hands.steps == 0


def test_that_c_on_one_task_lists_what_fits_nearest_first_and_connects_the_choice(hands: Any) -> None:
    hands.canvas.select([hands.key_of("count")])
    hands.type_keys(Qt.Key.Key_C)
    assert hands.canvas.wiring.list.titles == ["double"]
    hands.type_keys(Qt.Key.Key_Return)
    assert ("count", "double") in hands.edges
    assert hands.canvas.selected_keys() == [hands.key_of("double")]
    assert hands.viewer.hasFocus()


def test_that_a_target_is_found_by_typing(hands: Any) -> None:
    hands.canvas.select([hands.key_of("read")])
    hands.type_keys(Qt.Key.Key_C)
    assert set(hands.canvas.wiring.list.titles) == {"out"}
    hands.type_text("out")
    hands.type_keys(Qt.Key.Key_Return)
    assert ("read", "out") in hands.edges


def test_that_shift_c_lists_what_may_feed_the_task(hands: Any) -> None:
    hands.canvas.select([hands.key_of("double")])
    hands.type_keys(Qt.Key.Key_C, SHIFT)
    assert hands.canvas.wiring.list.titles == ["count", "in"]
    hands.type_keys(Qt.Key.Key_Escape)
    assert hands.steps == 0


def test_that_c_without_a_selection_or_a_target_says_what_to_do(hands: Any) -> None:
    hands.type_keys(Qt.Key.Key_C)
    assert hands.refusals[-1].startswith("Select one task")
    hands.canvas.select([hands.key_of("out")])
    hands.type_keys(Qt.Key.Key_C)
    assert hands.refusals[-1] == "No task takes what “out” gives"


def test_that_quick_add_lists_what_the_map_uses_most_first(small_map: JobMap, catalog: Catalog, make_task: Callable[..., Task]) -> None:
    job_map = editing.add_tasks(small_map, [make_task("report", "report"), make_task("report 2", "report")])
    made = [choice.title for choice in all_choices(job_map, catalog)]
    assert made[0] == "Report"
    assert made[-1] == str(TaskType.OUTPUT).capitalize()


def test_that_a_paste_with_wires_is_fed_by_what_feeds_the_originals(hands: Any) -> None:
    hands.canvas.select([hands.key_of("split"), hands.key_of("count")])
    hands.canvas.copy()
    hands.type_keys(Qt.Key.Key_V, CONTROL | SHIFT)
    assert {("read", "split 2"), ("split 2", "count 2")} <= hands.edges
    assert not any(source in {"split 2", "count 2"} and target == "out" for source, target in hands.edges)
    assert hands.steps == 1
    hands.assert_mirrors_document()


def test_that_a_plain_paste_is_not_fed(hands: Any) -> None:
    hands.canvas.select([hands.key_of("split")])
    hands.canvas.copy()
    hands.canvas.paste()
    assert ("read", "split 2") not in hands.edges


def test_that_incoming_wires_of_foreign_text_are_taken_only_where_they_fit(hands: Any) -> None:
    hands.canvas.select([hands.key_of("split")])
    hands.canvas.copy()
    data = json.loads(QGuiApplication.clipboard().text())
    data["incoming"] = [["out", "split"], ["nobody", "split"], ["count", "split"], "nonsense", [1, 2], ["read", "split"], ["read", "split"]]
    QGuiApplication.clipboard().setText(json.dumps(data))
    hands.canvas.paste_with_wires()
    assert {edge for edge in hands.edges if edge[1] == "split 2"} == {("read", "split 2")}
    assert hands.refusals == []
