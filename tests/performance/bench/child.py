"""What runs in the processes of their own: ``python -m tests.performance.bench.child WORD...`` prints its figures as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import psutil

from engine.errors import JobMapError
from tests.performance.bench import bare_asyncio, cpu_jobs, job_shapes
from tests.performance.bench.one_process import MEBIBYTE

BRANCHES = 1_000_000


async def branches(way: str) -> dict[str, float]:
    """Return the memory that a million branches add at most, and the processor seconds that they take."""
    if way == "ours":
        warm_up, job = job_shapes.stream(1_000), job_shapes.stream(BRANCHES)
        await warm_up.run()
        added, cpu = await _watched(job.run())
    else:
        await bare_asyncio.stream(1_000)
        added, cpu = await _watched(bare_asyncio.stream(BRANCHES))
    return {"megabytes": added / MEBIBYTE, "cpu": cpu}


async def _watched(work: Any) -> tuple[float, float]:
    process = psutil.Process()
    before = most = process.memory_info().rss
    start = time.process_time()
    task = asyncio.get_running_loop().create_task(work)
    while not task.done():
        await asyncio.wait([task], timeout=0.05)
        most = max(most, process.memory_info().rss)
    await task
    return most - before, time.process_time() - start


async def lag() -> dict[str, float]:
    """Return the longest stretch of work between two turns of the loop, in this thread's time: other processes do not count."""
    worst = 0.0

    async def look() -> None:
        nonlocal worst
        last = time.thread_time()
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            worst, last = max(worst, now - last), now

    job = job_shapes.fan_out(150_000)
    looking = asyncio.get_running_loop().create_task(look())
    await asyncio.sleep(0)
    await job.run()
    looking.cancel()
    return {"milliseconds": worst * 1e3}


async def cpu() -> dict[str, Any]:
    """Return what work on two cores costs over work on one, and the worst wake-up of the loop meanwhile."""
    try:
        return await cpu_jobs.measure()
    except JobMapError as refused:
        return {"note": refused.problems[0].message}


if __name__ == "__main__":
    measures: dict[str, Any] = {"branches": branches, "lag": lag, "cpu": cpu}
    print(json.dumps(asyncio.run(measures[sys.argv[1]](*sys.argv[2:]))))  # noqa: T201  its answer
