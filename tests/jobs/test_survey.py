"""One job with every way to bring branches together, and with branches that fail: run from its file by the command, as a person would.

``survey/job.json`` reads as a story: stations, each with readings, two fan-outs one in the other. One reading is no number, one station
lies in a country without limits, one station has no readings. ``survey/expected.json`` was worked out by hand from what a run means.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from engine.cli.exit_codes import ExitCode

SURVEY = Path(__file__).parent / "survey"
FUNCTIONS = range(1, 11)
"""Positions of the function tasks in the job map."""


def run_survey(state: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine.cli.main", "run", str(SURVEY / "job.json"), "--workspace", str(SURVEY), "--trust"]
    surroundings = {**os.environ, "XDG_STATE_HOME": str(state)}
    return subprocess.run([*command, "--results", "-", *options], env=surroundings, capture_output=True, text=True, check=False)  # noqa: S603  ours


def outputs(answer: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return {output["name"]: output["data"] for output in json.loads(answer.stdout)}


@pytest.mark.parametrize("runs", ["loop", "thread", "process"])
def test_that_branches_come_together_as_the_design_says_wherever_bodies_run(tmp_path: Path, runs: str) -> None:
    placed = [f'/tasks/{position}/policy={{"runs": "{runs}"}}' for position in FUNCTIONS]
    answer = run_survey(tmp_path, *(word for assignment in placed for word in ("--set", assignment)))
    assert answer.returncode == ExitCode.TASK_FAILED, answer.stderr
    assert outputs(answer) == json.loads((SURVEY / "expected.json").read_text("utf-8"))
    assert [line for line in answer.stderr.splitlines() if line.startswith("failed: ")] == [
        "failed: task \"number\" on branch station[0]/reading[2]: ValueError: could not convert string to float: 'n/a'",
        'failed: task "limits" on branch station[2]: LookupError: no limits are known for the country XX',
    ]


def test_that_every_invocation_is_accounted_for(tmp_path: Path) -> None:
    run_survey(tmp_path, "--results", str(tmp_path / "results.json"), "--events", str(tmp_path / "events.jsonl"))
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text("utf-8").splitlines()]
    skipped: dict[str, list[Any]] = {}
    for event in events:
        if event["type"] == "invocation-skipped":
            skipped.setdefault(event["task"], []).append(event["branch_path"])
    assert sorted(skipped["checked"]) == [
        [["station", 0], ["reading", 2]],
        [["station", 2], ["reading", 0]],
        [["station", 2], ["reading", 1]],
    ]
    assert [len(skipped[task]) for task in ("all", "everything", "pairs")] == [1, 1, 3]


def test_that_without_the_flaws_everything_comes_together(tmp_path: Path) -> None:
    answer = run_survey(
        tmp_path,
        *("--set", "/datasource/content/stations/0/readings/2=5.5"),
        *("--set", "/datasource/content/stations/2/country=ES"),
    )
    assert answer.returncode == ExitCode.DONE, answer.stderr
    found = outputs(answer)
    assert found["everything"] == found["rest"]
    assert [found["everything"][0]["readings"], len(found["pairs of neighbours"])] == [10, 6]
