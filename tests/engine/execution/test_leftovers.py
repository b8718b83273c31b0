"""What bodies leave running in the run's own process is named: nothing here could end it."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from engine.model.job_map import RunsOn, TaskPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.execution import Job

    Make = Callable[..., Job]

ADVICE = 'what a task with "runs": "process" starts ends with the run'
IN_PROCESS = (RunsOn.LOOP, RunsOn.THREAD)


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Give what threads of a test wait for; at the latest they end with the test."""
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.parametrize("runs", IN_PROCESS)
async def test_that_a_thread_that_is_left_is_named(make_job: Make, released: threading.Event, runs: RunsOn) -> None:
    async def leaves(payload: dict[str, Any]) -> dict[str, Any]:
        threading.Thread(target=released.wait, name="forgotten", daemon=False).start()
        return payload

    result = await make_job("in>a>out", {"a": leaves}, a={"policy": TaskPolicy(runs=runs)}).run()
    assert result.ok
    assert result.warnings == (f"threads that were started while the job ran still run: forgotten; {ADVICE}",)


async def test_that_an_executor_that_is_left_is_named(make_job: Make, released: threading.Event) -> None:
    async def leaves(payload: dict[str, Any]) -> dict[str, Any]:
        ThreadPoolExecutor(thread_name_prefix="pool").submit(released.wait)
        return payload

    result = await make_job("in>a>out", {"a": leaves}).run()
    assert result.warnings == (f"threads that were started while the job ran still run: pool_0; {ADVICE}",)


@pytest.mark.parametrize("runs", IN_PROCESS)
async def test_that_processes_that_are_left_are_named(make_job: Make, runs: RunsOn) -> None:
    left: list[subprocess.Popen[bytes]] = []

    async def leaves(payload: dict[str, Any]) -> dict[str, Any]:
        left.append(subprocess.Popen(["sleep", "300"]))  # noqa: ASYNC220, S607  that is the test
        return payload

    result = await make_job("in>a>out", {"a": leaves}, a={"policy": TaskPolicy(runs=runs)}).run()
    assert result.warnings == (f"processes that were started while the job ran still run: sleep ({left[0].pid}); {ADVICE}",)
    left[0].kill()
    left[0].wait()


async def test_that_what_ends_soon_or_was_there_before_is_not_spoken_of(make_job: Make, released: threading.Event) -> None:
    threading.Thread(target=released.wait, name="before").start()

    async def leaves(payload: dict[str, Any]) -> dict[str, Any]:
        threading.Thread(target=threading.Event().wait, args=(0.05,)).start()
        await asyncio.to_thread(threading.Event().wait, 0.01)
        return payload

    assert (await make_job("in>a>out", {"a": leaves}).run()).warnings == ()
