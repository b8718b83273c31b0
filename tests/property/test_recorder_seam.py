"""The seam for durable runs: nothing follows from an invocation before the recorder returned, whatever the graph."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, reject

from engine.errors import JobMapError
from engine.execution.events import InvocationStarted
from engine.model.job_map import TaskType
from tests.property.driving import assert_as_meant, ready
from tests.property.job_graphs import drawn_jobs
from tests.property.test_runs_against_reference import LIMITS, SEEDS, on_some_graphs

if TYPE_CHECKING:
    from engine.execution.events import Event
    from engine.execution.recorder import Ended
    from tests.property.driving import Scheduler
    from tests.property.job_graphs import DrawnJob


class SlowRecorder:
    """Takes its time over every end, and notes what it has kept."""

    def __init__(self, scheduler: Scheduler) -> None:
        self.scheduler = scheduler
        self.kept: list[tuple[str, Any]] = []
        self.told = Counter[tuple[Any, ...]]()

    async def record(self, ended: Ended) -> None:
        self.told[ended.task, ended.branch_path, ended.index, ended.failure is not None] += 1
        await self.scheduler.wait()
        self.kept.append((ended.task, ended.branch_path))


def lie_on_one_way(one: Any, other: Any) -> bool:
    return all(left == right for left, right in zip(one, other, strict=False))


@pytest.mark.timeout(600)
@on_some_graphs
@given(drawn_jobs(), SEEDS, LIMITS)
def test_that_nothing_follows_before_the_recorder_returned(drawn: DrawnJob, seed: int, limit: int) -> None:
    try:
        driven, job, meant = ready(drawn, seed)
    except JobMapError:
        reject()
    recorder = SlowRecorder(driven.scheduler)
    tasks, parents = driven.job_map.by_name, driven.job_map.parents
    too_early: list[Event] = []

    def hear(event: Event) -> None:
        if isinstance(event, InvocationStarted) and tasks[event.task].type is TaskType.FUNCTION and event.task not in driven.part[0]:
            own = tuple(step for step in event.branch_path if step[0] != event.task)
            kept = any(task in parents[event.task] and lie_on_one_way(own, path) for task, path in recorder.kept)
            too_early.extend([] if kept or tasks[event.task].collect is not None else [event])

    driven.listeners.append(hear)
    result = asyncio.run(driven.run(job, recorder=recorder, max_concurrent=limit))
    assert too_early == []
    assert_as_meant(driven, meant, result)
    assert set(recorder.told.values()) <= {1}, "an end was told twice"
