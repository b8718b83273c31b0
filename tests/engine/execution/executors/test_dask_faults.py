"""Clusters whose workers, nannies or scheduler are killed in the midst of a run: real processes, real signals."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from engine.cli.exit_codes import ExitCode
from engine.cli.run_report import exit_code_of
from engine.execution.events import InvocationSucceeded, TaskReported
from engine.execution.executors import dask_watch
from engine.execution.progress import RunStatus
from tests.child_processes import by_id, children, children_with, has_ended
from tests.engine.execution.executors.signs import KILLS

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from engine.execution import Job, Run, RunResult
    from engine.execution.events import Event

    Faults = Callable[..., Job]
    Heard = Callable[..., Coroutine[Any, Any, Run]]

pytestmark = pytest.mark.timeout(300)  # a process that was killed takes its time to come back on a busy machine

ON_DASK = {"runs": "dask"}
NOTICED_SECONDS = 10
LOST = "engine.errors.ExecutorLostError"
KILLED = "distributed.scheduler.KilledWorker"
LONG = pytest.mark.long


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


def cluster() -> psutil.Process:
    """Return the process of the embedded cluster."""
    (process,) = children_with("cluster_process")
    return process


def workers() -> list[psutil.Process]:
    """Return the worker processes of the embedded cluster, also those that are about to be."""
    return children_with("spawn_main", cluster().pid)


def runs(event: Event) -> bool:
    """Tell whether a body says that it runs."""
    return isinstance(event, TaskReported) and (event.text == "waiting" or event.text.isdigit())


def succeeds(task: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, InvocationSucceeded) and event.task == task


@pytest.fixture
def few_deaths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let dask give a task up that lost two workers; by default it takes four, each of which takes seconds to come back."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "1")


# Workers


async def test_that_what_a_killed_worker_ran_is_run_again_elsewhere(faults: Faults, heard: Heard, tmp_path: Path) -> None:
    said: list[str] = []
    job = faults("in>stays>out", {"stays": ON_DASK})
    note = [lambda event: said.append(event.text) if runs(event) else None]
    run = await heard(job, runs, output=tmp_path, subscribers=note)
    psutil.Process(int(said[0])).kill()
    (tmp_path / "released").touch()
    result = await run
    assert [failure.describe() for failure in result.failures] == []
    (payload,) = reached(result)
    assert str(payload["pid"]) != said[0]


@KILLS
@pytest.mark.timeout(850)
async def test_that_killed_workers_change_no_result(faults: Faults, kills: int) -> None:
    """A worker is killed after every fifth result: often one that has just started, or that has not started yet."""
    killed = results = 0

    def kill(event: Event) -> None:
        nonlocal killed, results
        results += succeeds("computes")(event)
        if succeeds("computes")(event) and results % 5 == 0 and killed < kills:
            for worker in workers()[:1]:
                worker.kill()
                killed += 1

    count = 6 * kills
    result = await faults("in>fan>computes>out", {"fan": {"count": count}, "computes": {"seconds": 0.05, **ON_DASK}}).run(
        subscribers=[kill]
    )
    assert [failure.describe() for failure in result.failures] == []
    assert [payload["i"] for payload in reached(result)] == list(range(count))
    assert killed == kills


@pytest.mark.parametrize("how", ["exit", pytest.param("abort", marks=LONG), pytest.param("segfault", marks=LONG)])
async def test_that_a_task_that_kills_its_workers_fails_by_name_and_others_go_on(faults: Faults, few_deaths: None, how: str) -> None:
    tasks = {"ends": {"how": how, **ON_DASK}, "fan": {"count": 6}, "echo": ON_DASK}
    result = await faults("in>ends>out in>fan>echo>out2", tasks).run()
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("ends", KILLED)]
    assert exit_code_of(result) is ExitCode.TASK_FAILED
    assert len(reached(result, "out2")) == 6


@LONG
async def test_that_a_task_fails_after_as_many_workers_as_dask_allows(faults: Faults) -> None:
    tasks = {"ends": {"how": "exit", **ON_DASK}, "fan": {"count": 30}, "computes": {"seconds": 0.05, **ON_DASK}}
    result = await faults("in>ends>out in>fan>computes>out2", tasks).run()
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("ends", KILLED)]
    assert "on 4 different workers" in result.failures[0].message
    assert len(reached(result, "out2")) == 30


@LONG
async def test_that_a_generator_ends_with_its_worker_and_what_it_gave_is_kept(faults: Faults, heard: Heard, tmp_path: Path) -> None:
    tasks = {"streams": {"count": 1_000_000, **ON_DASK}}
    run = await heard(faults("in>streams>echo>out", tasks), succeeds("echo"), count=50, output=tmp_path)
    for worker in workers():
        worker.kill()
    result = await run
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("streams", "worker-ended")]
    assert 50 <= len(reached(result)) < 1_000_000


# Schedulers and workers that are processes of their own


@LONG
async def test_that_what_waits_for_a_worker_says_so_until_the_run_ends_because_none_came(
    faults: Faults, heard: Heard, scheduler: tuple[psutil.Popen, str], worker: psutil.Popen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_watch, "WITHOUT_WORKERS_LOOKS", 4)
    said: list[str] = []
    note = [lambda event: said.append(event.text) if isinstance(event, TaskReported) else None]
    run = await heard(faults("in>waits>out in>echo>out2", {"waits": ON_DASK}), runs, dask=scheduler[1], subscribers=note)
    said.clear()
    worker.kill()
    result = await run
    assert list(dict.fromkeys(said)) == ["no dask worker takes tasks for 2 s", "no dask worker takes tasks for 3 s"]
    assert [(failure.error_type, failure.message) for failure in result.failures] == [
        (LOST, "the dask cluster has been without a worker for 4 s")
    ]
    assert exit_code_of(result) is ExitCode.EXECUTOR_LOST
    assert len(reached(result, "out2")) == 1


@LONG
async def test_that_work_goes_on_elsewhere_when_a_nanny_is_killed(
    faults: Faults, heard: Heard, scheduler: tuple[psutil.Popen, str], nannies: list[psutil.Popen], tmp_path: Path
) -> None:
    said: list[str] = []
    note = [lambda event: said.append(event.text) if runs(event) else None]
    run = await heard(faults("in>stays>out", {"stays": ON_DASK}), runs, output=tmp_path, dask=scheduler[1], subscribers=note)
    (former,) = by_id(int(said[0]))
    next(nanny for nanny in nannies if former in children(nanny.pid)).kill()
    while not has_ended(former):  # noqa: ASYNC110  it is nobody's here; it ends with its nanny, but not at the same moment
        await asyncio.sleep(0.02)
    (tmp_path / "released").touch()
    result = await run
    assert [failure.describe() for failure in result.failures] == []
    assert str(reached(result)[0]["pid"]) != said[0]


@LONG
async def test_that_nannies_that_gave_up_are_replaced(faults: Faults, heard: Heard, tmp_path: Path) -> None:
    run = await heard(faults("in>stays>out", {"stays": ON_DASK}), runs, output=tmp_path)
    former = {worker.pid for worker in workers()}
    connection = await run.resources.get("dask client", lambda: pytest.fail("it is open"))
    await connection.client.run(lambda dask_worker: dask_worker.loop.add_callback(dask_worker.close), nanny=True)
    (tmp_path / "released").touch()
    result = await run
    assert [failure.describe() for failure in result.failures] == []
    assert reached(result)[0]["pid"] not in former


async def test_that_a_killed_embedded_cluster_ends_the_run_and_what_was_finished_is_kept(faults: Faults, heard: Heard) -> None:
    job = faults("in>waits>out in>echo>out2", {"waits": ON_DASK, "echo": ON_DASK})
    run = await heard(job, lambda event: runs(event) or succeeds("echo")(event), count=2)
    cluster().kill()
    began = time.monotonic()
    result = await run
    assert time.monotonic() - began < NOTICED_SECONDS + 10  # the second ten are for closing, on a busy machine
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("waits", LOST)]
    assert exit_code_of(result) is ExitCode.EXECUTOR_LOST
    assert len(reached(result, "out2")) == 1


@pytest.mark.parametrize("fault", ["kill", pytest.param("suspend", marks=LONG)])
async def test_that_a_lost_scheduler_is_noticed_and_what_was_finished_is_kept(
    faults: Faults, heard: Heard, scheduler: tuple[psutil.Popen, str], worker: psutil.Popen, fault: str
) -> None:
    """A suspended scheduler neither answers nor closes its connections, as behind a cut cable."""
    process, address = scheduler
    run = await heard(faults("in>echo>out2 in>waits>out", {"waits": ON_DASK}), runs, dask=address)
    lost: list[float] = []
    connection = await run.resources.get("dask client", lambda: pytest.fail("it is open"))
    connection.on_lost.append(lambda _: lost.append(time.monotonic()))
    began = time.monotonic()
    getattr(process, fault)()
    result = await run
    assert lost[0] - began < NOTICED_SECONDS
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("waits", LOST)]
    assert exit_code_of(result) is ExitCode.EXECUTOR_LOST
    assert len(reached(result, "out2")) == 1


def test_that_a_closing_event_loop_ends_the_run(faults: Faults, heard: Heard) -> None:
    async def leave_behind() -> Run:
        return await heard(faults("in>waits>out", {"waits": ON_DASK}), runs)

    assert asyncio.run(leave_behind()).status is RunStatus.CANCELLED


# Time limits and cancel


@LONG
@pytest.mark.parametrize("how", ["interpreter", "sleep"])
async def test_that_a_body_that_hears_no_cancel_is_killed_with_its_worker(faults: Faults, how: str) -> None:
    """One that holds the interpreter leaves its worker deaf: it is the nanny that kills."""
    tasks = {"holds": {"how": how, "seconds": 300, "policy": {"timeout": 0.2}, **ON_DASK}, "fan": {"count": 3}, "echo": ON_DASK}
    result = await faults("in>holds>out in>fan>echo>out2", tasks).run()
    assert [(failure.task, failure.error_type) for failure in result.failures] == [("holds", "timed-out")]
    assert result.abandoned == ()
    assert len(reached(result, "out2")) == 3


@LONG
async def test_that_a_body_that_swallows_every_cancel_is_killed_with_its_worker(faults: Faults, heard: Heard, tmp_path: Path) -> None:
    job = faults("in>swallows>out in>stays>out2", {"swallows": {"times": 10**6, **ON_DASK}, "stays": ON_DASK})
    run = await heard(job, runs, output=tmp_path)
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ())
