"""Work that holds the interpreter, as a method of a workspace: only what another process can import runs there."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.catalog import load_catalog
from engine.catalog.scaffolding import new_namespace, new_task
from engine.execution import build_job
from engine.model.job_map import Datasource, JobMap, RunsOn, Task, TaskPolicy, TaskType

if TYPE_CHECKING:
    from engine.execution import Job

COUNT, SECONDS = 64, 0.05
BODY = """\
        end = __import__("time").process_time() + payload["seconds"]
        while __import__("time").process_time() < end:
            pass
        return payload
"""


async def measure() -> dict[str, Any]:
    """Return the wall time on a warm pool over that of the same bodies inline, and the worst wake-up lag of the loop in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = _workspace(Path(folder))
        await _job(workspace, RunsOn.PROCESS, 4).run()
        inline = await _wall(_job(workspace, RunsOn.LOOP, COUNT))
        job = _job(workspace, RunsOn.PROCESS, COUNT)
        lags: list[float] = []
        watching = asyncio.get_running_loop().create_task(_watch(lags))
        pooled = await _wall(job)
        watching.cancel()
        return {"ratio": pooled / inline, "milliseconds": max(lags) * 1e3}


def _workspace(folder: Path) -> Path:
    new_namespace(folder, "burning")
    new_task(folder, "burning", "burn")
    code = folder / "task_namespaces" / "burning" / "tasks.py"
    source = code.read_text(encoding="utf-8")
    code.write_text(source.replace("        return payload\n", BODY), encoding="utf-8")
    return folder


def _job(workspace: Path, runs: RunsOn, count: int) -> Job:
    burn = Task("burn", TaskType.FUNCTION, namespace="burning", method="burn", consumes="any", produces="map", policy=TaskPolicy(runs=runs))
    content: Any = [{"seconds": SECONDS}] * count
    tasks = (Task("in", TaskType.INPUT), burn, Task("out", TaskType.OUTPUT))
    job_map = JobMap("burn", Datasource("direct", {"content": content}), tasks, tuple(itertools.pairwise(["in", "burn", "out"])))
    return build_job(job_map, load_catalog(workspace, trust=True))


async def _wall(job: Job) -> float:
    start = time.perf_counter()
    result = await job.run()
    if not result.ok:
        raise AssertionError(result.failures)
    return time.perf_counter() - start


async def _watch(lags: list[float]) -> None:
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        lags.append(time.perf_counter() - start - 0.001)
