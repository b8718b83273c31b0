"""Work that holds the interpreter, as a method of a workspace: only what another process can import runs there."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import multiprocessing
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine.catalog import load_catalog
from engine.execution import build_job
from engine.execution.events import BranchesOpened, InvocationSucceeded
from engine.execution.executors.pools import processors
from engine.model.job_map import Collect, Datasource, JobMap, RunsOn, Task, TaskPolicy, TaskType
from engine.overriding import override
from tests.performance.bench.workspaces import make_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.pool import Pool

    from engine.execution import Job
    from engine.execution.events import Event

COUNT, SECONDS = 64, 0.05
WARMING = 4
PAIRS = 3
BURN = """\
end = __import__("time").process_time() + payload["seconds"]
while __import__("time").process_time() < end:
    pass
return payload"""
SPREAD = f"""\
return [{{"seconds": {SECONDS}}} for _ in range({COUNT})]"""
"""Opens a branch for each body that counts."""


async def measure() -> dict[str, Any]:
    """Return the wall time on a warm pool over that of the same bodies inline, and the worst wake-up lag of the loop in milliseconds.

    A pool belongs to its run; so each run warms up with a few bodies that do nothing, and what counts begins after them. The same on
    bare processes tells what the machine can do at this moment.
    """
    ratios: list[float] = []
    bare: list[float] = []
    lags: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _bare_pool() as pool:
        workspace = make_workspace(Path(folder), "burning", {"burn": BURN, "spread": SPREAD})
        for _ in range(PAIRS):
            inline = await _watched(_job(workspace, RunsOn.LOOP), Watch())
            bare.append(_seconds_on(pool) / inline.seconds)
            pooled = await _watched(_job(workspace, RunsOn.PROCESS), Watch())
            ratios.append(pooled.seconds / inline.seconds)
            lags.append((await _watched(_job(workspace, RunsOn.PROCESS), LagWatch())).worst)
    return {"ratio": statistics.median(ratios), "bare": statistics.median(bare), "milliseconds": statistics.median(lags)}


@contextlib.contextmanager
def _bare_pool() -> Iterator[Pool]:
    """Give as many processes as our own pool has, which have imported what they need."""
    with multiprocessing.get_context("spawn").Pool(processors()) as pool:
        pool.map(_burn, [SECONDS] * processors(), 1)
        yield pool


def _seconds_on(pool: Pool) -> float:
    start = time.perf_counter()
    pool.map(_burn, [SECONDS] * COUNT, 1)
    return time.perf_counter() - start


def _burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def _job(workspace: Path, runs: RunsOn) -> Job:
    tasks = (
        Task("in", TaskType.INPUT),
        _task("warm", "burn", policy=TaskPolicy(runs=runs)),
        _task("spread", "spread", collect=Collect("in")),
        _task("burn", "burn", policy=TaskPolicy(runs=runs)),
        Task("out", TaskType.OUTPUT),
    )
    workflow = tuple(itertools.pairwise(task.name for task in tasks))
    content: Any = [{"seconds": 0}] * WARMING
    return build_job(JobMap("burn", Datasource("direct", {"content": content}), tasks, workflow), load_catalog(workspace, trust=True))


def _task(name: str, method: str, **fields: Any) -> Task:
    return Task(name, TaskType.FUNCTION, namespace="burning", method=method, consumes="any", produces="map", **fields)


class Watch:
    """Hears when the bodies that count begin and end."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.left = COUNT
        self._began = 0.0

    def hear(self, event: Event) -> None:
        """Take an event of the run."""
        if isinstance(event, BranchesOpened) and event.task == "spread":
            self.begin()
        if isinstance(event, InvocationSucceeded) and event.task == "burn":
            self.left -= 1
            self.seconds = time.perf_counter() - self._began

    def begin(self) -> None:
        """What counts begins."""
        self._began = time.perf_counter()


class LagWatch(Watch):
    """Looks how late the loop wakes up meanwhile, which takes some time of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.worst = 0.0

    @override
    def begin(self) -> None:
        super().begin()
        self._look(time.perf_counter())

    def _look(self, due: float) -> None:
        now = time.perf_counter()
        self.worst = max(self.worst, (now - due) * 1e3)
        if self.left:
            asyncio.get_running_loop().call_later(0.001, self._look, now + 0.001)


W = TypeVar("W", bound=Watch)


async def _watched(job: Job, watch: W) -> W:
    result = await job.run(subscribers=[watch.hear])
    if not result.ok:
        raise AssertionError(result.failures)
    return watch
