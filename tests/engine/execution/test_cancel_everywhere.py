"""Ten shapes of jobs, stopped or held at every point at which anything of them waits."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution.progress import RunStatus
from engine.model.job_map import Collect, Join, TaskPolicy, Window
from engine.tasks import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from engine.execution import Job, RunResult
    from engine.execution.events import Event
    from engine.execution.recorder import Ended
    from engine.execution.run import Run

MOST_POINTS = 400
"""More than any of the shapes has turns of the event loop."""

SHAPES = ("chain", "fan-out", "nested", "join", "collect", "window", "retry", "generator", "resource", "stop at output")


class Bodies:
    """Bodies that each give up the loop, and what they opened and did not close."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.attempts: dict[str, int] = {}

    @contextlib.contextmanager
    def held(self, name: str) -> Iterator[None]:
        self.open.add(name)
        try:
            yield
        finally:
            self.open.discard(name)

    async def step(self, payload: dict[str, Any]) -> dict[str, Any]:
        with self.held(f"{context().task} {context().branch_path}"):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        return {**payload, "n": payload["n"] + 1} if "n" in payload else {"n": payload["count"], **payload}

    async def split(self, payload: dict[str, Any]) -> list[dict[str, Any]]:
        await asyncio.sleep(0)
        return [{**payload, context().task: index} for index in range(3)]

    async def generate(self, payload: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        name = f"generator {context().branch_path}"

        async def items() -> AsyncIterator[dict[str, Any]]:
            with self.held(name):
                for index in range(3):
                    await asyncio.sleep(0)
                    yield {**payload, "generated": index}

        return items()

    async def fail_at_first(self, payload: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0)
        if context().attempt < 3:
            raise OSError("try again")
        return payload

    async def use_resource(self, payload: dict[str, Any]) -> dict[str, Any]:
        @contextlib.asynccontextmanager
        async def opened() -> AsyncIterator[str]:
            await asyncio.sleep(0)
            with self.held("resource"):
                await asyncio.sleep(0)
                yield "resource"
                await asyncio.sleep(0)

        await context().resource("resource", opened)
        await asyncio.sleep(0)
        return payload


def build(make_job: Callable[..., Job], shape: str, bodies: Bodies) -> Job:
    """Return a job of the shape."""
    step, split, generate = bodies.step, bodies.split, bodies.generate
    shapes: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
        "chain": ("in>a>b>c>out", {}, {}),
        "fan-out": ("in>f>a>b>out", {"f": split}, {}),
        "nested": ("in>f>g>a>out", {"f": split, "g": split}, {}),
        "join": ("in>f>a>j>out f>b>j", {"f": split}, {"j": {"join": Join.BY_TASK}}),
        "collect": ("in>f>g>a>c>out", {"f": split, "g": split}, {"c": {"collect": Collect("f")}}),
        "window": ("in>f>a>w>out", {"f": split}, {"w": {"collect": Collect("f", window=Window(2, 1))}}),
        "retry": ("in>f>a>out", {"f": split, "a": bodies.fail_at_first}, {"a": {"policy": TaskPolicy(retries=2, retry_delay=0.0)}}),
        "generator": ("in>f>a>c>out", {"f": generate}, {"c": {"collect": Collect("f")}}),
        "resource": ("in>f>a>out", {"f": split, "a": bodies.use_resource}, {}),
        "stop at output": ("in>f>out in>a>out f>b>out2", {"f": split}, {}),
    }
    edges, called, fields = shapes[shape]
    names = {name for chain in edges.split() for name in chain.split(">") if name != "in" and not name.startswith("out")}
    gathers = dict.fromkeys(names & {"j", "c", "w"}, same)
    return make_job(edges, dict.fromkeys(names, step) | gathers | called, **fields)


async def same(payload: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(0)
    return payload


async def undisturbed(make_job: Callable[..., Job], shape: str) -> RunResult:
    return await build(make_job, shape, Bodies()).run()


async def after_turns(turns: int, run: Run) -> bool:
    """Let the loop turn that often; return whether the run is still going on."""
    for _ in range(turns):
        await asyncio.sleep(0)
        if run.status.has_ended:
            return False
    return True


def assert_kept_a_part(result: RunResult, whole: RunResult) -> None:
    """See to it that every payload is one of the undisturbed run's, in its order: nothing was gathered from cancelled branches."""
    assert result.failures == ()
    for part, every in zip(result.outputs, whole.outputs, strict=True):
        left = iter(every["data"])
        assert all(any(payload == other for other in left) for payload in part["data"])


def assert_nothing_left(bodies: Bodies, threads: int) -> None:
    """See to it that no body, generator or resource is open, and no asyncio task or thread is left."""
    assert bodies.open == set()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert threading.active_count() == threads


@pytest.mark.parametrize("limit", [1, 100])
@pytest.mark.parametrize("shape", SHAPES)
async def test_that_a_run_can_be_cancelled_at_every_point(make_job: Callable[..., Job], shape: str, limit: int) -> None:
    whole = await undisturbed(make_job, shape)
    for turns in range(MOST_POINTS):
        bodies, threads = Bodies(), threading.active_count()
        run = build(make_job, shape, bodies).start(max_concurrent=limit)
        is_on = await after_turns(turns, run)
        run.cancel()
        async with asyncio.timeout(10):
            result = await run
        assert_kept_a_part(result, whole)
        assert_nothing_left(bodies, threads)
        if not is_on:
            assert result.outputs == whole.outputs
            return
    pytest.fail("the run never came to its end")


@pytest.mark.parametrize("shape", SHAPES)
async def test_that_whoever_runs_a_job_can_be_cancelled_at_every_point(make_job: Callable[..., Job], shape: str) -> None:
    for turns in range(MOST_POINTS):
        bodies, threads = Bodies(), threading.active_count()
        job = build(make_job, shape, bodies)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            running = group.create_task(job.run())
            for _ in range(turns):
                await asyncio.sleep(0)
            has_ended = running.done()
            running.cancel()
        assert_nothing_left(bodies, threads)
        if has_ended:
            return
    pytest.fail("the run never came to its end")


@pytest.mark.parametrize("shape", SHAPES)
async def test_that_giving_up_waiting_leaves_the_run_to_go_on_at_every_point(make_job: Callable[..., Job], shape: str) -> None:
    whole = await undisturbed(make_job, shape)
    for turns in range(MOST_POINTS):
        run = build(make_job, shape, Bodies()).start()
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            waiting = group.create_task(run.wait())
            is_on = await after_turns(turns, run)
            waiting.cancel()
        assert (await run).outputs == whole.outputs
        if not is_on:
            return
    pytest.fail("the run never came to its end")


@pytest.mark.parametrize("limit", [1, 100])
@pytest.mark.parametrize("shape", SHAPES)
async def test_that_a_pause_at_every_point_changes_no_result(make_job: Callable[..., Job], shape: str, limit: int) -> None:
    whole = await undisturbed(make_job, shape)
    for turns in range(MOST_POINTS):
        bodies = Bodies()
        run = build(make_job, shape, bodies).start(max_concurrent=limit)
        is_on = await after_turns(turns, run)
        run.pause()
        await after_turns(12, run)
        started = {name: task.ended + task.running for name, task in run.progress.tasks.items()}
        await after_turns(6, run)
        assert {name: task.ended + task.running for name, task in run.progress.tasks.items()} == started, "a body started in the pause"
        run.resume()
        async with asyncio.timeout(10):
            result = await run
        assert (result.status, result.outputs) == (RunStatus.DONE, whole.outputs)
        if not is_on:
            return
    pytest.fail("the run never came to its end")


@pytest.mark.parametrize("shape", SHAPES)
async def test_that_a_paused_run_can_be_cancelled_at_every_point(make_job: Callable[..., Job], shape: str) -> None:
    whole = await undisturbed(make_job, shape)
    for turns in range(MOST_POINTS):
        bodies, threads = Bodies(), threading.active_count()
        run = build(make_job, shape, bodies).start()
        is_on = await after_turns(turns, run)
        run.pause()
        await after_turns(turns % 4, run)
        run.cancel()
        async with asyncio.timeout(10):
            assert_kept_a_part(await run, whole)
        assert_nothing_left(bodies, threads)
        if not is_on:
            return
    pytest.fail("the run never came to its end")


class SlowRecorder:
    """Takes its time over every end, and notes whether it was let finish."""

    def __init__(self) -> None:
        self.begun = 0
        self.kept = 0

    async def record(self, _ended: Ended) -> None:
        self.begun += 1
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.kept += 1


@pytest.mark.parametrize("shape", SHAPES)
async def test_that_a_run_can_be_cancelled_at_every_point_while_its_recorder_awaits(make_job: Callable[..., Job], shape: str) -> None:
    whole = await undisturbed(make_job, shape)
    has_met_it_waiting = False
    for turns in range(MOST_POINTS):
        bodies, threads, recorder = Bodies(), threading.active_count(), SlowRecorder()
        run = build(make_job, shape, bodies).start(recorder=recorder)
        is_on = await after_turns(turns, run)
        has_met_it_waiting = has_met_it_waiting or recorder.begun > recorder.kept
        run.cancel()
        async with asyncio.timeout(10):
            assert_kept_a_part(await run, whole)
        assert_nothing_left(bodies, threads)
        if not is_on:
            assert has_met_it_waiting
            return
    pytest.fail("the run never came to its end")


@pytest.mark.parametrize("shape", SHAPES)
async def test_that_a_second_cancel_at_any_point_after_the_first_changes_nothing(make_job: Callable[..., Job], shape: str) -> None:
    whole = await undisturbed(make_job, shape)
    for turns in range(MOST_POINTS):
        bodies, threads = Bodies(), threading.active_count()
        run = build(make_job, shape, bodies).start()
        is_on = await after_turns(turns, run)
        run.cancel()
        await after_turns(turns % 5, run)
        run.cancel()
        async with asyncio.timeout(10):
            assert_kept_a_part(await run, whole)
        assert_nothing_left(bodies, threads)
        if not is_on:
            return
    pytest.fail("the run never came to its end")


@pytest.mark.parametrize("shape", SHAPES)
async def test_that_whoever_runs_a_job_can_be_cancelled_twice_at_every_point(make_job: Callable[..., Job], shape: str) -> None:
    for turns in range(MOST_POINTS):
        bodies, threads = Bodies(), threading.active_count()
        job = build(make_job, shape, bodies)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            running = group.create_task(job.run())
            for _ in range(turns):
                await asyncio.sleep(0)
            has_ended = running.done()
            running.cancel()
            for _ in range(turns % 4):
                await asyncio.sleep(0)
            running.cancel()
        for _ in range(20):  # it no longer waited for the run's end
            await asyncio.sleep(0)
        assert_nothing_left(bodies, threads)
        if has_ended:
            return
    pytest.fail("the run never came to its end")


class FailingRecorder:
    """Fails at one of the ends that it is told of."""

    def __init__(self, at: int) -> None:
        self.left = at

    async def record(self, _ended: Ended) -> None:
        await asyncio.sleep(0)
        self.left -= 1
        if self.left < 0:
            raise OSError("the disk is full")


@pytest.mark.parametrize("shape", SHAPES)
async def test_that_a_recorder_that_fails_anywhere_ends_the_run_with_its_error(make_job: Callable[..., Job], shape: str) -> None:
    for at in range(MOST_POINTS):
        heard: list[Event] = []
        bodies, threads = Bodies(), threading.active_count()
        run = build(make_job, shape, bodies).start(recorder=FailingRecorder(at), subscribers=[heard.append])
        async with asyncio.timeout(10):
            (end,) = await asyncio.gather(run.wait(), return_exceptions=True)
        assert_nothing_left(bodies, threads)
        assert heard[-1].type == "run-finished"
        if not isinstance(end, BaseException):
            assert end.ok
            return
        assert repr(end) == "OSError('the disk is full')"
        assert run.status is run.progress.status is RunStatus.FAILED
    pytest.fail("the run never came to its end")
