"""Every executor on the window's own event loop: the same ends as anywhere, and nothing left behind."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import engine
from engine.execution.events import InvocationStarted, TaskReported
from engine.execution.progress import RunStatus
from tests.child_processes import children_with

if TYPE_CHECKING:
    from engine.execution import Job, Run, RunResult
    from engine.execution.events import Event

WORKSPACE = Path(__file__).parent.parent / "engine" / "execution" / "executors" / "workspace"
"""Tasks that misbehave, by method."""

everywhere = pytest.mark.parametrize("runs", ["loop", "thread", "process"])


def job_of(runs: str, *steps: tuple[str, dict[str, Any]], policy: dict[str, Any] | None = None) -> Job:
    """Return a job that goes through methods one after another."""
    kinds = {"type": "function", "namespace": "faults", "consumes": "any", "produces": "any", "policy": {"runs": runs, **(policy or {})}}
    functions = [{"name": method, "method": method, "init_args": init_args, **kinds} for method, init_args in steps]
    names = ["in", *(method for method, _ in steps), "out"]
    data = {
        "name": "job",
        "datasource": {"source": "direct", "content": {"n": 1}},
        "tasks": [{"name": "in", "type": "input"}, *functions, {"name": "out", "type": "output"}],
        "workflow": [list(pair) for pair in itertools.pairwise(names)],
    }
    return engine.build_job(engine.parse_job_map(data), workspace=WORKSPACE, trust=True)


def reached(result: RunResult) -> list[dict[str, Any]]:
    return result.outputs[0]["data"]


async def begun(job: Job, sign: type[InvocationStarted | TaskReported], task: str) -> Run:
    """Start a run and wait until a body has begun."""
    heard = asyncio.Event()

    def hear(event: Event) -> None:
        if isinstance(event, sign) and event.task == task:
            heard.set()

    run = job.start(subscribers=[hear])
    await heard.wait()
    return run


@everywhere
async def test_that_branches_are_run_and_come_in_order(runs: str) -> None:
    result = await job_of(runs, ("fan", {"count": 40}), ("echo", {})).run()
    assert (result.ok, [payload["i"] for payload in reached(result)]) == (True, list(range(40)))


@everywhere
async def test_that_a_generator_is_pulled(runs: str, tmp_path: Path) -> None:
    result = await job_of(runs, ("streams", {"count": 300, "async": True}), ("echo", {})).run(output=tmp_path)
    assert (result.ok, len(reached(result))) == (True, 300)


@everywhere
async def test_that_what_a_body_raises_is_its_failure(runs: str) -> None:
    result = await job_of(runs, ("raises", {"what": "sys.exit"})).run()
    assert [failure.describe() for failure in result.failures] == ['task "raises": SystemExit: 3']


@everywhere
async def test_that_a_time_limit_ends_a_body_that_waits(runs: str, tmp_path: Path) -> None:
    result = await job_of(runs, ("waits", {}), policy={"timeout": 0.1}).run(output=tmp_path)
    assert [failure.error_type for failure in result.failures] == ["timed-out"]


@everywhere
async def test_that_a_cancel_ends_what_runs(runs: str, tmp_path: Path) -> None:
    run = await begun(job_of(runs, ("swallows", {"times": 0})), InvocationStarted, "swallows")
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ())


async def test_that_a_killed_worker_fails_what_ran_in_it(tmp_path: Path) -> None:
    run = await begun(job_of("process", ("waits", {})), TaskReported, "waits")
    for child in children_with("process_worker"):
        child.kill()
    assert [failure.error_type for failure in (await run).failures] == ["worker-ended"]
