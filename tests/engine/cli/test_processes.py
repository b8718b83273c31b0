"""Exit codes and signals of real processes."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from engine.catalog.installation import JOBS
from engine.cli.exit_codes import ExitCode
from tests.child_processes import children, still_running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    MakeJob = Callable[..., Path]

COMMAND = [sys.executable, "-m", "engine.cli.main"]


@contextlib.contextmanager
def _running(job: Path, workspace: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A process that runs the job, given once the job's task waits."""
    command = [*COMMAND, "run", str(job), "--workspace", str(workspace), "--trust", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:  # noqa: S603  ours
        try:
            assert process.stderr is not None
            before = list(itertools.takewhile(lambda line: line != "waiting\n", process.stderr))
            assert process.poll() is None, before
            yield process
        finally:
            process.kill()


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)  # noqa: S603  ours


def test_that_a_process_ends_with_the_code_of_its_command(job: MakeJob, workspace: Path, tmp_path: Path) -> None:
    assert _run("--version").returncode == ExitCode.DONE
    assert _run("fly").returncode == ExitCode.USAGE
    assert _run("run", tmp_path / "gone.json").returncode == ExitCode.INPUT_MISSING
    failed = _run("run", job("fail"), "--workspace", workspace, "--trust")
    assert failed.returncode == ExitCode.TASK_FAILED
    assert "Traceback (" not in failed.stderr


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED), (signal.SIGHUP, 143)]
)
def test_that_a_signal_stops_the_run_and_keeps_results(job: MakeJob, workspace: Path, tmp_path: Path, number: int, code: int) -> None:
    with _running(job("wait"), workspace, "--results", tmp_path / "r.json") as process:
        process.send_signal(number)
        _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert json.loads((tmp_path / "r.json").read_text())[0]["data"] == []
    assert "Lab job: stopped after" in err
    assert "Traceback" not in err


def test_that_a_second_signal_leaves_at_once(job: MakeJob, workspace: Path) -> None:
    with _running(job("will_not_end"), workspace) as process:
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert any(line == "no\n" for line in process.stderr)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "abandoned" not in err  # it did not wait for the grace of the body
    assert "Traceback" not in err


LATE = """
import asyncio, signal, sys
from engine.cli.signal_watch import watched_signals

async def run(number):
    stopped = asyncio.Event()
    with watched_signals(stopped.set):
        signal.raise_signal(number)
        await stopped.wait()

number = int(sys.argv[1])
asyncio.run(run(number))
signal.raise_signal(number)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)])
def test_that_a_second_signal_leaves_with_its_code_also_when_the_run_has_just_ended(number: int, code: int) -> None:
    """Python's own handlers end a process that is leaving by the signal itself."""
    command = [sys.executable, "-c", LATE, str(int(number))]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    assert (answer.returncode, "Traceback" in answer.stderr) == (code, False), answer.stderr


def test_that_a_body_that_holds_the_loop_cannot_keep_the_process(job: MakeJob, workspace: Path) -> None:
    with _running(job("hold_the_loop"), workspace) as process:
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)  # two signals that come at once are one
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("method", "warning"),
    [
        ("leave_a_thread", "threads that were started while the job ran still run: Thread-1 (sleep)"),
        ("leave_a_call", "what tasks handed to threads does not end and is left behind (1)"),
    ],
)
def test_that_threads_that_a_body_leaves_do_not_keep_the_process(job: MakeJob, workspace: Path, method: str, warning: str) -> None:
    command = [*COMMAND, "run", str(job(method)), "--workspace", str(workspace), "--trust", "--results", "-"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  ours
    assert answer.returncode == ExitCode.DONE
    assert json.loads(answer.stdout)[0]["data"] == [{"input": "x"}]
    assert warning in answer.stderr


@pytest.mark.parametrize(("retries", "code", "reached"), [(0, ExitCode.TASK_FAILED, [0, 1, 3]), (1, ExitCode.DONE, [0, 1, 2, 3])])
def test_that_a_worker_killed_in_the_midst_of_a_run_fails_its_branch_alone_or_is_tried_again(
    job: MakeJob, workspace: Path, retries: int, code: int, reached: list[int]
) -> None:
    path = job("spread", "linger", policies={"linger": {"runs": "process", "retries": retries}})
    command = [*COMMAND, "run", str(path), "--workspace", str(workspace), "--trust", "--results", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  ours
        try:
            assert process.stderr is not None
            worker = next(int(line.split()[1]) for line in process.stderr if line.startswith("worker "))
            os.kill(worker, signal.SIGKILL)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, [payload["n"] for payload in json.loads(out)[0]["data"]]) == (code, reached)
    failed = [line for line in err.splitlines() if line.startswith("failed: ")]
    expected = 'failed: task "linger" on branch spread[2]: worker-ended: worker process ended (exit code -9)'
    assert failed == ([expected] if code else [])


def test_that_a_body_that_will_not_end_is_named_and_left_behind(job: MakeJob, workspace: Path, tmp_path: Path) -> None:
    with _running(job("will_not_end"), workspace, "--results", tmp_path / "r.json") as process:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.TERMINATED
    assert "abandoned: " in err
    assert "will_not_end" in err
    assert (tmp_path / "r.json").exists()


def test_that_ctrl_c_ends_the_cluster_without_a_word_of_it(
    job: MakeJob, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    with _running(job("use_cluster"), workspace) as process:
        workers = children(process.pid, recursive=True)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
        _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in err
    assert "distributed" not in err
    assert still_running(workers, 10) == []
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("option", ["--results", "--events"])
def test_that_a_pipe_that_nobody_reads_ends_the_run_without_a_traceback(job: MakeJob, workspace: Path, option: str) -> None:
    command = [*COMMAND, "run", str(job("spread")), "--workspace", str(workspace), "--trust", option, "-"]
    reader, writer = os.pipe()
    os.close(reader)
    answer = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S603  ours
    os.close(writer)
    assert answer.returncode == ExitCode.IO_ERROR
    assert "Traceback" not in answer.stderr
    assert "BrokenPipe" not in answer.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("option", ["--results", "--events"])
def test_that_a_reader_that_has_enough_ends_the_run_without_a_traceback(  # noqa: PLR0917  fixtures
    job: MakeJob, workspace: Path, option: str, unbuffered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``ephemeral run --events - | head -1``, the reader gone in the midst of far more than a pipe holds."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    content = [{"n": number, "text": "x" * 1_000} for number in range(1, 1_000)]
    words = [*COMMAND, "run", str(job("pass_on", content=content)), "--workspace", str(workspace), "--trust", option, "-"]
    with (tmp_path / "errors.txt").open("wb") as errors, subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors) as process:  # noqa: S603  ours
        assert process.stdout is not None
        assert process.stdout.read(1)
        process.stdout.close()
        code = process.wait(60)
    said = (tmp_path / "errors.txt").read_text()
    assert code == ExitCode.IO_ERROR
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


@pytest.mark.parametrize("place", ["missing", "file"])
def test_that_a_run_without_a_cluster_needs_no_place_for_temporary_files(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "TMPDIR": str(tmp_path / place)}
    words = [*COMMAND, "run", str(JOBS / "simple-example" / "job.json"), "--results", str(tmp_path / "results.json")]
    answer = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours
    assert answer.returncode == ExitCode.DONE, answer.stderr
    assert json.loads((tmp_path / "results.json").read_text())[0]["name"] == "out"


@pytest.mark.parametrize("place", ["missing", "file"])
def test_that_a_cluster_without_a_place_for_its_files_names_it(place: str, job: MakeJob, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "TMPDIR": str(tmp_path / place)}
    path = job("pass_on", policies={"pass_on": {"runs": "dask"}})
    words = [*COMMAND, "run", str(path), "--workspace", str(workspace), "--trust"]
    answer = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours
    assert answer.returncode == ExitCode.CANNOT_CREATE, answer.stderr
    assert str(tmp_path / place) in answer.stderr
    assert "Traceback (" not in answer.stderr


def test_that_a_full_disk_is_an_io_error(job: MakeJob, workspace: Path) -> None:
    answer = _run("run", job("spread"), "--workspace", workspace, "--trust", "--events", "/dev/full")
    assert answer.returncode == ExitCode.IO_ERROR
    assert "/dev/full: writing events failed: No space left on device" in answer.stderr


def test_that_a_run_needs_no_heavy_library() -> None:
    code = (
        "import sys; from engine.cli.main import main; main(sys.argv[1:]);"
        "print(sorted({'PySide6', 'rich', 'dask', 'distributed', 'numpy', 'xarray', 'jsonschema', 'platformdirs'} & set(sys.modules)))"
    )
    arguments = [sys.executable, "-c", code, "run", str(JOBS / "simple-example" / "job.json")]
    answer = subprocess.run(arguments, capture_output=True, text=True, check=True)  # noqa: S603  ours
    assert answer.stdout.splitlines()[-1] == "[]"


def test_that_results_go_to_a_pipe_that_has_a_path() -> None:
    answer = _run("run", JOBS / "simple-example" / "job.json", "--results", "/dev/stdout")
    assert answer.returncode == ExitCode.DONE
    assert json.loads(answer.stdout)[0]["name"] == "out"
