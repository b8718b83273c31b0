"""The guess when a run will end: told by the progress panel and the status bar alike, and by neither too early."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from engine.execution.progress import ProgressSnapshot, RunStatus, TaskProgress, TaskState
from ephemeral_gui.main_window.run_words import run_words
from ephemeral_gui.runs.overall_bar import end_text
from ephemeral_gui.widgets.strip import shares_of

if TYPE_CHECKING:
    from ephemeral_gui.runs.runs import Runs


@pytest.mark.parametrize(
    ("seconds", "ended", "words"),
    [(1.0, 20, "Running 00:01"), (10.0, 2, "Running 00:10"), (10.0, 20, "Running 00:10, about 00:10 left")],
    ids=["too early", "too few", "enough"],
)
def test_that_panel_and_status_bar_guess_alike(seconds: float, ended: int, words: str) -> None:
    work = TaskProgress("work", TaskState.RUNNING, succeeded=ended, running=40 - ended)
    snapshot = ProgressSnapshot("run", RunStatus.RUNNING, seconds, {"work": work})
    said = run_words(cast("Runs", SimpleNamespace(progress=snapshot, is_running=True)))
    assert said == ("running", words)
    assert ("left" in end_text(RunStatus.RUNNING, seconds, shares_of(work))) == ("left" in words)
