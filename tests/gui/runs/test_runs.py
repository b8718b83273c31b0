"""Runs of a document, on the event loop that runs on Qt."""

from __future__ import annotations

import asyncio
import gc
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QElapsedTimer

from engine.catalog import Catalog, load_catalog
from engine.errors import JobMapError
from engine.execution.progress import RunStatus
from engine.files import parse_job_map
from engine.model.editing import set_argument
from ephemeral_gui.document.document import Document
from ephemeral_gui.runs.runs import RunInProgressError, Runs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Until = Callable[[Callable[[], object]], Awaitable[None]]


def _document(*tasks: dict[str, Any]) -> Document:
    names = ["in", *(task["name"] for task in tasks), "out"]
    data = {
        "name": "Waiting",
        "datasource": {"source": "direct", "content": {"input": "x"}},
        "tasks": [
            {"name": "in", "type": "input"},
            *({"type": "function", "consumes": "string", "produces": "string", **task} for task in tasks),
            {"name": "out", "type": "output"},
        ],
        "workflow": [list(edge) for edge in pairwise(names)],
    }
    return Document(parse_job_map(data))


def _example(text: str = "!") -> dict[str, Any]:
    return {"name": "example", "namespace": "main", "method": "example", "init_args": {"example_property": text}}


@pytest.fixture
def builtin(qapp: object) -> Catalog:
    return load_catalog()


async def test_that_the_result_is_awaited_and_kept(builtin: Catalog) -> None:
    runs = Runs(_document(_example()), builtin)
    result = await runs.start()
    assert result.ok
    assert result.outputs[0]["data"] == [{"input": "We got: !x"}]
    assert runs.last_result is result
    assert runs.progress is not None
    assert {name: task.state for name, task in runs.progress.tasks.items()} == dict.fromkeys(("in", "example", "out"), "done")


async def test_that_its_signals_tell_the_story_in_order(builtin: Catalog) -> None:
    runs = Runs(_document(_example()), builtin)
    story: list[tuple[str, bool]] = []
    for name in ("started", "progressed", "finished"):
        getattr(runs, name).connect(lambda name=name: story.append((name, runs.is_running)))
    await runs.start()
    assert story[0] == ("started", True)
    assert story[-2:] == [("progressed", False), ("finished", False)]


async def test_that_a_run_works_on_its_own_snapshot(builtin: Catalog) -> None:
    document = _document(_example("before"))
    runs = Runs(document, builtin)
    running = runs.start()
    key = document.job_map.by_name["example"].key
    document.change("Edit", set_argument(document.job_map, key, "example_property", "after"))
    assert (await running).outputs[0]["data"] == [{"input": "We got: beforex"}]
    assert (await runs.start()).outputs[0]["data"] == [{"input": "We got: afterx"}]


async def test_that_a_job_map_that_cannot_run_is_refused_with_its_problems(builtin: Catalog) -> None:
    runs = Runs(_document({**_example(), "method": "exampel"}), builtin)
    seen: list[str] = []
    runs.started.connect(lambda: seen.append("started"))
    runs.finished.connect(lambda: seen.append("finished"))
    with pytest.raises(JobMapError) as refused:
        await runs.start()
    assert [(problem.code, problem.task) for problem in refused.value.problems] == [("unknown-method", "example")]
    assert seen == []
    assert not runs.is_running


async def test_that_a_second_start_while_it_runs_is_refused(builtin: Catalog) -> None:
    runs = Runs(_document(_example()), builtin)
    running = runs.start()
    with pytest.raises(RunInProgressError):
        runs.start()
    await running


WAIT = {"name": "wait", "namespace": "gate", "method": "wait"}


async def test_that_a_stopped_run_keeps_what_was_finished(gate: Any, until: Until) -> None:
    runs = Runs(_document({**_example(), "namespace": "gate", "method": "fan", "init_args": {"count": 3}}, WAIT), Catalog([gate]))
    running = runs.start()
    await until(lambda: gate.arrived == 3)
    runs.stop()
    result = await running
    assert result.status is RunStatus.CANCELLED
    assert result.progress.tasks["example"].succeeded == 1
    assert result.progress.tasks["wait"].cancelled == 3


async def test_that_cancelling_the_wait_stops_the_run(gate: Any, until: Until) -> None:
    runs = Runs(_document(WAIT), Catalog([gate]))
    running = runs.start()
    await until(lambda: gate.arrived)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not runs.is_running
    assert runs.progress is not None
    assert runs.progress.status is RunStatus.CANCELLED


async def test_that_a_paused_run_starts_nothing_until_it_is_resumed(gate: Any, until: Until) -> None:
    second = {**WAIT, "name": "second"}
    runs = Runs(_document(WAIT, second), Catalog([gate]))
    running = runs.start()
    await until(lambda: gate.arrived)
    runs.pause()
    assert runs.is_paused
    gate.opened.set()
    await asyncio.sleep(0.05)
    assert gate.arrived == 1
    runs.resume()
    assert not runs.is_paused
    assert (await running).ok
    assert gate.arrived == 2


async def test_that_pause_and_stop_without_a_run_do_nothing(gate: Any) -> None:
    runs = Runs(_document(WAIT), Catalog([gate]))
    runs.pause()
    runs.resume()
    runs.stop()
    assert not runs.is_paused
    assert not runs.is_running


async def test_that_progress_comes_at_most_thirty_times_a_second_whatever_happens(gate: Any) -> None:
    gate.opened.set()
    fan = {**_example(), "namespace": "gate", "method": "fan", "init_args": {"count": 20_000}}
    runs = Runs(_document(fan, WAIT), Catalog([gate]))
    looks: list[int] = []
    runs.progressed.connect(lambda: looks.append(1))
    clock = QElapsedTimer()
    clock.start()
    result = await runs.start(max_concurrent=10)
    seconds = clock.elapsed() / 1000
    assert result.progress.tasks["wait"].succeeded == 20_000
    assert 1 <= len(looks) <= seconds * 30 + 2


async def test_that_other_callbacks_get_their_turn_while_branches_run(gate: Any) -> None:
    gate.opened.set()
    fan = {**_example(), "namespace": "gate", "method": "fan", "init_args": {"count": 20_000}}
    runs = Runs(_document(fan, WAIT), Catalog([gate]))
    work: list[float] = []  # of this thread alone: another process may hold the core for longer
    gc.collect()
    gc.freeze()  # what other tests left behind is not to be walked by the collections of this one

    async def beat() -> None:
        while runs.is_running:
            start = time.thread_time()
            await asyncio.sleep(0)
            work.append(time.thread_time() - start)

    try:
        running = runs.start()
        await beat()
        await running
    finally:
        gc.unfreeze()
    assert len(work) > 20
    assert max(work) < 0.03, sorted(work)[-8:]
