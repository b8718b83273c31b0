"""``ephemeral run`` whose cluster loses a worker, or is killed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from engine.cli.exit_codes import ExitCode
from tests.child_processes import children, children_with, still_running
from tests.engine.execution.executors.signs import is_of_body

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(300)  # limits for a hang, not for speed: machines may be busy

JOB = {
    "name": "Stay",
    "datasource": {"source": "direct", "content": {"n": 1}},
    "tasks": [
        {"name": "in", "type": "input"},
        {
            "name": "echo",
            "type": "function",
            "namespace": "faults",
            "method": "echo",
            "consumes": "any",
            "produces": "any",
            "init_args": {},
        },
        {
            "name": "stays",
            "type": "function",
            "namespace": "faults",
            "method": "stays",
            "consumes": "any",
            "produces": "any",
            "init_args": {},
            "policy": {"runs": "dask"},
        },
        {"name": "out", "type": "output"},
        {"name": "finished", "type": "output"},
    ],
    "workflow": [["in", "echo"], ["echo", "stays"], ["stays", "out"], ["echo", "finished"]],
}


class Command:
    """A run by the command line.

    Args:
        folder: its output folder, and where its results go.
    """

    def __init__(self, workspace: Path, folder: Path) -> None:
        self.folder = folder
        (folder / "job.json").write_text(json.dumps(JOB), encoding="utf-8")
        places = ["--workspace", workspace, "--output", folder, "--results", folder / "results.json"]
        command = [sys.executable, "-m", "engine.cli.main", "run", folder / "job.json", "--trust", "--events", "-", *places]
        self.process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603  ours

    def worker(self) -> psutil.Process:
        """Wait until the task runs, and return the process that it is in."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = json.loads(line)
            if event["type"] == "task-progress" and is_of_body(event["text"]):
                return psutil.Process(int(event["text"]))
        raise AssertionError(self.process.communicate())

    def cluster(self) -> psutil.Process:
        """Return the process that holds the cluster."""
        (found,) = children_with("cluster_process", self.process.pid)
        return found

    def end(self) -> tuple[int, str]:
        """Let the task go on, and return how the run ended and what it said."""
        (self.folder / "released").touch()
        _, err = self.process.communicate()
        return self.process.returncode, err

    def results(self, name: str) -> list[dict[str, Any]]:
        """Return what reached an output."""
        outputs = json.loads((self.folder / "results.json").read_text(encoding="utf-8"))
        return next(output["data"] for output in outputs if output["name"] == name)


@pytest.fixture
def command(workspace: Path, tmp_path: Path) -> Iterator[Command]:
    """Run the job."""
    command = Command(workspace, tmp_path)
    yield command
    command.process.kill()
    command.process.communicate()


def test_that_a_run_survives_the_kill_of_a_worker(command: Command) -> None:
    worker = command.worker()
    worker.kill()
    code, err = command.end()
    assert (code, "Traceback" in err) == (ExitCode.DONE, False), err
    (payload,) = command.results("out")
    assert payload["pid"] != worker.pid


def test_that_a_run_ends_with_75_when_its_cluster_is_killed(command: Command) -> None:
    command.worker()
    cluster = command.cluster()
    family = [cluster, *children(cluster.pid, recursive=True)]
    cluster.kill()
    code, err = command.end()
    assert (code, "Traceback (" in err) == (ExitCode.EXECUTOR_LOST, False), err
    assert "dask" in err
    assert (len(command.results("out")), len(command.results("finished"))) == (0, 1)
    assert still_running(family, 10) == []
