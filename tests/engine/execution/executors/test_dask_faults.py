"""Clusters whose workers, nannies or scheduler are killed in the midst of a run: real processes, real signals."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from engine.cli.exit_codes import ExitCode
from engine.cli.run_report import exit_code_of
from engine.execution.events import InvocationStarted, InvocationSucceeded, TaskReported
from engine.execution.executors import dask_watch
from engine.execution.progress import RunStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from engine.execution import Job, Run, RunResult
    from engine.execution.events import Event

    Faults = Callable[..., Job]

pytestmark = pytest.mark.long  # a minute of kills

ON_DASK = {"runs": "dask"}
NOTICED_SECONDS = 10


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


def cluster() -> psutil.Process:
    """Return the process of the embedded cluster."""
    (process,) = (each for each in psutil.Process().children() if "cluster_process" in " ".join(each.cmdline()))
    return process


def workers() -> list[psutil.Process]:
    """Return the worker processes of the embedded cluster."""
    return [each for each in cluster().children() if "spawn_main" in " ".join(each.cmdline())]


async def heard(job: Job, sign: Callable[[Event], bool], count: int = 1, **options: Any) -> Run:
    """Start a run and wait until a sign was given so many times."""
    enough = asyncio.Semaphore(0)
    run = job.start(subscribers=[lambda event: enough.release() if sign(event) else None], **options)
    for _ in range(count):
        await enough.acquire()
    return run


def reports(event: Event) -> bool:
    return isinstance(event, TaskReported)


def succeeds(task: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, InvocationSucceeded) and event.task == task


# Workers


async def test_that_what_a_killed_worker_ran_is_run_again(faults: Faults) -> None:
    job = faults("in>fan>computes>out", {"fan": {"count": 6}, "computes": {"seconds": 0.3, **ON_DASK}})
    run = await heard(job, succeeds("computes"))
    for worker in workers():
        worker.kill()
    result = await run
    assert [failure.describe() for failure in result.failures] == []
    assert sorted(payload["i"] for payload in reached(result)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("how", ["exit", "segfault"])
async def test_that_a_task_that_kills_every_worker_fails_and_others_go_on(faults: Faults, how: str) -> None:
    tasks = {"ends": {"how": how, **ON_DASK}, "fan": {"count": 4}, "echo": ON_DASK}
    result = await faults("in>ends>out in>fan>echo>out2", tasks).run()
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("ends", "distributed.scheduler.KilledWorker")]
    assert exit_code_of(result) is ExitCode.TASK_FAILED
    assert len(reached(result, "out2")) == 4


async def test_that_a_generator_ends_with_its_worker_and_what_it_gave_is_kept(faults: Faults, tmp_path: Path) -> None:
    tasks = {"streams": {"count": 1_000_000, **ON_DASK}}
    run = await heard(faults("in>streams>echo>out", tasks), succeeds("echo"), count=50, output=tmp_path)
    for worker in workers():
        worker.kill()
    result = await run
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("streams", "worker-ended")]
    assert 50 <= len(reached(result)) < 1_000_000


async def test_that_a_cluster_that_stays_without_workers_ends_the_run(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_watch, "WITHOUT_WORKERS_SECONDS", 0.5)
    run = await heard(faults("in>waits>out in>echo>out2", {"waits": ON_DASK}), reports)
    for worker in workers():
        worker.kill()
    result = await run
    assert [failure.error_type for failure in result.failures] == ["engine.errors.ExecutorLostError"]
    assert "without a worker" in result.failures[0].message
    assert exit_code_of(result) is ExitCode.EXECUTOR_LOST


# Schedulers


async def test_that_a_killed_embedded_cluster_ends_the_run_and_what_was_finished_is_kept(faults: Faults) -> None:
    job = faults("in>waits>out in>echo>out2", {"waits": ON_DASK, "echo": ON_DASK})
    run = await heard(job, lambda event: reports(event) or succeeds("echo")(event), count=2)
    began = time.monotonic()
    cluster().kill()
    result = await run
    assert time.monotonic() - began < NOTICED_SECONDS
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("waits", "engine.errors.ExecutorLostError")]
    assert exit_code_of(result) is ExitCode.EXECUTOR_LOST
    assert len(reached(result, "out2")) == 1


SCHEDULER = """
import asyncio, sys
from distributed import Nanny, Scheduler
async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()
if __name__ == "__main__":
    asyncio.run(main())
"""
WORKER = """
import asyncio, sys
from distributed import Worker
async def main():
    async with Worker(sys.argv[1], nthreads=1, host="127.0.0.1", dashboard=False) as worker:
        await worker.finished()
asyncio.run(main())
"""


@pytest.fixture
def scheduler() -> Iterator[tuple[psutil.Popen, str]]:
    """A scheduler and a worker, each a process of its own."""
    process = psutil.Popen([sys.executable, "-c", SCHEDULER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    address = process.stdout.readline().strip()
    worker = psutil.Popen([sys.executable, "-c", WORKER, address], stderr=subprocess.DEVNULL)
    yield process, address
    for each in (worker, process):
        each.kill()
        each.wait()
    process.stdout.close()


@pytest.mark.parametrize("fault", ["kill", "suspend"])
async def test_that_a_lost_scheduler_is_noticed_and_what_was_finished_is_kept(
    faults: Faults, scheduler: tuple[psutil.Popen, str], fault: str
) -> None:
    """A suspended scheduler neither answers nor closes its connections, as behind a cut cable."""
    process, address = scheduler
    run = await heard(faults("in>echo>out2 in>waits>out", {"waits": ON_DASK}), reports, dask=address)
    began = time.monotonic()
    getattr(process, fault)()
    result = await run
    assert time.monotonic() - began < NOTICED_SECONDS + 2  # and the time that the run takes to end
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("waits", "engine.errors.ExecutorLostError")]
    assert exit_code_of(result) is ExitCode.EXECUTOR_LOST
    assert len(reached(result, "out2")) == 1


# Time limits and cancel


async def test_that_a_body_that_hears_no_cancel_is_killed_with_its_worker(faults: Faults) -> None:
    tasks = {"holds": {"how": "sleep", "seconds": 300, "policy": {"timeout": 0.2}, **ON_DASK}, "fan": {"count": 3}, "echo": ON_DASK}
    result = await faults("in>holds>out in>fan>echo>out2", tasks).run()
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("holds", "timed-out")]
    assert result.abandoned == ()
    assert len(reached(result, "out2")) == 3


async def test_that_a_cancel_reaches_bodies_on_workers(faults: Faults, tmp_path: Path) -> None:
    run = await heard(faults("in>waits>out", {"waits": ON_DASK}), reports, output=tmp_path)
    run.cancel()
    result = await run
    assert result.status is RunStatus.CANCELLED
    assert (tmp_path / "cleaned-up.txt").exists()


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_that_a_hundred_killed_workers_change_no_result(faults: Faults) -> None:
    job = faults("in>fan>computes>out", {"fan": {"count": 200}, "computes": {"seconds": 0.2, **ON_DASK}})
    run = await heard(job, lambda event: isinstance(event, InvocationStarted))
    killed = 0
    while killed < 100 and run.status is RunStatus.RUNNING:
        for worker in workers()[:1]:
            worker.kill()
            killed += 1
        await asyncio.sleep(1)
    result = await run
    lost = [failure for failure in result.failures if failure.error_type != "distributed.scheduler.KilledWorker"]
    assert lost == []
    assert len(reached(result)) + len(result.failures) == 200
    assert killed > 10
