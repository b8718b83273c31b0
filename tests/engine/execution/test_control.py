"""Control of a run: retries, time limits, cancel, pause, and fair shares of the loop; and nothing left behind."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution import progress
from engine.execution import run as run_module
from engine.execution import stepping as stepping_module
from engine.execution import worker as worker_module
from engine.execution.progress import RunStatus, TaskState
from engine.execution.turns import SLICE
from engine.model.job_map import Collect, TaskPolicy
from engine.tasks import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from engine.execution import Job

    Make = Callable[..., Job]
    Data = Callable[..., dict[str, list[Any]]]


async def fan(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"i": index} for index in range(4)]


async def wait_long(payload: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(60)
    return payload


class Flaky:
    """A body that fails a number of times before it succeeds, and spoils what it gets."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.got: list[dict[str, Any]] = []

    async def __call__(self, payload: dict[str, Any]) -> dict[str, Any]:
        self.got.append({**payload, "list": list(payload["list"])})
        payload["list"].append("spoiled")
        if len(self.got) <= self.failures:
            raise OSError("flaky")
        return {}


async def test_that_each_attempt_gets_a_fresh_copy(make_job: Make) -> None:
    flaky = Flaky(2)
    policy = TaskPolicy(retries=2, retry_delay=0.001, retry_backoff=2)
    result = await make_job("in>a>out", {"a": flaky}, content={"list": [1]}, a={"policy": policy}).run()
    assert (result.ok, flaky.got) == (True, [{"list": [1]}] * 3)


async def test_that_the_last_attempt_is_the_failure(make_job: Make) -> None:
    result = await make_job("in>a>out", {"a": Flaky(9)}, content={"list": []}, a={"policy": TaskPolicy(retries=2)}).run()
    assert [failure.describe() for failure in result.failures] == ['task "a", attempt 3: OSError: flaky']


async def test_that_a_body_past_its_time_limit_fails_and_others_go_on(make_job: Make, data: Data) -> None:
    result = await make_job("in>a>out in>out2", {"a": wait_long}, a={"policy": TaskPolicy(timeout=0.01)}).run()
    assert [failure.describe() for failure in result.failures] == ['task "a": timed-out: not done after 0.01 s']
    assert data(result)["out2"] == [{"n": 0}]


async def test_that_a_time_limit_holds_for_a_generator_as_a_whole(make_job: Make, data: Data) -> None:
    async def items(payload: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        yield {"i": 0}
        await asyncio.sleep(60)

    result = await make_job("in>a>out", {"a": items}, a={"policy": TaskPolicy(timeout=0.01)}).run()
    assert (data(result)["out"], [failure.error_type for failure in result.failures]) == ([{"i": 0}], ["timed-out"])


async def test_that_cancel_keeps_what_was_finished(make_job: Make, data: Data) -> None:
    run = make_job("in>a>out in>out2", {"a": wait_long}).start()
    await asyncio.sleep(0.01)
    run.cancel()
    result = await run
    assert (result.status, data(result)) == (RunStatus.CANCELLED, {"out": [], "out2": [{"n": 0}]})
    assert result.progress.tasks["a"].state is TaskState.CANCELLED


async def test_that_what_a_cancelled_run_never_reached_is_never_shown_as_done(make_job: Make) -> None:
    async def leave_slowly(payload: dict[str, Any]) -> dict[str, Any]:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
        return payload

    run = make_job("in>a>b>out", {"a": leave_slowly}).start()
    await asyncio.sleep(0.01)
    run.cancel()
    waiting = asyncio.get_running_loop().create_task(run.wait())
    seen = set()
    while not waiting.done():
        seen.add(run.progress.tasks["b"].state)
        await asyncio.sleep(0)
    seen.add(waiting.result().progress.tasks["b"].state)
    assert TaskState.DONE not in seen
    assert waiting.result().progress.tasks["b"].state is TaskState.CANCELLED


@pytest.mark.parametrize("shape", ["in>a>out", "in>f>a>out", "in>f>a>c>out", "in>f>g>a>out", "in>f>a>j in>a2>j j>out", "in>s>a>out"])
@pytest.mark.parametrize("turns", range(12))
async def test_that_a_run_can_be_cancelled_at_every_turn(make_job: Make, shape: str, turns: int) -> None:
    async def later(payload: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return payload

    async def items(payload: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        for index in range(4):
            await asyncio.sleep(0)
            yield {"i": index}

    fields = {"c": {"collect": Collect("f")}} if ">c>" in shape else {}
    run = make_job(shape, {"a": later, "f": fan, "g": fan, "s": items, "a2": later}, **fields).start(max_concurrent=2)
    for _ in range(turns):
        await asyncio.sleep(0)
    run.cancel()
    async with asyncio.timeout(4):
        result = await run
    assert result.status in (RunStatus.CANCELLED, RunStatus.DONE)
    assert all(task.queued == task.running == 0 for task in result.progress.tasks.values())


async def test_that_a_body_that_swallows_the_cancel_once_is_cancelled_again(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "CANCEL_AGAIN", 0.01)

    async def stubborn(payload: dict[str, Any]) -> dict[str, Any]:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)
        return payload

    run = make_job("in>a>out", {"a": stubborn}).start()
    await asyncio.sleep(0.01)
    run.cancel()
    assert (await run).abandoned == ()


async def test_that_a_body_that_never_ends_is_named_as_abandoned(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "CANCEL_AGAIN", 0.01)
    monkeypatch.setattr(run_module, "GRACE", 0.05)
    release = asyncio.Event()
    ended = asyncio.Event()

    async def deaf(payload: dict[str, Any]) -> dict[str, Any]:
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await release.wait()
        ended.set()
        return payload

    run = make_job("in>a>out", {"a": deaf}).start()
    await asyncio.sleep(0.01)
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ('task "a"',))
    release.set()
    await ended.wait()
    await asyncio.sleep(0)


async def test_that_a_time_limit_leaves_a_deaf_body_behind(make_job: Make, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "CANCEL_AGAIN", 0.01)
    monkeypatch.setattr(worker_module, "GRACE", 0.05)
    release = asyncio.Event()

    async def deaf(payload: dict[str, Any]) -> dict[str, Any]:
        while not release.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await release.wait()
        return payload

    policy = TaskPolicy(timeout=0.01)
    result = await make_job("in>a>out in>out2", {"a": deaf}, a={"policy": policy}).run()
    assert (result.abandoned, data(result)) == (('task "a"',), {"out": [], "out2": [{"n": 0}]})
    release.set()
    await asyncio.sleep(0.01)


async def test_that_cancelling_the_one_who_waits_cancels_the_run_of_job_run(make_job: Make) -> None:
    began = asyncio.Event()
    ended = asyncio.Event()

    async def watched(payload: dict[str, Any]) -> dict[str, Any]:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
        return payload

    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(make_job("in>a>out", {"a": watched}).run())
        await began.wait()
        waiting.cancel()
    assert ended.is_set()


async def test_that_a_run_knows_how_long_nothing_has_moved(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "QUIET", 0.02)
    speak, end = asyncio.Event(), asyncio.Event()

    async def slow(payload: dict[str, Any]) -> dict[str, Any]:
        await speak.wait()
        context().report_progress(0.5)
        await end.wait()
        return payload

    run = make_job("in>a>out", {"a": slow}).start()
    for _ in range(10):
        await asyncio.sleep(0)
    assert run.progress.quiet_text == ""
    await asyncio.sleep(0.05)
    assert re.fullmatch(r"no progress for \d+ s", run.progress.quiet_text)
    speak.set()
    for _ in range(10):
        await asyncio.sleep(0)
    assert run.progress.quiet_seconds == 0.0
    end.set()
    assert (await run).progress.quiet_text == ""


async def test_that_a_pause_lets_bodies_end_and_starts_none(make_job: Make, data: Data) -> None:
    began, release = asyncio.Event(), asyncio.Event()

    async def first(payload: dict[str, Any]) -> dict[str, Any]:
        began.set()
        await release.wait()
        return payload

    run = make_job("in>a>b>out", {"a": first}).start()
    await began.wait()
    run.pause()
    release.set()
    for _ in range(10):
        await asyncio.sleep(0)
    tasks = run.progress.tasks
    assert (run.status, tasks["a"].state, tasks["b"].state) == (RunStatus.PAUSED, TaskState.DONE, TaskState.PAUSED)
    run.resume()
    assert data(await run) == {"out": [{"n": 0}]}


async def test_that_a_pause_freezes_the_wait_before_a_retry(make_job: Make) -> None:
    flaky = Flaky(1)
    run = make_job("in>a>out", {"a": flaky}, content={"list": []}, a={"policy": TaskPolicy(retries=1, retry_delay=0.02)}).start()
    for _ in range(3):
        await asyncio.sleep(0)
    run.pause()
    await asyncio.sleep(0.05)
    assert (len(flaky.got), run.progress.tasks["a"].state) == (1, TaskState.RETRYING)
    run.resume()
    assert (await run).ok


async def wait_a_little(payload: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(0.12)
    return payload


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("opens", ["list", "generator"])
async def test_that_all_workers_of_a_turn_share_one_slice_of_it(
    make_job: Make,
    monkeypatch: pytest.MonkeyPatch,
    opens: str,
    waits: bool,  # noqa: FBT001  a parameter of the table
) -> None:
    ticks = itertools.count()
    for module in (worker_module, stepping_module):
        monkeypatch.setattr(module, "perf_counter", lambda: next(ticks) * SLICE / 10)  # each look at the clock is a tenth of a slice
    called = 0

    async def split(payload: dict[str, Any]) -> Any:
        items = ({"i": index} for index in range(1_000))
        return list(items) if opens == "list" else items

    async def count(payload: dict[str, Any]) -> dict[str, Any]:
        nonlocal called
        called += 1
        if waits:
            await asyncio.sleep(0)
        return payload

    run = make_job("in>f>a>out", {"f": split, "a": count}).start()
    most = 0
    while not run.status.has_ended:
        before = called
        await asyncio.sleep(0)
        most = max(most, called - before)
    assert ((await run).ok, called) == (True, 1_000)
    assert 2 <= most <= 12


@pytest.mark.loop_debug
async def test_that_a_run_is_silent_in_the_loops_debug_mode(make_job: Make) -> None:
    assert (await make_job("in>f>a>c>out", {"f": fan, "a": wait_a_little}, c={"collect": Collect("f")}).run()).ok
