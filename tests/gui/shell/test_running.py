"""Running from the window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

import ephemeral_gui
from engine.catalog import Catalog
from engine.catalog.installation import JOBS
from engine.execution.progress import RunStatus
from engine.model.editing import replace_task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

BRANCHING = JOBS / "branching-strings" / "job.json"


@pytest.fixture
def waiting(gate: Any, tmp_path: Path) -> MainWindow:
    """A window with a job whose one task waits at the gate."""
    path = tmp_path / "waiting.json"
    task = {
        "name": "wait",
        "type": "function",
        "namespace": "gate",
        "method": "wait",
        "consumes": "string",
        "produces": "string",
        "init_args": {},
    }
    tasks = [{"name": "in", "type": "input"}, task, {"name": "out", "type": "output"}]
    datasource = {"source": "direct", "content": {"input": "x"}}
    data = {"name": "Waiting", "datasource": datasource, "tasks": tasks, "workflow": [["in", "wait"], ["wait", "out"]]}
    path.write_text(json.dumps(data), encoding="utf-8")
    window = ephemeral_gui.open_window(path)
    assert window.page is not None
    window.page.use_catalog(Catalog([gate]))
    return window


def _state(window: MainWindow) -> str:
    label = window.findChild(QLabel, "status_text")
    assert label is not None
    return label.text()


def _states(window: MainWindow) -> dict[str, str]:
    assert window.canvas is not None
    assert window.document is not None
    items = {task.name: window.canvas.task_item(task.key) for task in window.document.job_map.tasks}
    return {name: str(item.state) for name, item in items.items() if item is not None}


def _button(dialog_name: str, name: str) -> QPushButton | None:
    dialogs = [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.objectName() == dialog_name]
    return next((each.findChild(QPushButton, name) for each in dialogs if each.isVisible()), None)


async def _press(until: Until, dialog_name: str, name: str) -> None:
    await until(lambda: _button(dialog_name, name))
    button = _button(dialog_name, name)
    assert button is not None
    button.click()


async def test_that_the_run_button_runs_the_job_and_every_task_shows_its_end(until: Until) -> None:
    window = ephemeral_gui.open_window(BRANCHING)
    assert window.runs is not None
    window.actions_by_id["run.start"].trigger()
    await until(lambda: window.runs is not None and window.runs.last_result)
    assert set(_states(window).values()) == {"done"}
    assert _state(window).startswith("Done in ")


async def test_that_a_job_with_errors_is_not_started_and_its_problems_are_shown(until: Until) -> None:
    window = ephemeral_gui.open_window(BRANCHING)
    document = window.document
    assert document is not None
    assert window.runs is not None
    task = next(task for task in document.job_map.tasks if task.is_function)
    document.change("Break", replace_task(document.job_map, task.key, method="no_such_method"))
    window.actions_by_id["run.start"].trigger()
    await until(lambda: window.panels.shown_problems)
    assert window.runs.progress is None
    assert not window.docks["problems"].visibleRegion().isEmpty()


async def test_that_run_stop_and_pause_are_enabled_by_the_run(waiting: MainWindow, gate: Any, until: Until) -> None:
    def enabled() -> list[str]:
        return [name for name in ("start", "stop", "pause") if waiting.actions_by_id[f"run.{name}"].isEnabled()]

    assert enabled() == ["start"]
    waiting.actions_by_id["run.start"].trigger()
    await until(lambda: gate.arrived)
    assert enabled() == ["stop", "pause"]
    waiting.actions_by_id["run.pause"].trigger()
    assert waiting.actions_by_id["run.pause"].isChecked()
    waiting.actions_by_id["run.pause"].trigger()
    assert not waiting.actions_by_id["run.pause"].isChecked()
    waiting.actions_by_id["run.stop"].trigger()
    await until(lambda: enabled() == ["start"])
    assert _state(waiting).startswith("Stopped")
    assert waiting.runs is not None
    assert waiting.runs.last_result is not None
    assert waiting.runs.last_result.status is RunStatus.CANCELLED


async def test_that_closing_during_a_run_can_be_called_off(waiting: MainWindow, gate: Any, until: Until) -> None:
    waiting.actions_by_id["run.start"].trigger()
    await until(lambda: gate.arrived)
    waiting.close()
    await _press(until, "run_in_progress", "cancel")
    assert waiting.isVisible()
    gate.opened.set()
    await until(lambda: waiting.runs is not None and waiting.runs.last_result)
    assert waiting.runs is not None
    assert waiting.runs.last_result is not None
    assert waiting.runs.last_result.ok


async def test_that_closing_during_a_run_can_stop_it(waiting: MainWindow, gate: Any, until: Until) -> None:
    runs = waiting.runs
    assert runs is not None
    waiting.actions_by_id["run.start"].trigger()
    await until(lambda: gate.arrived)
    closed: list[RunStatus] = []
    waiting.closed.connect(lambda: closed.append(runs.last_result.status) if runs.last_result else None)
    waiting.close()
    await _press(until, "run_in_progress", "stop")
    await until(lambda: closed)
    assert closed == [RunStatus.CANCELLED]


async def test_that_closing_during_a_run_can_let_it_end_without_a_window(waiting: MainWindow, gate: Any, until: Until) -> None:
    runs = waiting.runs
    assert runs is not None
    waiting.actions_by_id["run.start"].trigger()
    await until(lambda: gate.arrived)
    closed: list[RunStatus] = []
    waiting.closed.connect(lambda: closed.append(runs.last_result.status) if runs.last_result else None)
    waiting.close()
    await _press(until, "run_in_progress", "keep_running")
    await until(lambda: not waiting.isVisible())
    assert closed == []
    gate.opened.set()
    await until(lambda: closed)
    assert closed == [RunStatus.DONE]


async def test_that_a_tab_that_runs_on_is_gone_and_its_run_ends(waiting: MainWindow, gate: Any, until: Until) -> None:
    runs = waiting.runs
    assert runs is not None
    waiting.actions_by_id["run.start"].trigger()
    await until(lambda: gate.arrived)
    results: list[bool] = []
    runs.finished.connect(lambda: results.append(True))
    waiting.actions_by_id["file.close"].trigger()
    await _press(until, "run_in_progress", "keep_running")
    await until(lambda: waiting.document is None)
    gate.opened.set()
    await until(lambda: results)


async def test_that_a_body_that_does_not_end_holds_the_window_for_five_seconds_at_most(
    waiting: MainWindow, gate: Any, until: Until
) -> None:
    gate.is_stubborn = True
    waiting.actions_by_id["run.start"].trigger()
    await until(lambda: gate.arrived)
    closed: list[bool] = []
    waiting.closed.connect(lambda: closed.append(True))
    waiting.close()
    await _press(until, "run_in_progress", "stop")
    try:
        await until(lambda: closed, seconds=6.5)  # type: ignore[call-arg]  # the fixture's second argument
    finally:
        gate.opened.set()


async def test_that_branches_are_followed_only_in_runs_that_begin_while_somebody_looks(until: Until) -> None:
    window = ephemeral_gui.open_window(JOBS / "multi-layer-vector" / "job.json")
    runs, canvas, document = window.runs, window.canvas, window.document
    assert runs is not None
    assert canvas is not None
    assert document is not None
    task = next(task for task in reversed(document.job_map.tasks) if task.is_function)
    canvas.select([task.key])
    await runs.start()
    assert not runs.branches_of(task.name).is_followed
    section = window.panels.inspector.findChild(QPushButton, "section.branches")
    assert section is not None
    section.click()
    await runs.start()
    found = runs.branches_of(task.name)
    assert found.is_followed
    assert len(found.records) == runs.progress.tasks[task.name].succeeded if runs.progress else False
    assert {each.state.value for each in found.records} == {"done"}
    section.click()
    await runs.start()
    assert not runs.branches_of(task.name).is_followed
