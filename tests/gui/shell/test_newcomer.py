"""A newcomer builds the main example from nothing with mouse and keys, saves it and runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.execution.results import results_to_json
from engine.files import load_job_map

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from engine.model.job_map import JobMap

    Until = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")  # the offscreen platform says so of lists that open
EXAMPLE = JOBS / "seasonal-sea-surface-report"
FEWER_THAN = 60
RUN = 1  # F5
LONGEST_RUN = 500.0
"""Seconds that a machine with twenty other things to do may take; a quiet one takes thirty."""
KEPT = ["season", "season_name", "months", "mean", "max", "min", "picture"]


def _nearly(value: Any) -> Any:
    match value:
        case dict():
            return {key: _nearly(each) for key, each in value.items()}
        case list():
            return [_nearly(each) for each in value]
        case float():
            return pytest.approx(value, rel=1e-12)
        case _:
            return value


def _meaning(job_map: JobMap) -> tuple[Any, ...]:
    """What a job does, whatever its tasks are called: where payloads come from, and which method with which arguments feeds which."""

    def what(name: str) -> str:
        task = job_map.by_name[name]
        own = task.name if task.type == "output" else json.dumps(dict(task.init_args), sort_keys=True)
        return f"{task.type} {task.namespace} {task.method} {own} {task.collect is not None}"

    edges = sorted((what(one), what(other)) for one, other in job_map.workflow)
    return job_map.datasource, edges


async def _build(person: Any, example: JobMap) -> None:
    """The way of the hand; the texts are the example's own."""
    texts = {task.name: task.init_args for task in example.tasks}
    await person.press("Ctrl+N")
    await person.click_task("in")
    await person.choose("datasource.source", "Sample data")
    await person.take_to("Open NetCDF", "in")
    await person.fill("argument.variable", "surface_temperature")
    await person.press("Tab")
    await person.type("°")
    await person.take_to("Split by season", "Open NetCDF")
    await person.take_to("Seasonal mean", "Split by season")
    await person.take_to("Describe field", "Seasonal mean")
    await person.take_to("Collect", "Describe field")
    await person.press("Return")
    await person.type("seasons")
    await person.press("Tab")
    await person.type(json.dumps(KEPT))
    await person.take_to("Draw map", "Seasonal mean")
    await person.fill("argument.title", texts["Map per season"]["title"])
    await person.press("Tab")
    await person.type(texts["Map per season"]["subtitle"])
    await person.press("Tab")
    await person.type(texts["Map per season"]["label"])
    await person.wire("Draw map", "Collect")
    await person.take_to("Range of the seasons", "Open NetCDF")
    await person.wire("Range of the seasons", "Draw map")
    for name in ("Summarize", "Summarize 2", "Summarize 3"):
        await person.take_to("Summarize", "Open NetCDF")
        if name != "Summarize":
            await person.choose("argument.statistic", "max" if name == "Summarize 2" else "min")
    await person.band("Summarize", "Summarize 2", "Summarize 3")
    await person.take_to("Join", "Summarize 2")
    await person.take_to("Write HTML report", "Join")
    await person.fill("argument.title", texts["HTML report"]["title"])
    await person.press("Tab")
    await person.type(texts["HTML report"]["introduction"])
    await person.press("Tab")
    await person.type(texts["HTML report"]["notes"])
    await person.wire("Collect", "Write HTML report")
    for source, name in (("Collect", "seasons"), ("Join", "numbers")):
        await person.take_to("Output", source)
        await person.type(name)
    await person.wire("Write HTML report", "out")
    await person.click_task("out")
    await person.press("F2")
    await person.type("report")


async def _save(person: Any, name: str, until: Until) -> None:
    await person.press("Ctrl+S")
    await until(lambda: isinstance(QApplication.activeWindow(), QFileDialog))
    await person.type(name)
    await person.press("Return")
    await until(lambda: not person.window.isWindowModified())
    await person.come_back()


async def _built_and_saved(person: Callable[..., Any], folder: Path, until: Until) -> Any:
    """Return the person who did it; the job means what the example means."""
    example = load_job_map(EXAMPLE / "job.json")
    window = ephemeral_gui.open_window()
    await until(lambda: window.panels.palette)
    someone = person(window)
    await _build(someone, example)
    await _save(someone, "seasons", until)
    assert _meaning(load_job_map(folder / "seasons.json")) == _meaning(example)
    await until(lambda: not window.panels.shown_problems)
    return someone


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


async def test_that_a_newcomer_builds_and_saves_the_seasonal_report_in_under_sixty_actions(
    person: Callable[..., Any], home: Path, until: Until
) -> None:
    someone = await _built_and_saved(person, home, until)
    assert len(someone.done) + RUN < FEWER_THAN, someone.done


@pytest.mark.long  # it starts a cluster and works for half a minute
@pytest.mark.timeout(1_200)
async def test_that_what_the_newcomer_built_runs_and_gives_what_the_example_gives(
    person: Callable[..., Any], home: Path, until: Until
) -> None:
    someone = await _built_and_saved(person, home, until)
    await someone.press("F5")
    runs = someone.window.runs
    await until(lambda: runs.is_running or runs.last_result, LONGEST_RUN)
    await until(lambda: runs.last_result, LONGEST_RUN)
    assert runs.last_result.ok, [failure.describe() for failure in runs.last_result.failures]
    given = json.loads(results_to_json(runs.last_result.outputs, None).dump())
    expected = json.loads((EXAMPLE / "expected.json").read_text("utf-8"))
    assert {each["id"]: each for each in given} == _nearly({each["id"]: each for each in expected})
    assert len(someone.done) < FEWER_THAN, someone.done
