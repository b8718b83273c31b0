"""What the actions of the menu Run do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.catalog import Catalog
from engine.execution.progress import RunStatus
from engine.model.editing import replace_task

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Act = Callable[[], Awaitable[None]]


async def hold_run(desk: Any, gate: Any) -> None:
    """Start a run that waits at the gate, all its tasks but the ends being the gate's."""
    job_map = desk.map
    for task in job_map.tasks:
        if task.is_function:
            job_map = replace_task(job_map, task.key, namespace="gate", method="wait", consumes="string", produces="string", init_args={})
    desk.document.change("Hold", job_map)
    desk.window.page.use_catalog(Catalog([gate]))
    desk.window.actions_by_id["run.start"].trigger()
    await desk.until(lambda: gate.arrived)


@pytest.mark.action("run.start")
async def test_that_run_runs_the_whole_job(desk: Any, do: Act) -> None:
    await do()
    result = await desk.runs_to_its_end()
    assert result.ok
    assert {desk.item(name).state for name in desk.names} == {"done"}


@pytest.mark.action("run.selected")
async def test_that_run_to_selection_runs_what_leads_there_and_nothing_else(desk: Any, do: Act) -> None:
    desk.select("filter-long")
    await do()
    assert (await desk.runs_to_its_end()).ok
    assert set(desk.window.runs.progress.tasks) == {"in", "split", "capitalize", "filter-long"}


@pytest.mark.action("run.from_selected")
async def test_that_run_from_selection_goes_on_from_what_an_earlier_run_gave(desk: Any, do: Act) -> None:
    desk.select("filter-long")
    desk.window.actions_by_id["run.selected"].trigger()
    before = await desk.runs_to_its_end()
    desk.select("count-long")
    await do()
    await desk.until(lambda: desk.window.runs.last_result is not before and not desk.window.runs.is_running)
    result = desk.window.runs.last_result
    assert result.ok
    assert [task for task, progress in result.progress.tasks.items() if progress.ended] == ["count-long", "long"]


@pytest.mark.action("run.stop")
async def test_that_stop_ends_the_run_and_keeps_what_was_finished(desk: Any, do: Act, gate: Any) -> None:
    await hold_run(desk, gate)
    await do()
    result = await desk.runs_to_its_end()
    assert result.status is RunStatus.CANCELLED
    assert result.progress.tasks["in"].ended == 1


@pytest.mark.action("run.pause")
async def test_that_pause_starts_nothing_new_until_it_is_taken_back(desk: Any, do: Act, gate: Any) -> None:
    await hold_run(desk, gate)
    await do()
    gate.opened.set()
    await desk.until(lambda: desk.window.runs.progress.tasks["split"].ended)
    assert desk.window.runs.is_running
    assert gate.arrived == 1
    await do()
    assert (await desk.runs_to_its_end()).ok
    assert gate.arrived == 6
