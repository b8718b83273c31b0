"""Durations and time limits follow a clock that nobody sets; the time of day is for show."""

from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution.events import InvocationRetried, InvocationSucceeded
from engine.execution.executors.placing import in_thread
from engine.model.job_map import Collect, TaskPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution import Job
    from engine.execution.events import Event

    Make = Callable[..., Job]

DAY = 86_400.0
HOUR = 3_600.0


@pytest.fixture(params=[DAY, -HOUR], ids=["a day on", "an hour back"])
def jump(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> float:
    """Let the time of day jump each time that somebody asks for it."""
    seconds: float = request.param
    ask, asked = time.time, itertools.count()
    monkeypatch.setattr(time, "time", lambda: ask() + next(asked) * seconds)
    return seconds


async def fan(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"i": index} for index in range(4)]


async def wait(payload: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(0.02)
    return payload


class Flaky:
    """A body that fails once."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self, payload: dict[str, Any]) -> dict[str, Any]:
        self.calls += 1
        if self.calls == 1:
            raise OSError("flaky")
        return payload


async def test_that_no_duration_moves_with_the_time_of_day(make_job: Make, jump: float) -> None:
    told: list[Event] = []
    job = make_job("in>f>a>out", {"f": fan, "a": wait}, a={"policy": TaskPolicy(timeout=HOUR / 2)})
    result = await job.run(subscribers=[told.append])
    assert result.ok, result.failures
    assert min(later.time - earlier.time for earlier, later in itertools.pairwise(told)) < -HOUR / 2 or jump > 0
    assert max(later.time - earlier.time for earlier, later in itertools.pairwise(told)) > HOUR or jump < 0
    ended = [event.seconds for event in told if isinstance(event, InvocationSucceeded) and event.task == "a"]
    assert len(ended) == 4
    assert all(0.01 < seconds < HOUR / 4 for seconds in ended)
    tasks = result.progress.tasks
    assert 0 < result.progress.seconds < HOUR / 4
    assert all(0 <= task.busy_seconds < HOUR / 4 for task in tasks.values())


async def test_that_a_wait_before_a_retry_does_not_move_with_the_time_of_day(make_job: Make, jump: float) -> None:
    told: list[Event] = []
    policy = TaskPolicy(retries=1, retry_delay=0.05)
    start = time.perf_counter()
    result = await make_job("in>a>out", {"a": Flaky()}, a={"policy": policy}).run(subscribers=[told.append])
    assert result.ok
    assert [event.delay for event in told if isinstance(event, InvocationRetried)] == [0.05]
    assert 0.05 <= time.perf_counter() - start < HOUR / 4


async def test_that_a_time_limit_holds_though_the_time_of_day_goes_back(make_job: Make, jump: float) -> None:
    async def wait_long(payload: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(HOUR)
        return payload

    result = await make_job("in>a>out", {"a": wait_long}, a={"policy": TaskPolicy(timeout=0.05)}).run()
    (failure,) = result.failures
    assert failure.message == "not done after 0.05 s"


@pytest.mark.parametrize("clock", ["perf_counter", "monotonic"])
def test_that_time_in_which_the_machine_slept_is_on_no_clock_of_ours(clock: Any) -> None:
    """CLOCK_MONOTONIC stands while a machine is suspended, so that no body seems to hang when it wakes (CLOCK_BOOTTIME goes on)."""
    found = time.get_clock_info(clock)
    assert found.monotonic
    assert not found.adjustable
    assert sys.platform != "linux" or found.implementation == "clock_gettime(CLOCK_MONOTONIC)"


SHAPES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "collect": ("in>f>a>c>out", {"f": fan, "a": wait}, {"c": {"collect": Collect("f")}}),
    "join": ("in>f>a>j>out f>b>j", {"f": fan, "a": wait, "b": wait}, {}),
    "retry": ("in>a>out", {"a": Flaky()}, {"a": {"policy": TaskPolicy(retries=1, retry_delay=0.01)}}),
    "time limit": ("in>a>out", {"a": wait}, {"a": {"policy": TaskPolicy(timeout=60)}}),
    "thread": ("in>f>a>out", {"f": fan, "a": in_thread(wait)}, {}),
}


@pytest.mark.loop_debug
@pytest.mark.parametrize("with_collector", [True, False], ids=["collector on", "collector off"])
@pytest.mark.parametrize("shape", SHAPES)
async def test_that_debug_mode_finds_nothing_to_warn_of(
    make_job: Make, caplog: pytest.LogCaptureFixture, shape: str, *, with_collector: bool
) -> None:
    edges, bodies, fields = SHAPES[shape]
    asyncio.get_running_loop().slow_callback_duration = HOUR  # how busy the machine is does not matter here
    job = make_job(edges, {name: Flaky() if isinstance(body, Flaky) else body for name, body in bodies.items()}, **fields)
    (gc.enable if with_collector else gc.disable)()
    try:
        result = await job.run(subscribers=[lambda _: None])
    finally:
        gc.enable()
    gc.collect()  # what was never awaited or closed says so now, and warnings are errors
    assert result.ok, result.failures
    assert [record for record in caplog.records if record.name == "asyncio" and record.levelno >= logging.WARNING] == []


async def test_that_a_run_has_its_end_while_callbacks_of_others_are_slow(make_job: Make) -> None:
    loop = asyncio.get_running_loop()

    def hold() -> None:
        until = time.perf_counter() + 0.2
        while time.perf_counter() < until:
            pass

    loop.call_later(0.01, hold)
    result = await make_job("in>f>a>out", {"f": fan, "a": wait}).run()
    assert result.ok
    assert result.warnings == ()
