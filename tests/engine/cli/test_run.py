from __future__ import annotations

import json
import logging
import re
from typing import TYPE_CHECKING, Any

import pytest

from engine.cli import log_files, run_report
from engine.cli.exit_codes import ExitCode
from engine.execution import Job
from engine.files import job_map_to_data, load_job_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ephemeral = Callable[..., Any]
    MakeJob = Callable[..., Path]


@pytest.fixture(autouse=True)
def current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "current").mkdir()
    monkeypatch.chdir(tmp_path / "current")
    return tmp_path / "current"


@pytest.fixture
def example(tmp_path: Path, example_data: dict[str, Any]) -> Path:
    path = tmp_path / "example.json"
    path.write_text(json.dumps(example_data))
    return path


def test_that_results_go_to_standard_output_and_progress_beside_it(ephemeral: Ephemeral, example: Path, current_folder: Path) -> None:
    answer = ephemeral("run", example, "--results", "-")
    assert answer.code == ExitCode.DONE
    data = [{"input": "We got: This is a test!this is our test string input"}]
    assert json.loads(answer.out) == [{"id": "out", "name": "out", "type": "output", "data": data}]
    assert re.search(r"^done +example  1/1  \d", answer.err, re.MULTILINE)
    assert re.search(r"^Example Job: done after \d", answer.err, re.MULTILINE)
    assert list(current_folder.iterdir()) == []


def test_that_results_go_to_a_file(ephemeral: Ephemeral, example: Path, tmp_path: Path) -> None:
    answer = ephemeral("run", example, "--results", tmp_path / "r.json")
    assert answer.code == ExitCode.DONE
    assert answer.out == ""
    assert json.loads((tmp_path / "r.json").read_text())[0]["name"] == "out"


def test_that_without_a_place_for_results_they_are_shown(ephemeral: Ephemeral, example: Path) -> None:
    answer = ephemeral("run", example)
    assert answer.out == 'out:\n  {"input": "We got: This is a test!this is our test string input"}\n'


def test_that_values_of_the_map_are_set_from_left_to_right(ephemeral: Ephemeral, example: Path) -> None:
    pointer = "/datasource/content"
    answer = ephemeral(
        "run", example, "--results", "-", "--set", f'{pointer}={{"input": 1}}', "--set", f"{pointer}/input=a=b",
        "--set", '/tasks/1/init_args/example_property="5"',
    )  # fmt: skip
    assert json.loads(answer.out)[0]["data"] == [{"input": "We got: 5a=b"}]


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("/nope/x=1", 'there is no "nope" in the job map'),
        ("/nmae=x", "there is no \"nmae\" in the job map (did you mean 'name'?)"),
        ("/tasks/3/name=x", 'there is no "3" in /tasks'),
        ("/tasks/-1/name=x", 'there is no "-1" in /tasks'),
        ("/tasks/01/name=x", 'there is no "01" in /tasks'),
        ("/tasks/1/init_args/example_property/deep=x", 'there is no "deep" in /tasks/1/init_args/example_property'),
        ("/datasource/content/inputs=x", "did you mean 'input'?"),
        ("name=x", "the pointer must start with /"),
        ("/name", "expected /json/pointer=VALUE"),
    ],
)
def test_that_a_pointer_to_nowhere_is_a_usage_error(ephemeral: Ephemeral, example: Path, assignment: str, message: str) -> None:
    answer = ephemeral("run", example, "--set", assignment)
    assert answer.code == ExitCode.USAGE
    assert message in answer.err


def test_that_optional_keys_can_be_set_where_they_are_not_yet(ephemeral: Ephemeral, example: Path) -> None:
    answer = ephemeral("run", example, "--results", "-", "--set", "/tasks/1/disabled=bypass", "--set", '/policy={"fail_fast": true}')
    assert answer.code == ExitCode.DONE
    assert json.loads(answer.out)[0]["data"] == [{"input": "this is our test string input"}]


def test_that_a_bad_map_is_refused_with_every_problem(ephemeral: Ephemeral, example: Path) -> None:
    answer = ephemeral("run", example, "--set", "/tasks/1/method=exampel", "--set", "/workflow/0/0=inn")
    assert answer.code == ExitCode.BAD_JOB_MAP
    assert "/tasks/1/method" in answer.err
    assert "did you mean 'example'?" in answer.err
    assert "/workflow/0/0" in answer.err
    assert "Traceback" not in answer.err


def test_that_a_missing_map_and_a_missing_input_are_named(ephemeral: Ephemeral, example: Path, tmp_path: Path) -> None:
    answer = ephemeral("run", tmp_path / "gone.json")
    assert (answer.code, answer.err) == (ExitCode.INPUT_MISSING, f"ephemeral: {tmp_path}/gone.json: there is no such file\n")
    answer = ephemeral("run", example, "--set", '/datasource={"source": "file", "path": "gone.csv"}')
    assert answer.code == ExitCode.INPUT_MISSING
    assert str(tmp_path / "gone.csv") in answer.err


def test_that_a_workspace_that_is_not_trusted_is_not_loaded(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("run", job("pass_on"), "--workspace", workspace)
    assert answer.code == ExitCode.NOT_TRUSTED
    assert "--trust" in answer.err
    assert ephemeral("run", job("pass_on"), "--workspace", workspace, "--trust").code == ExitCode.DONE


def test_that_a_failure_names_task_branch_and_traceback_and_other_results_are_written(
    ephemeral: Ephemeral, job: MakeJob, workspace: Path, tmp_path: Path, log_folder: Path
) -> None:
    answer = ephemeral("run", job("spread", "fail"), "--workspace", workspace, "--trust", "--results", tmp_path / "r.json")
    assert answer.code == ExitCode.TASK_FAILED
    assert 'failed: task "fail" on branch spread[2]: ValueError: no \\x1b[31mgood' in answer.err
    assert "\x1b" not in answer.err
    assert "Traceback (" not in answer.err
    assert json.loads((tmp_path / "r.json").read_text())[0]["data"] == [{"n": 0}, {"n": 1}, {"n": 3}]
    (log,) = log_folder.iterdir()
    assert f"Tracebacks: {log}" in answer.err
    assert "ValueError: no" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("runs", ["loop", "thread", "process"])
def test_that_a_failure_is_shown_cut_and_is_whole_in_the_log(
    ephemeral: Ephemeral, job: MakeJob, workspace: Path, log_folder: Path, runs: str
) -> None:
    path = job("fail_at_length", policies={"fail_at_length": {"runs": runs}})
    answer = ephemeral("run", path, "--workspace", workspace, "--trust")
    assert answer.code == ExitCode.TASK_FAILED
    assert "characters left out" in answer.err
    assert len(answer.err) < 20_000
    (log,) = log_folder.iterdir()
    text = log.read_text("utf-8")
    assert f"Tracebacks: {log}" in answer.err
    assert len(text) > 50_000_000
    assert (text.count("\nValueError: begin xxx"), text.rstrip().endswith("xxx end")) == (1, True)


def test_that_what_logs_elsewhere_never_gets_failures_at_length(
    ephemeral: Ephemeral, job: MakeJob, workspace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        ephemeral("run", job("fail_at_length"), "--workspace", workspace, "--trust")
    assert all(len(record.getMessage()) < 20_000 for record in caplog.records)


def test_that_an_invalid_result_says_what_came(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("run", job("give_text"), "--workspace", workspace, "--trust")
    assert answer.code == ExitCode.TASK_FAILED
    assert "str" in answer.err


def test_that_events_are_lines_of_json_in_sequence(ephemeral: Ephemeral, job: MakeJob, workspace: Path, tmp_path: Path) -> None:
    arguments = ("run", job("spread", "fail"), "--workspace", workspace, "--trust", "--results", tmp_path / "r.json")
    answer = ephemeral(*arguments, "--events", "-")
    events = [json.loads(line) for line in answer.out.splitlines()]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    assert {event["version"] for event in events} == {1}
    assert (events[0]["type"], events[-1]["type"], events[-1]["status"]) == ("run-started", "run-finished", "failed")
    (failed,) = [event for event in events if event["type"] == "invocation-failed"]
    assert (failed["task"], failed["branch_path"], failed["failure"]["error_type"]) == ("fail", [["spread", 2]], "ValueError")
    ephemeral(*arguments, "--events", tmp_path / "events.jsonl")
    assert len((tmp_path / "events.jsonl").read_text().splitlines()) == len(events)


def test_that_only_one_stream_can_have_standard_output(ephemeral: Ephemeral, example: Path) -> None:
    assert ephemeral("run", example, "--results", "-", "--events", "-").code == ExitCode.USAGE


def test_that_what_tasks_print_does_not_mix_with_results(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("run", job("make_noise"), "--workspace", workspace, "--trust", "--results", "-")
    assert json.loads(answer.out)[0]["data"] == [{"input": "x"}]
    assert "noise\n" in answer.err


def test_that_arrays_go_to_the_output_folder(ephemeral: Ephemeral, job: MakeJob, workspace: Path, tmp_path: Path) -> None:
    path = job("make_array")
    answer = ephemeral("run", path, "--workspace", workspace, "--trust", "--results", "-", "--output", tmp_path / "out")
    reference = json.loads(answer.out)[0]["data"][0]["array"]
    assert reference["$type"] == "numpy.ndarray"
    assert reference["$file"].startswith(str(tmp_path / "out" / "results"))


@pytest.mark.parametrize(
    ("option", "place"),
    [
        ("--results", "missing/r.json"),
        ("--results", "."),
        ("--events", "missing/e.jsonl"),
        ("--output", "example.json"),
        ("--output", "example.json/x"),
    ],
)
def test_that_a_place_that_cannot_be_written_is_found_before_the_run(
    ephemeral: Ephemeral, example: Path, tmp_path: Path, option: str, place: str
) -> None:
    answer = ephemeral("run", example, option, tmp_path / place)
    assert answer.code == ExitCode.CANNOT_CREATE
    assert str(tmp_path) in answer.err
    assert "done" not in answer.err


def test_that_a_lost_executor_has_its_own_code(
    ephemeral: Ephemeral, job: MakeJob, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.execution.executors.dask_client.CONNECT_SECONDS", 0.2)
    answer = ephemeral("run", job("use_lost_cluster"), "--workspace", workspace, "--trust", "--dask", "tcp://127.0.0.1:9")
    assert answer.code == ExitCode.EXECUTOR_LOST
    assert "no dask scheduler answers at tcp://127.0.0.1:9" in answer.err


def test_that_fail_fast_and_limits_reach_the_run(ephemeral: Ephemeral, job: MakeJob, workspace: Path, tmp_path: Path) -> None:
    arguments = ("run", job("spread", "fail"), "--workspace", workspace, "--trust", "--results", "-")
    answer = ephemeral(*arguments, "--fail-fast", "--max-concurrent", "1")
    assert answer.code == ExitCode.TASK_FAILED
    assert {"n": 3} not in json.loads(answer.out)[0]["data"]
    assert ephemeral(*arguments, "--max-concurrent", "0").code == ExitCode.USAGE


def test_that_many_payloads_and_failures_are_shown_in_part(
    ephemeral: Ephemeral, job: MakeJob, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_report, "MOST_SHOWN", 2)
    answer = ephemeral("run", job("spread", "pass_on"), "--workspace", workspace, "--trust")
    assert answer.out == 'out:\n  {"n": 0}\n  {"n": 1}\n  ... and 2 more; --results FILE writes them all\n'


def test_that_warnings_of_the_map_are_said(ephemeral: Ephemeral, job: MakeJob, workspace: Path) -> None:
    answer = ephemeral("run", job("pass_on", colour="red"), "--workspace", workspace, "--trust")
    assert answer.code == ExitCode.DONE
    assert re.search(r"^warning: .*/colour", answer.err, re.MULTILINE)


def test_that_a_secret_is_never_shown(ephemeral: Ephemeral, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "hunter2")
    secret = "/tasks/1/init_args/example_property=" + json.dumps({"$secret": "API_TOKEN"})
    answer = ephemeral("run", example, "--set", secret, "--results", "-")
    assert answer.code == ExitCode.DONE
    assert "hunter2" not in answer.out + answer.err
    assert "hunter2" not in ephemeral("run", example, "--set", secret).out
    monkeypatch.delenv("API_TOKEN")
    answer = ephemeral("run", example, "--set", secret)
    assert answer.code == ExitCode.BAD_JOB_MAP
    assert "API_TOKEN" in answer.err


def test_that_a_bug_of_ours_is_a_sentence_and_a_file(
    ephemeral: Ephemeral, example: Path, monkeypatch: pytest.MonkeyPatch, log_folder: Path
) -> None:
    def stumble(*_args: object, **_options: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(Job, "start", stumble)
    answer = ephemeral("run", example)
    assert answer.code == ExitCode.BUG
    (log,) = log_folder.iterdir()
    assert answer.err == f"ephemeral: a bug of ours, not of your job: KeyError: 'lost'\nThe traceback is in {log}; please report it.\n"
    assert "Traceback" in log.read_text()


def test_that_old_logs_are_forgotten(monkeypatch: pytest.MonkeyPatch, log_folder: Path) -> None:
    monkeypatch.setattr(log_files, "MOST_KEPT", 3)
    paths = [log_files.write_log("run", f"{number}") for number in range(5)]
    assert len(set(paths)) == 5
    assert len(list(log_folder.iterdir())) == 3


def test_that_ctrl_c_before_the_run_has_its_code_and_no_traceback(
    ephemeral: Ephemeral, example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Job, "start", interrupted)
    answer = ephemeral("run", example)
    assert (answer.code, answer.err) == (ExitCode.INTERRUPTED, "")


def test_that_a_method_that_is_not_installed_is_refused_and_its_task_kept(
    ephemeral: Ephemeral, tmp_path: Path, example_data: dict[str, Any]
) -> None:
    example_data["tasks"][1] |= {"namespace": "main.geo", "method": "clip", "init_args": {"bounds": [1, 2.5, None]}, "note": {"kept": True}}
    path = tmp_path / "example.json"
    path.write_text(json.dumps(example_data))
    for command in ("run", "validate"):
        answer = ephemeral(command, path)
        assert answer.code == ExitCode.BAD_JOB_MAP
        assert re.search(r'example\.json:1:\d+ /tasks/1/namespace \("example"\): main\.geo\.clip is not installed', answer.out + answer.err)
    assert job_map_to_data(load_job_map(path)) == example_data
