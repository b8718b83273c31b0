"""A cluster that serves several runs and outlives them: what one run does, or leaves when it is killed, is no other's affair."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution import run as run_module
from engine.execution import worker as worker_module
from engine.execution.progress import RunStatus
from tests.engine.execution.executors.signs import is_of_body, speaks

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    import psutil

    from engine.execution import Job, Run, RunResult

    Faults = Callable[..., Job]
    Heard = Callable[..., Coroutine[Any, Any, Run]]

pytestmark = pytest.mark.timeout(300)  # limits for a hang, not for speed: machines may be busy

ON_DASK = {"runs": "dask"}
KINDS = {"type": "function", "namespace": "faults", "consumes": "any", "produces": "any", "policy": ON_DASK}


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


@pytest.fixture
def killed_run(workspace: Path, tmp_path: Path) -> Callable[..., None]:
    """Run tasks one after another by the command line, and kill the run once the last one says something."""

    def run_and_kill(address: str, **tasks: dict[str, Any]) -> None:
        names = ["in", *tasks, "out"]
        functions = [{"name": name, "method": name, "init_args": init_args, **KINDS} for name, init_args in tasks.items()]
        job = {
            "name": "Killed",
            "datasource": {"source": "direct", "content": {"n": 1}},
            "tasks": [{"name": "in", "type": "input"}, *functions, {"name": "out", "type": "output"}],
            "workflow": [list(pair) for pair in itertools.pairwise(names)],
        }
        (tmp_path / "job.json").write_text(json.dumps(job), encoding="utf-8")
        places = ["--workspace", workspace, "--output", tmp_path / "output", "--dask", address]
        command = [sys.executable, "-m", "engine.cli.main", "run", tmp_path / "job.json", "--trust", "--events", "-", *places]
        with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603  ours
            assert process.stdout is not None
            said = map(json.loads, process.stdout)
            try:
                speaks = any(
                    event["type"] == "task-progress" and event["task"] == names[-2] and is_of_body(event["text"]) for event in said
                )
            finally:
                process.kill()  # also at the test's time limit: the end of this block waits for it
            _, err = process.communicate()
        assert speaks, err

    return run_and_kill


async def test_that_a_run_that_ends_takes_nothing_from_another(faults: Faults, heard: Heard, dask_address: str, tmp_path: Path) -> None:
    """Neither a generator that waits on a worker nor a body that runs there."""
    tasks = {"streams": {"count": 40, **ON_DASK}, "slow": {"method": "stays"}, "stays": ON_DASK}
    job = faults("in>streams>slow>out in>stays>out2", tasks, fields={"policy": {"max_concurrent": 3}})
    run = await heard(job, speaks, count=2, dask=dask_address, output=tmp_path)
    other = await faults("in>fan>echo>out", {"fan": {"count": 6}, "echo": ON_DASK}).run(dask=dask_address)
    assert (other.ok, len(reached(other))) == (True, 6)
    (tmp_path / "released").touch()
    result = await run
    assert [failure.describe() for failure in result.failures] == []
    assert (len(reached(result)), len(reached(result, "out2"))) == (40, 1)


@pytest.mark.parametrize("times", [0, 2])
async def test_that_the_bodies_of_a_run_that_was_killed_are_cancelled_and_free_their_worker(
    faults: Faults, killed_run: Callable[..., None], scheduler: tuple[psutil.Popen, str], worker: psutil.Popen, times: int
) -> None:
    """The worker runs one task at a time: the next run waits until the body ends, which swallows the first cancels."""
    killed_run(scheduler[1], swallows={"times": times, "seconds": 10_000})
    result = await faults("in>echo>out", {"echo": ON_DASK}).run(dask=scheduler[1])
    assert [payload["pid"] for payload in reached(result)] == [worker.pid]


@pytest.mark.parametrize(("method", "init_args"), [("swallows", {"times": 10**6, "seconds": 4}), ("holds", {"how": "sleep", "seconds": 4})])
async def test_that_a_body_that_does_not_end_is_named_with_the_worker_of_others_that_it_keeps(  # noqa: PLR0917  fixtures
    faults: Faults,
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
    scheduler: tuple[psutil.Popen, str],
    worker: psutil.Popen,
    method: str,
    init_args: dict[str, Any],
) -> None:
    """The worker is left alone: it serves the next run as soon as the body has ended by itself."""
    for module in (run_module, worker_module):
        monkeypatch.setattr(module, "GRACE", 0.3)
        monkeypatch.setattr(module, "CANCEL_AGAIN", 0.05)
    job = faults(f"in>{method}>out", {method: {**init_args, **ON_DASK}})
    run = await heard(job, speaks, dask=scheduler[1])
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, (f'task "{method}"',))
    (warning,) = result.warnings
    assert re.fullmatch(rf"bodies that do not end when they are cancelled go on on dask workers: {method} on tcp://127.0.0.1:\d+", warning)
    after = await faults("in>echo>out", {"echo": ON_DASK}).run(dask=scheduler[1])
    assert [payload["pid"] for payload in reached(after)] == [worker.pid]


async def test_that_what_a_killed_run_opened_on_a_worker_is_closed(
    killed_run: Callable[..., None], scheduler: tuple[psutil.Popen, str], worker: psutil.Popen, tmp_path: Path
) -> None:
    """A generator that nobody asks any more, and a resource."""
    note = tmp_path / "closed.txt"
    killed_run(scheduler[1], keeps_open={"file": str(note)}, reports={})
    while not note.exists() or note.read_text().count("\n") < 2:  # noqa: ASYNC110  another process writes it
        await asyncio.sleep(0.02)
    assert note.read_text() == "generator closed\nresource closed\n"
    assert worker.is_running()
