"""Bodies elsewhere that do not end, end too much, or leave something: what fails is what misbehaved, and nothing is left."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from engine.execution import run as run_module
from engine.execution import worker as worker_module
from engine.execution.events import InvocationStarted, InvocationSucceeded
from engine.execution.executors import processes, threads
from engine.execution.progress import RunStatus
from engine.model.job_map import RunsOn, TaskPolicy
from engine.tasks import context
from tests.child_processes import asked, by_id, children, children_with, still_running
from tests.engine.execution.executors.signs import KILLS, speaks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.execution import Job, Run, RunResult
    from engine.execution.events import Event

    Faults = Callable[..., Job]
    Make = Callable[..., Job]


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


def workers() -> list[psutil.Process]:
    """Return the worker processes of this one."""
    return children_with("process_worker")


async def left_alone() -> None:
    """Wait until the body that was left behind has ended after all."""
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})


def starts(event: Event) -> bool:
    return isinstance(event, InvocationStarted)


def succeeds(event: Event) -> bool:
    return isinstance(event, InvocationSucceeded)


async def begun(job: Job, task: str, sign: Callable[[Any], bool] = starts, **options: Any) -> Run:
    """Start a run and wait for a sign that a body of the task is called, or runs."""
    called = asyncio.Event()

    def hear(event: Any) -> None:
        if sign(event) and event.task == task:
            called.set()

    run = job.start(subscribers=[hear], **options)
    await called.wait()
    return run


@pytest.fixture
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let bodies that do not end be given up soon."""
    for module in (run_module, worker_module):
        monkeypatch.setattr(module, "GRACE", 0.3)
        monkeypatch.setattr(module, "CANCEL_AGAIN", 0.05)
    monkeypatch.setattr(processes, "KILL_AFTER", 0.1)


# Ends of a process


@pytest.mark.parametrize(("how", "code"), [("exit", "3"), ("abort", "-6"), ("segfault", "-11"), ("kill", "-9")])
async def test_that_the_end_of_a_worker_fails_its_invocation_alone(faults: Faults, how: str, code: str) -> None:
    tasks = {"fan": {"count": 6}, "ends": {"how": how, "runs": "process"}, "echo": {"runs": "process"}}
    result = await faults("in>ends>out in>fan>echo>out", tasks).run()
    assert [failure.describe() for failure in result.failures] == [f'task "ends": worker-ended: worker process ended (exit code {code})']
    assert len(reached(result)) == 6


async def test_that_a_worker_that_ended_is_tried_again_as_the_policy_says(faults: Faults) -> None:
    tasks = {"ends": {"how": "kill", "attempts": 2, "runs": "process", "policy": {"retries": 2}}}
    result = await faults("in>ends>out", tasks).run()
    assert (result.ok, len(reached(result))) == (True, 1)


async def test_that_a_worker_killed_from_outside_fails_what_ran_in_it(faults: Faults) -> None:
    run = await begun(faults("in>waits>out in>echo>out2", {"waits": {"runs": "process"}}), "waits", speaks)
    (worker,) = workers()
    worker.kill()
    result = await run
    assert [failure.error_type for failure in result.failures] == ["worker-ended"]
    assert (result.status, len(reached(result, "out2"))) == (RunStatus.FAILED, 1)


@KILLS
@pytest.mark.timeout(850)
async def test_that_killed_workers_change_no_result_where_the_policy_tries_again(faults: Faults, kills: int) -> None:
    """A worker is killed at every fifth result: one that computes, waits for work, or has only just started."""
    killed = results = 0

    def kill(event: Event) -> None:
        nonlocal killed, results
        if isinstance(event, InvocationSucceeded) and event.task == "computes":
            results += 1
            for worker in workers()[: results % 5 == 0 and killed < kills]:
                worker.kill()
                killed += 1

    count = 6 * kills
    tasks = {"fan": {"count": count}, "computes": {"seconds": 0.005, "runs": "process", "policy": {"retries": 9}}}
    result = await faults("in>fan>computes>out", tasks).run(subscribers=[kill])
    assert [failure.describe() for failure in result.failures] == []
    assert [payload["i"] for payload in reached(result)] == list(range(count))
    assert killed == kills
    assert workers() == []


async def test_that_an_interpreter_that_cannot_be_started_is_a_failure(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    result = await faults("in>echo>out", {"echo": {"runs": "process"}}).run()
    assert result.failures[0].message.startswith("no worker process could be started: ")


# Time limits


async def test_that_a_body_past_its_time_limit_is_cancelled_in_order(faults: Faults, executor: str, tmp_path: Path) -> None:
    tasks = {"waits": {"runs": executor, "policy": {"timeout": 0.05}}}
    result = await faults("in>waits>out", tasks).run(output=tmp_path)
    assert [failure.describe() for failure in result.failures] == ['task "waits": timed-out: not done after 0.05 s']
    assert (tmp_path / "cleaned-up.txt").exists()


@pytest.mark.parametrize(("how", "seconds"), [("sleep", 60), ("interpreter", 20)])
async def test_that_a_process_that_hears_no_cancel_is_killed(faults: Faults, short_grace: None, how: str, seconds: float) -> None:
    tasks = {"holds": {"how": how, "seconds": seconds, "runs": "process", "policy": {"timeout": 0.1}}}
    began = time.monotonic()
    result = await faults("in>holds>out", tasks).run()
    assert [failure.describe() for failure in result.failures] == ['task "holds": timed-out: not done after 0.1 s']
    assert (result.abandoned, time.monotonic() - began < 20) == ((), True)


async def test_that_a_thread_that_hears_no_cancel_is_named_as_left_behind(faults: Faults, short_grace: None) -> None:
    tasks = {"holds": {"how": "sleep", "seconds": 3, "runs": "thread", "policy": {"timeout": 0.05}}}
    result = await faults("in>holds>out in>echo>out2", tasks).run()
    (failure,) = result.failures
    assert (
        failure.message == "not done after 0.05 s; it does not end when it is cancelled and was left behind: only a process could be killed"
    )
    assert (result.abandoned, len(reached(result, "out2"))) == (('task "holds"',), 1)
    await left_alone()


async def test_that_a_lost_thread_does_not_keep_its_place(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one place, and the body that holds it ends only when the others have been there."""
    monkeypatch.setattr(threads, "MOST_THREADS", 1)
    monkeypatch.setattr(threads, "LOST_AFTER", 0.05)
    held, released = threading.Event(), threading.Event()

    async def holds(payload: dict[str, Any]) -> dict[str, Any]:
        held.set()
        released.wait()
        return payload

    async def after(payload: dict[str, Any]) -> dict[str, Any]:
        await asyncio.to_thread(held.wait)
        return payload

    async def echo(payload: dict[str, Any]) -> dict[str, Any]:
        released.set()
        return payload

    policies = {"holds": {"policy": TaskPolicy(runs=RunsOn.THREAD, timeout=0.05)}, "echo": {"policy": TaskPolicy(runs=RunsOn.THREAD)}}
    result = await make_job("in>holds>out in>after>echo>out", {"holds": holds, "after": after, "echo": echo}, **policies).run()
    assert [failure.error_type for failure in result.failures] == ["timed-out"]


async def test_that_waiting_for_a_free_process_is_not_held_against_a_body(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.execution.executors.pools.processors", lambda: 1)
    tasks = {"fan": {"count": 6}, "holds": {"how": "sleep", "seconds": 0.6, "runs": "process", "policy": {"timeout": 3}}}
    result = await faults("in>fan>holds>out", tasks).run()
    assert (result.failures, len(reached(result))) == ((), 6)


# Cancel


async def test_that_a_cancel_ends_bodies_that_wait_at_once(faults: Faults, executor: str, tmp_path: Path) -> None:
    run = await begun(faults("in>waits>out", {"waits": {"runs": executor}}), "waits", speaks, output=tmp_path)
    run.cancel()
    assert ((await run).status, (tmp_path / "cleaned-up.txt").exists()) == (RunStatus.CANCELLED, True)


@pytest.mark.long  # a second is a second: a busy machine may take longer
async def test_that_a_cancel_ends_a_run_whose_bodies_wait_for_ever_within_a_second(faults: Faults, executor: str, tmp_path: Path) -> None:
    tasks = {"fan": {"count": 20}, "waits": {"runs": executor}}
    run = await begun(faults("in>fan>waits>out", tasks), "waits", speaks, output=tmp_path)
    cancelled_at = time.monotonic()
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ())
    assert time.monotonic() - cancelled_at <= 1


async def test_that_a_cancel_that_is_swallowed_is_repeated(faults: Faults, executor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "CANCEL_AGAIN", 0.05)
    run = await begun(faults("in>swallows>out", {"swallows": {"times": 2, "runs": executor}}), "swallows")
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ())


async def test_that_a_process_that_swallows_every_cancel_is_killed(faults: Faults, short_grace: None) -> None:
    run = await begun(faults("in>swallows>out", {"swallows": {"times": 10**6, "runs": "process"}}), "swallows")
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ())


async def test_that_a_run_ends_although_a_thread_does_not(faults: Faults, short_grace: None) -> None:
    run = await begun(faults("in>holds>out", {"holds": {"how": "sleep", "seconds": 3, "runs": "thread"}}), "holds")
    run.cancel()
    result = await run
    assert (result.status, result.abandoned) == (RunStatus.CANCELLED, ('task "holds"',))
    await left_alone()


async def test_that_a_body_can_ask_whether_it_is_cancelled(make_job: Make) -> None:
    seen: list[bool] = []
    blocked = threading.Event()

    async def computes(payload: dict[str, Any]) -> dict[str, Any]:
        here = context()
        while not here.cancelled:
            blocked.wait(0.01)
        seen.append(True)
        return payload

    run = await begun(make_job("in>a>out", {"a": computes}, a={"policy": TaskPolicy(runs=RunsOn.THREAD)}), "a")
    run.cancel()
    assert ((await run).status, seen) == (RunStatus.CANCELLED, [True])


# What is left


async def test_that_no_worker_is_there_when_the_run_has_ended(faults: Faults, executor: str) -> None:
    await faults("in>fan>echo>out", {"fan": {"count": 8}, "echo": {"runs": executor}}).run()
    assert workers() == []


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("grandchild", "processes that were left running in a worker process were ended"),
        ("thread", "a worker process did not end when the run did and was killed"),
        ("executor", "a worker process did not end when the run did and was killed"),
        ("file", "left open in a worker process: .*library.py"),
        ("socket", "left open in a worker process: a socket"),
    ],
)
async def test_that_what_bodies_leave_is_ended_and_named(faults: Faults, monkeypatch: pytest.MonkeyPatch, what: str, words: str) -> None:
    monkeypatch.setattr(processes, "CLOSE_SECONDS", 1.0)
    result = await faults("in>leaves>out", {"leaves": {"what": what, "runs": "process"}}).run()
    (payload,) = reached(result)
    (warning,) = result.warnings
    assert re.fullmatch(f"{words}; bodies of leaves ran in it", warning)
    assert still_running(by_id(payload["left"]), 10) == []


@pytest.mark.parametrize("what", ["task", "stop"])
@pytest.mark.parametrize("runs", ["thread", "process"])
async def test_that_a_body_does_no_harm_to_the_next_on_its_loop(faults: Faults, runs: str, what: str, tmp_path: Path) -> None:
    tasks = {"leaves": {"what": what, "runs": runs}, "streams": {"count": 3, "async": True, "runs": runs}}
    result = await faults("in>leaves>streams>out", tasks).run(output=tmp_path)
    assert (result.ok, len(reached(result))) == (True, 3)


async def test_that_a_workspace_that_changed_meanwhile_is_noticed(faults: Faults, workspace: Path, tmp_path: Path) -> None:
    shutil.copytree(workspace, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__"))
    job = faults("in>echo>out", {"echo": {"runs": "process"}}, workspace=tmp_path / "copy")
    (tmp_path / "copy" / "task_namespaces" / "faults" / "library.py").write_text("", encoding="utf-8")
    result = await job.run()
    assert [failure.error_type for failure in result.failures] == ["workspace-changed"]


SCRIPT = """
    import asyncio, sys
    import engine

    print("once", flush=True)
    job_map = engine.parse_job_map({
        "name": "job",
        "datasource": {"source": "direct", "content": {}},
        "tasks": [
            {"name": "in", "type": "input"},
            {"name": "a", "type": "function", "namespace": "faults", "method": sys.argv[2], "consumes": "any", "produces": "any",
             "init_args": {"what": "grandchild"} if sys.argv[2] == "leaves" else {}, "policy": {"runs": "process"}},
            {"name": "b", "type": "function", "namespace": "faults", "method": sys.argv[3], "consumes": "any", "produces": "any",
             "init_args": {"how": "interpreter", "seconds": 20} if sys.argv[3] == "holds" else {}, "policy": {"runs": "process"}},
            {"name": "out", "type": "output"}],
        "workflow": [["in", "a"], ["a", "b"], ["b", "out"]]})
    job = engine.build_job(job_map, workspace=sys.argv[1], trust=True)
    print(asyncio.run(job.run()).outputs, flush=True)
"""


@pytest.fixture
def script(tmp_path: Path, workspace: Path) -> Callable[..., list[str]]:
    """Return the command of a script without a guard."""
    file = tmp_path / "script.py"
    file.write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    return lambda *methods: [sys.executable, str(file), str(workspace), *methods]


def test_that_a_script_needs_no_guard(script: Callable[..., list[str]]) -> None:
    ended = subprocess.run(script("echo", "echo"), capture_output=True, text=True, timeout=60, check=True)  # noqa: S603  our own
    assert (ended.stdout.count("once"), ended.stderr) == (1, "")


_PATIENCE = threading.Event()


def test_that_workers_and_all_that_they_started_die_with_a_run_that_is_killed(script: Callable[..., list[str]]) -> None:
    with subprocess.Popen(script("leaves", "holds"), stdout=subprocess.DEVNULL) as process:  # noqa: S603  our own
        try:
            family = _family(process.pid, "sleep")
        finally:
            process.send_signal(signal.SIGKILL)
    assert still_running(family, 10) == []


def _family(pid: int, name: str) -> list[psutil.Process]:
    """Wait until a process has a descendant of that name, and return all descendants."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        found = children(pid, recursive=True)
        if any(known == name for _, known in asked(found, psutil.Process.name)):
            return found
        _PATIENCE.wait(0.02)
    raise AssertionError(f"no {name} was started")
