"""What an action does where it has nothing to act on: it is disabled and its tip says why, or it changes nothing and harms nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication

import ephemeral_gui
from engine.catalog import Catalog
from engine.model.editing import replace_task
from ephemeral_gui.actions.rows import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtGui import QAction

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")

OF_NO_JOB = {
    *("file.new", "file.new_from_template", "file.open", "file.open_workspace", "file.close", "file.quit"),
    *("edit.find", "edit.settings", "view.next_area", "view.previous_area", "view.reset_panels"),
    *("help.welcome", "help.tour", "help.guide", "help.shortcuts", "help.about"),
}
"""What can be used on the welcome page."""

OF_A_SELECTION = {
    *("edit.cut", "edit.copy", "edit.duplicate", "edit.delete", "edit.delete_and_heal", "edit.rename"),
    *(action_id for action_id in ACTIONS if action_id.startswith("task.")),
    *(action_id for action_id in ACTIONS if action_id.startswith("arrange.") and action_id != "arrange.note"),
    *("run.selected", "run.from_selected"),
}
OF_A_CHANGE = {"edit.undo", "edit.redo", "file.revert"}
OF_A_RUN = {"run.stop", "run.pause"}
ENDS_THE_JOB = {"file.close", "file.quit", "run.stop"}
CHANGES = {"view.layout", "arrange.note", "file.new"}
"""What changes something though nothing is selected."""


def disabled(window: MainWindow) -> set[str]:
    return {action_id for action_id in ACTIONS if not window.actions_by_id[action_id].isEnabled()}


def unexplained(window: MainWindow) -> list[str]:
    """Return the disabled actions whose tips say no more than what the action does."""
    actions = {action_id: window.actions_by_id[action_id] for action_id in disabled(window)}
    return [name for name, action in actions.items() if action.statusTip() == ACTIONS[name].tip or action.statusTip() not in _plain(action)]


def _plain(action: QAction) -> str:
    return action.toolTip().replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"')


def handler(window: MainWindow, action_id: str) -> Callable[[], None]:
    """Return what an action does, also where it is disabled."""
    return window.actions_by_id[action_id].triggered.emit


async def put_away(desk: Any) -> None:
    """Close every dialog, list and field that an action opened, and answer no question."""
    for _ in range(3):
        for each in QApplication.topLevelWidgets():
            if each.isVisible() and each is not desk.window:
                each.close()
        desk.window.activateWindow()
        await desk.until(lambda: QApplication.activeWindow() is desk.window)
        if QApplication.focusWidget() is not None:
            await desk.press("Escape")


async def test_that_an_empty_window_offers_what_needs_no_job_and_says_why_not_of_all_others(until: Until) -> None:
    window = ephemeral_gui.open_window()
    await until(window.tabs.count)
    assert disabled(window) == set(ACTIONS) - OF_NO_JOB
    assert unexplained(window) == []


async def test_that_no_action_without_a_job_does_any_harm_even_if_it_is_asked(until: Until) -> None:
    window = ephemeral_gui.open_window()
    await until(window.tabs.count)
    for action_id in sorted(disabled(window)):
        handler(window, action_id)()
    assert [window.tabs.tabText(index) for index in range(window.tabs.count())] == ["Welcome"]
    assert not window.error_banner.isVisible()
    assert not window.had_bug


async def test_that_with_nothing_selected_what_needs_a_selection_says_so(desk: Any) -> None:
    assert disabled(desk.window) == OF_A_SELECTION | OF_A_CHANGE | OF_A_RUN
    assert unexplained(desk.window) == []


async def test_that_with_nothing_to_act_on_no_action_changes_the_job(desk: Any) -> None:
    before, window = desk.map, desk.window
    for action_id in [each for each in ACTIONS if each not in ENDS_THE_JOB | CHANGES | {"run.start"}]:
        handler(window, action_id)()
        await put_away(desk)
        window.tabs.setCurrentIndex(0)
        assert desk.map is before, action_id
        assert not window.error_banner.isVisible(), action_id
    assert desk.document.undo_stack.count() == 0
    assert not window.had_bug


async def test_that_layout_and_note_are_steps_that_undo_takes_back(desk: Any) -> None:
    before = desk.map
    for action_id in ("view.layout", "arrange.note"):
        handler(desk.window, action_id)()
        await desk.press("Escape")
        desk.document.undo_stack.undo()
        assert desk.map is before


async def test_that_while_the_job_runs_no_action_but_stop_ends_it_or_starts_another(desk: Any, gate: Any) -> None:
    job_map = desk.map
    for task in job_map.tasks:
        if task.is_function:
            job_map = replace_task(job_map, task.key, namespace="gate", method="wait", consumes="string", produces="string", init_args={})
    desk.document.change("Hold", job_map)
    window, runs = desk.window, desk.window.runs
    window.page.use_catalog(Catalog([gate]))
    window.actions_by_id["run.start"].trigger()
    await desk.until(lambda: gate.arrived)
    desk.select("split")
    assert {"run.start", "run.selected", "run.from_selected"} <= disabled(window)
    assert unexplained(window) == []
    run_id = runs.progress.run_id
    for action_id in [each for each in ACTIONS if each != "run.stop"]:
        handler(window, action_id)()
        await put_away(desk)
        window.tabs.setCurrentIndex(0)
        assert runs.is_running, action_id
        assert runs.progress.run_id == run_id, action_id
        assert window.isVisible(), action_id
    assert gate.arrived == 1
    assert not window.had_bug
    window.actions_by_id["run.stop"].trigger()
    await desk.runs_to_its_end()
