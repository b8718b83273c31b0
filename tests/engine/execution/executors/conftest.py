"""A workspace of misbehaving tasks, and jobs of it for every executor."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

import engine
from engine.execution.events import RunFinished

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Mapping

    from engine.execution import Job, Run
    from engine.execution.events import Event

WORKSPACE = Path(__file__).parent / "workspace"
EXECUTORS = ("loop", "thread", "process", "dask")
ELSEWHERE = ("process", "dask")
"""Those whose bodies run in other processes."""

DETACHED = 'exec 3<&0; "$0" -c "$1" <&3 3<&- &'
CLUSTER = """
import sys
from distributed import LocalCluster
if __name__ == "__main__":
    options = {"dashboard_address": "127.0.0.1:0", "worker_dashboard_address": None, "silence_logs": 50}
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", **options) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""
SCHEDULER = """
import asyncio
from distributed import Scheduler
async def main():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()
asyncio.run(main())
"""
WORKER = """
import asyncio, sys
import distributed
async def main():
    options = {"nthreads": 1, "host": "127.0.0.1", "dashboard": False, "local_directory": sys.argv[3]}
    async with getattr(distributed, sys.argv[1])(sys.argv[2], **options) as node:
        print("there", flush=True)
        await node.finished()
if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
def workspace() -> Path:
    """Return the workspace of misbehaving tasks."""
    return WORKSPACE


@pytest.fixture(scope="session")
def dask_address() -> Iterator[str]:
    """Give the address of a cluster that stays for all tests: each would wait for one of its own for seconds.

    It is no child of this process, whose children the tests count; it ends when the pipe to it is closed.
    """
    lifeline, held = os.pipe()
    answer, told = os.pipe()
    subprocess.run(["/bin/sh", "-c", DETACHED, sys.executable, CLUSTER], stdin=lifeline, stdout=told, check=True)  # noqa: S603  our own text
    os.close(lifeline)
    os.close(told)
    with os.fdopen(answer) as answers:
        yield answers.readline().strip()
        os.close(held)
        answers.read()  # to its end


@pytest.fixture(params=EXECUTORS)
def executor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name each executor in turn."""
    return _ready(request, monkeypatch)


@pytest.fixture(params=EXECUTORS[1:])
def beside_the_loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name each executor in turn whose bodies do not run on the run's event loop."""
    return _ready(request, monkeypatch)


@pytest.fixture(params=ELSEWHERE)
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Name each executor in turn whose bodies run in other processes."""
    return _ready(request, monkeypatch)


def _ready(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "dask":
        monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", request.getfixturevalue("dask_address"))
    return str(request.param)


def make(edges: str, tasks: Mapping[str, Mapping[str, Any]], **options: Any) -> Job:
    """Build a job: edges as ``in>a>out in>b>out``; for each task its method, ``runs``, init_args and further fields."""
    chains = [chain.split(">") for chain in edges.split()]
    names = list(dict.fromkeys(name for chain in chains for name in chain))
    data = {
        "name": "job",
        "datasource": {"source": "direct", "content": options.pop("content", {"n": 1})},
        "tasks": [_task(name, dict(tasks.get(name, {}))) for name in names],
        "workflow": [list(pair) for chain in chains for pair in itertools.pairwise(chain)],
        **options.pop("fields", {}),
    }
    return engine.build_job(engine.parse_job_map(data), workspace=options.pop("workspace", WORKSPACE), trust=True)


def _task(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    if name == "in":
        return {"name": name, "type": "input"}
    if name.startswith("out"):
        return {"name": name, "type": "output"}
    policy = {**({"runs": fields.pop("runs")} if "runs" in fields else {}), **fields.pop("policy", {})}
    known: dict[str, Any] = {key: fields.pop(key) for key in ("collect", "join", "method") if key in fields}
    return {
        "name": name,
        "type": "function",
        "namespace": "faults",
        "method": name,
        "consumes": "any",
        "produces": "any",
        "init_args": fields,
        "policy": policy,
        **known,
    }


async def start_heard(job: Job, sign: Callable[[Event], bool], count: int = 1, **options: Any) -> Run:
    """Start a run and wait until a sign was given so many times; fail where the run ends before."""
    left, enough = count, asyncio.Event()

    def hear(event: Event) -> None:
        nonlocal left
        left -= sign(event)
        if left <= 0 or isinstance(event, RunFinished):
            enough.set()

    run = job.start(subscribers=[hear, *options.pop("subscribers", ())], **options)
    await enough.wait()
    assert left <= 0, f"the run ended before the sign was given: {[failure.describe() for failure in (await run).failures]}"
    return run


@pytest.fixture
def heard() -> Callable[..., Coroutine[Any, Any, Run]]:
    """Start a run and wait for a sign."""
    return start_heard


@pytest.fixture
def faults() -> Callable[..., Job]:
    """Build a job of misbehaving tasks."""
    return make


@pytest.fixture
def start() -> Iterator[Callable[..., psutil.Popen]]:
    """Start a script that ends with the test."""
    started: list[psutil.Popen] = []

    def start(text: str, *arguments: str) -> psutil.Popen:
        command = [sys.executable, "-c", text, *arguments]
        started.append(psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def scheduler(start: Callable[..., psutil.Popen]) -> tuple[psutil.Popen, str]:
    """A scheduler and its address."""
    process = start(SCHEDULER)
    return process, process.stdout.readline().strip()


@pytest.fixture
def worker(start: Callable[..., psutil.Popen], scheduler: tuple[psutil.Popen, str], tmp_path: Path) -> psutil.Popen:
    """A worker of that scheduler without a nanny: nobody starts it again."""
    return _there(start(WORKER, "Worker", scheduler[1], str(tmp_path)))


@pytest.fixture
def nannies(start: Callable[..., psutil.Popen], scheduler: tuple[psutil.Popen, str], tmp_path: Path) -> list[psutil.Popen]:
    """Two nannies of that scheduler, each with its worker."""
    started = [start(WORKER, "Nanny", scheduler[1], str(tmp_path)) for _ in range(2)]
    return [_there(each) for each in started]


def _there(node: psutil.Popen) -> psutil.Popen:
    """Wait until a node is known to its scheduler: on a busy machine that takes longer than a run waits for workers."""
    assert node.stdout.readline() == "there\n"
    return node
