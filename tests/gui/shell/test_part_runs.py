"""Runs of a part of the job that is shown: said before they start, and started by the actions of the window."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QMenu

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.execution.progress import RunStatus
from engine.model.editing import connect, disconnect, rename_task, replace_task, set_argument
from engine.model.job_map import Datasource, JobMap, Task, TaskType
from ephemeral_gui.runs.run_part import part_from

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

BRANCHING = JOBS / "branching-strings" / "job.json"


@pytest.fixture
def window(qapp: object) -> MainWindow:
    return ephemeral_gui.open_window(BRANCHING)


def select(window: MainWindow, *names: str) -> None:
    assert window.document is not None
    assert window.canvas is not None
    window.canvas.select([window.document.job_map.by_name[name].key for name in names])


def tip(window: MainWindow, action_id: str) -> str:
    return window.actions_by_id[action_id].statusTip()


async def run(window: MainWindow, until: Until, action_id: str) -> Any:
    """Trigger an action and return the result of the run that it starts."""
    assert window.runs is not None
    runs, before = window.runs, window.runs.last_result
    window.actions_by_id[action_id].trigger()
    await until(lambda: runs.last_result is not before and not runs.is_running)
    return runs.last_result


def stepped_back(window: MainWindow) -> set[str]:
    """Return the tasks that the canvas shows as no part of what runs."""
    assert window.document is not None
    assert window.canvas is not None
    items = {task.name: window.canvas.task_item(task.key) for task in window.document.job_map.tasks}
    return {name for name, item in items.items() if item is not None and item.opacity() < 1}


async def test_that_run_selected_runs_what_leads_to_the_selection_and_nothing_else(window: MainWindow, until: Until) -> None:
    select(window, "filter-long")
    assert tip(window, "run.selected") == "Run 4 of 9 tasks: in, split, capitalize and filter-long."
    result = await run(window, until, "run.selected")
    assert result.status is RunStatus.DONE
    assert [output["name"] for output in result.outputs] == ["filter-long"]
    assert window.runs is not None
    assert window.runs.progress is not None
    assert list(window.runs.progress.tasks) == ["in", "split", "capitalize", "filter-long"]


async def test_that_run_from_selected_goes_on_with_what_an_earlier_run_gave(window: MainWindow, until: Until) -> None:
    select(window, "filter-long")
    await run(window, until, "run.selected")
    select(window, "count-long")
    assert tip(window, "run.from_selected") == "Run 2 of 9 tasks: count-long and long."
    result = await run(window, until, "run.from_selected")
    assert result.status is RunStatus.DONE
    assert [(output["name"], output["data"]) for output in result.outputs if output["data"]] == [("long", [{"lengths": [7, 10, 7, 5, 5]}])]
    assert result.progress.tasks["split"].ended == 0
    assert window.actions_by_id["run.from_selected"].isEnabled()


async def test_that_what_was_edited_since_is_not_gone_on_with(window: MainWindow, until: Until) -> None:
    document = window.document
    assert document is not None
    select(window, "filter-long")
    await run(window, until, "run.selected")
    select(window, "count-long")
    job_map = document.job_map
    document.change("Rename", rename_task(job_map, job_map.by_name["split"].key, "cut"))
    assert window.actions_by_id["run.from_selected"].isEnabled()
    key = job_map.by_name["filter-long"].key
    document.change("Edit", set_argument(document.job_map, key, "limit", 2))
    select(window, "count-long")
    assert not window.actions_by_id["run.from_selected"].isEnabled()
    assert tip(window, "run.from_selected") == "Nothing is kept of what “filter-long” gave: run to it first."


@pytest.mark.parametrize(
    ("names", "to", "from_"),
    [
        ([], "Select the tasks that the run is to reach.", "Select the tasks that the run is to start at."),
        (["in"], "Run 1 of 9 tasks: in.", "“in” is an input: a run starts at other tasks."),
        (["long"], "Run 6 of 9 tasks: in, split, capitalize, filter-long and 2 more.", "“long” is an output: a run starts at other tasks."),
        (["long", "short"], "Run all 9 tasks: in, split, capitalize, filter-short and 5 more.", "“short” is an output"),
        (["split"], "Run 2 of 9 tasks: in and split.", "Nothing is kept of what “in” gave: run to it first."),
    ],
)
def test_that_the_tips_say_what_would_run_or_why_nothing_can(window: MainWindow, names: list[str], to: str, from_: str) -> None:
    select(window, *names)
    assert tip(window, "run.selected") == to
    assert window.actions_by_id["run.selected"].isEnabled() is bool(names)
    assert tip(window, "run.from_selected").startswith(from_)
    assert not window.actions_by_id["run.from_selected"].isEnabled()


def test_that_a_task_that_no_wire_reaches_cannot_be_run_to(window: MainWindow) -> None:
    assert window.document is not None
    document = window.document
    document.change("Cut", disconnect(document.job_map, [("in", "split")]))
    select(window, "capitalize")
    assert tip(window, "run.selected") == "No wire leads from the input to capitalize."
    assert not window.actions_by_id["run.selected"].isEnabled()


def test_that_a_task_with_several_parents_says_so(window: MainWindow) -> None:
    assert window.document is not None
    document = window.document
    document.change("Connect", connect(document.job_map, [("filter-short", "count-long")]))
    select(window, "count-long")
    assert tip(window, "run.from_selected") == "“count-long” has several parents, or none: start at a task with one."


async def test_that_flaws_elsewhere_do_not_hinder_a_part(window: MainWindow, until: Until) -> None:
    assert window.document is not None
    document = window.document
    document.change("Break", replace_task(document.job_map, document.job_map.by_name["count-long"].key, method="no_such_method"))
    select(window, "filter-long")
    assert (await run(window, until, "run.selected")).ok


async def test_that_flaws_within_the_part_are_shown_instead_of_running(window: MainWindow, until: Until) -> None:
    assert window.document is not None
    assert window.runs is not None
    document = window.document
    document.change("Break", replace_task(document.job_map, document.job_map.by_name["split"].key, method="no_such_method"))
    select(window, "filter-long")
    window.actions_by_id["run.selected"].trigger()
    await until(lambda: not window.docks["problems"].visibleRegion().isEmpty())
    assert window.runs.progress is None


def test_that_choosing_the_action_in_a_menu_shows_on_the_canvas_what_would_run(window: MainWindow) -> None:
    select(window, "capitalize")
    menu = next(menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == "&Run")
    menu.setActiveAction(window.actions_by_id["run.selected"])
    assert stepped_back(window) == {"filter-short", "filter-long", "count-short", "count-long", "short", "long"}
    menu.setActiveAction(window.actions_by_id["run.start"])
    assert stepped_back(window) == set()
    menu.setActiveAction(window.actions_by_id["run.selected"])
    menu.aboutToHide.emit()
    assert stepped_back(window) == set()


async def test_that_while_a_part_runs_the_rest_steps_back(window: MainWindow, until: Until) -> None:
    assert window.runs is not None
    seen: list[set[str]] = []
    window.runs.started.connect(lambda: seen.append(stepped_back(window)))
    select(window, "split")
    await run(window, until, "run.selected")
    assert seen[0] == {"capitalize", "filter-short", "filter-long", "count-short", "count-long", "short", "long"}
    assert stepped_back(window) == set()


def test_that_the_menu_of_a_task_offers_both(window: MainWindow) -> None:
    assert window.canvas is not None
    assert [action.objectName() for action in window.canvas.task_actions] == ["run.selected", "run.from_selected"]


def test_that_a_selection_of_all_of_a_large_job_is_judged_at_once(window: MainWindow) -> None:
    names = [f"t{number}" for number in range(2_000)]
    tasks = (Task("in", TaskType.INPUT), *(Task(name, TaskType.FUNCTION) for name in names))
    job_map = JobMap("chain", Datasource("direct"), tasks, tuple(pairwise(["in", *names])))
    start = time.process_time()
    part = part_from(job_map, frozenset(task.key for task in job_map.tasks), None, window.catalog)
    assert part == "“in” is an input: a run starts at other tasks."
    assert time.process_time() - start < 1, "it looks at every task from every task"
