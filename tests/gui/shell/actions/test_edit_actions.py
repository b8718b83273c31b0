"""What the actions of the menu Edit do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit

from engine.files import parse_job_map
from engine.files.strict_json import read_json_bytes
from engine.model.editing import set_argument

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from engine.model.job_map import JobMap

    Act = Callable[[], Awaitable[None]]


def on_clipboard() -> JobMap:
    return parse_job_map(read_json_bytes(QApplication.clipboard().text().encode()).value)  # type: ignore[arg-type]


@pytest.mark.action("edit.undo")
async def test_that_undo_takes_back_the_last_change(desk: Any, do: Act) -> None:
    before = desk.map
    desk.change(set_argument(before, desk.task("filter-long").key, "word_length", 9))
    await do()
    assert desk.map is before
    assert not desk.document.modified


@pytest.mark.action("edit.redo")
async def test_that_redo_makes_the_change_again(desk: Any, do: Act) -> None:
    desk.change(set_argument(desk.map, desk.task("filter-long").key, "word_length", 9))
    changed = desk.map
    desk.document.undo_stack.undo()
    await do()
    assert desk.map is changed


@pytest.mark.action("edit.cut")
async def test_that_cut_moves_the_selection_to_the_clipboard_with_the_wires_within_it(desk: Any, do: Act) -> None:
    before = desk.map
    desk.select("split", "capitalize")
    await do()
    assert {task.name for task in on_clipboard().tasks} == {"split", "capitalize"}
    assert on_clipboard().workflow == (("split", "capitalize"),)
    assert set(before.by_name) - set(desk.names) == {"split", "capitalize"}
    assert not {"split", "capitalize"} & {name for edge in desk.map.workflow for name in edge}
    desk.document.undo_stack.undo()
    assert desk.map is before


@pytest.mark.action("edit.copy")
async def test_that_copy_takes_the_selection_and_leaves_the_job_as_it_is(desk: Any, do: Act) -> None:
    before = desk.map
    desk.select("filter-long", "count-long")
    await do()
    assert [(task.name, dict(task.init_args)) for task in on_clipboard().tasks] == [
        (task.name, dict(task.init_args)) for task in (desk.task("filter-long"), desk.task("count-long"))
    ]
    assert desk.map is before


@pytest.mark.action("edit.paste")
async def test_that_paste_adds_what_was_copied_under_free_names_and_selects_it(desk: Any, do: Act) -> None:
    desk.select("filter-long", "count-long")
    desk.canvas.copy()
    before = set(desk.map.workflow)
    await do()
    assert desk.selected == {"filter-long 2", "count-long 2"}
    assert set(desk.map.workflow) - before == {("filter-long 2", "count-long 2")}
    assert desk.task("filter-long 2").init_args == desk.task("filter-long").init_args


@pytest.mark.action("edit.paste_with_wires")
async def test_that_paste_with_wires_feeds_the_copies_by_what_feeds_the_originals(desk: Any, do: Act) -> None:
    desk.select("filter-long")
    desk.canvas.copy()
    before = set(desk.map.workflow)
    await do()
    assert desk.selected == {"filter-long 2"}
    assert set(desk.map.workflow) - before == {("capitalize", "filter-long 2")}


@pytest.mark.action("edit.duplicate")
async def test_that_duplicate_adds_a_copy_beside_and_leaves_the_clipboard_alone(desk: Any, do: Act) -> None:
    QApplication.clipboard().setText("somebody else's")
    desk.select("filter-long")
    await do()
    assert desk.selected == {"filter-long 2"}
    assert desk.map.layout.positions["filter-long 2"] != desk.map.layout.positions["filter-long"]
    assert QApplication.clipboard().text() == "somebody else's"


@pytest.mark.action("edit.delete")
async def test_that_delete_removes_a_wire_that_is_selected_alone(desk: Any, do: Act) -> None:
    edge = desk.map.workflow[1]
    canvas = desk.window.canvas
    wires = [wire for wire in canvas.viewer.projection.wires.values() if (wire.source.name, wire.target.name) == edge]
    canvas.viewer.choose((), wires)
    await do()
    assert edge not in desk.map.workflow
    assert len(desk.names) == len(desk.map.tasks)


@pytest.mark.action("edit.delete")
async def test_that_delete_removes_the_selection_with_its_wires(desk: Any, do: Act) -> None:
    before = desk.map
    desk.select("capitalize")
    await do()
    assert "capitalize" not in desk.names
    assert {edge for edge in before.workflow if "capitalize" not in edge} == set(desk.map.workflow)
    assert desk.document.undo_stack.count() == 1


@pytest.mark.action("edit.delete_and_heal")
async def test_that_delete_and_heal_closes_the_wires_over_what_it_removes(desk: Any, do: Act) -> None:
    desk.select("capitalize")
    await do()
    assert "capitalize" not in desk.names
    assert {("split", "filter-short"), ("split", "filter-long")} <= set(desk.map.workflow)
    assert desk.document.undo_stack.count() == 1


@pytest.mark.action("edit.select_all")
async def test_that_select_all_selects_every_task(desk: Any, do: Act) -> None:
    before = desk.map
    await do()
    assert desk.selected == set(desk.names)
    assert desk.map is before


@pytest.mark.action("edit.fix")
async def test_that_fix_mends_the_first_problem(desk: Any, do: Act) -> None:
    desk.change(set_argument(desk.map, desk.task("filter-long").key, "comparison", "greter"))
    assert desk.window.panels.shown_problems
    await do()
    assert desk.task("filter-long").init_args["comparison"] == "greater"
    assert list(desk.window.panels.shown_problems) == []


@pytest.mark.action("edit.find")
async def test_that_find_takes_the_keyboard_to_the_search_and_its_first_hit(desk: Any, do: Act) -> None:
    await do()
    assert QApplication.focusWidget() is desk.window.search
    await desk.type("count-long")
    assert desk.selected == {"count-long"}


@pytest.mark.action("edit.settings")
async def test_that_settings_stand_beside_the_window(desk: Any, do: Act) -> None:
    await do()
    assert [type(dialog).__name__ for dialog in desk.dialogs] == ["SettingsDialog"]
    assert not desk.dialogs[0].isModal()


@pytest.mark.action("edit.rename")
async def test_that_rename_asks_on_the_node_and_keeps_its_wires(desk: Any, do: Act) -> None:
    before = [tuple("words" if name == "split" else name for name in edge) for edge in desk.map.workflow]
    desk.select("split")
    await do()
    assert desk.shown("rename_field", QPlainTextEdit).toPlainText() == "split"
    await desk.type("words")
    assert desk.selected == {"words"}
    assert list(desk.map.workflow) == before


def test_that_a_window_shows_no_dialog_unasked(desk: Any) -> None:
    assert [each for each in desk.window.findChildren(QDialog) if each.isVisible()] == []
