"""The engine against the reference where bodies run in threads and in other processes: drawn jobs whose bodies truly run side by side."""

from __future__ import annotations

import asyncio
import itertools
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engine.catalog import load_catalog
from engine.errors import JobMapError
from engine.execution import build_job
from engine.model.job_map import RunsOn
from tests.property.driving import Driven, assert_as_meant
from tests.property.job_graphs import BYTES, DrawnJob, job_from, part_from

if TYPE_CHECKING:
    from engine.execution import RunResult
    from engine.model.job_map import JobMap, Task

WORKSPACE = Path(__file__).parent / "workspace"
"""What is drawn as a namespace of its own, which other processes can import."""


def placed_on(drawn: DrawnJob, executor: RunsOn) -> JobMap:
    """Return the drawn job map with all its bodies run by the executor."""

    def placed(task: Task) -> Task:
        behaviour, method = drawn.behaviours[task.name], "opens" if task.name in drawn.declared else "behaves"
        init_args: Any = {"name": task.name, "kind": behaviour.kind, "width": behaviour.width, "flaky": behaviour.flaky}
        return replace(task, namespace="drawn", method=method, init_args=init_args, policy=replace(task.policy, runs=executor))

    return replace(drawn.job_map, tasks=tuple(placed(task) if task.is_function else task for task in drawn.job_map.tasks))


def compare(number: int, executor: RunsOn) -> bool:
    """Hold the graph of that number against the reference; return whether it is a valid job map."""
    drawn = job_from(random.Random(number).randbytes(BYTES))  # noqa: S311  for chance, not for secrets
    driven = Driven.of(drawn._replace(job_map=placed_on(drawn, executor)), number)
    try:
        job = build_job(driven.job_map, load_catalog(WORKSPACE, trust=True))
    except JobMapError:
        return False
    driven.take_part(job, part_from(drawn.job_map, number))

    async def run() -> RunResult:
        return await driven.start(job).wait()

    assert_as_meant(driven, driven.expected(), asyncio.run(run()))
    return True


def compare_many(count: int, executor: RunsOn) -> None:
    compared = (number for number in itertools.count() if compare(number, executor))
    assert len(list(itertools.islice(compared, count))) == count


@pytest.mark.parametrize(("executor", "count"), [(RunsOn.THREAD, 30), (RunsOn.PROCESS, 2)])
def test_that_graphs_mean_the_same_wherever_their_bodies_run(executor: RunsOn, count: int) -> None:
    compare_many(count, executor)


@pytest.mark.long
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize(("executor", "count"), [(RunsOn.THREAD, 3_000), (RunsOn.PROCESS, 300)])
def test_that_many_graphs_mean_the_same_wherever_their_bodies_run(executor: RunsOn, count: int) -> None:
    compare_many(count, executor)
