from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from engine.cli.exit_codes import ExitCode
from engine.problems import MOST_PROBLEMS_SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ephemeral = Callable[..., Any]
    MakeJob = Callable[..., Path]

KEYS = ["code", "severity", "message", "pointer", "task", "line", "column", "hint"]


def test_that_a_sound_map_has_no_problems(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("validate", job("pass_on"), "--workspace", workspace)
    assert (answer.code, answer.out) == (ExitCode.DONE, "")
    assert answer.err.endswith("job.json: no problems\n")
    assert json.loads(ephemeral("validate", job("pass_on"), "--workspace", workspace, "--json").out) == []


def test_that_every_problem_has_its_place_on_one_line(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    path = job("pas_on", "fial")
    answer = ephemeral("validate", path, "--workspace", workspace)
    assert answer.code == ExitCode.BAD_JOB_MAP
    first, second = answer.out.splitlines()
    assert first.startswith(f"{path}:")
    assert '/tasks/1/method ("pas_on"): ' in first
    assert first.endswith("(did you mean 'pass_on'?)")
    assert '/tasks/2/method ("fial"): ' in second


def test_that_json_lists_the_same_problems_with_exactly_these_keys(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("validate", job("pas_on", "fial"), "--workspace", workspace, "--json")
    problems = json.loads(answer.out)
    assert [list(problem) for problem in problems] == [KEYS, KEYS]
    assert [problem["pointer"] for problem in problems] == ["/tasks/1/method", "/tasks/2/method"]
    assert {problem["severity"] for problem in problems} == {"error"}
    assert answer.code == ExitCode.BAD_JOB_MAP


def test_that_what_is_no_json_is_a_problem_too(ephemeral: Ephemeral, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"name": "x",\n "name": NaN}')
    answer = ephemeral("validate", tmp_path / "broken.json", "--json")
    assert answer.code == ExitCode.BAD_JOB_MAP
    assert [problem["line"] for problem in json.loads(answer.out)]


def test_that_a_missing_file_and_a_missing_input_have_their_code(
    ephemeral: Ephemeral, job: MakeJob, workspace: Path, tmp_path: Path
) -> None:
    assert ephemeral("validate", tmp_path / "gone.json").code == ExitCode.INPUT_MISSING
    path = job("pass_on", datasource={"source": "file", "path": "gone.csv"})
    answer = ephemeral("validate", path, "--workspace", workspace, "--json")
    assert answer.code == ExitCode.INPUT_MISSING
    (problem,) = json.loads(answer.out)
    assert (problem["code"], problem["pointer"]) == ("input-missing", "/datasource/path")


def test_that_warnings_forbid_nothing(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("validate", job("pass_on", colour="red"), "--workspace", workspace)
    assert answer.code == ExitCode.DONE
    assert answer.out.startswith("warning: ")


def test_that_the_hundred_and_first_problem_is_counted(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("validate", job(*(f"gone_{number}" for number in range(MOST_PROBLEMS_SHOWN + 5))), "--workspace", workspace)
    lines = answer.out.splitlines()
    assert len(lines) == MOST_PROBLEMS_SHOWN + 1
    assert lines[-1] == "... and 5 more"


def test_that_control_characters_of_a_map_do_not_reach_the_terminal(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("validate", job("\x1b]0;owned\x07\u202e\n[red]"), "--workspace", workspace)
    assert answer.code == ExitCode.BAD_JOB_MAP
    assert not {"\x1b", "\x07", "\u202e"} & set(answer.out + answer.err)
    assert "\\x1b]0;owned\\x07\\u202e" in answer.out
