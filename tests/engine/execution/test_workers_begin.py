"""How many workers a run begins, and how fast: all that can wait at once do so soon, and none begins that would find nothing to do."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from engine.model.job_map import JobPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution import Job

    Make = Callable[..., Job]


async def _split(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**payload, "i": index} for index in range(100)]


async def test_that_a_hundred_bodies_wait_after_a_few_turns_of_the_loop(make_job: Make) -> None:
    turns = itertools.count()
    began: list[int] = []
    all_wait = asyncio.Event()
    turn = 0

    def count() -> None:
        nonlocal turn
        turn = next(turns)
        if not all_wait.is_set():
            asyncio.get_running_loop().call_soon(count)

    async def wait(payload: dict[str, Any]) -> dict[str, Any]:
        began.append(turn)
        if len(began) == 100:
            all_wait.set()
        await all_wait.wait()
        return payload

    count()
    result = await make_job("in>split>wait>out", {"split": _split, "wait": wait}, policy=JobPolicy(max_concurrent=100)).run()
    assert result.ok
    assert max(began) - min(began) < 10


@pytest.mark.parametrize("waiting", [3, 50])
async def test_that_no_more_workers_begin_than_find_something_to_do(make_job: Make, waiting: int) -> None:
    others: list[int] = []
    done = asyncio.Event()

    async def split(payload: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**payload, "i": index} for index in range(waiting + 1)]

    async def hold(payload: dict[str, Any]) -> dict[str, Any]:
        if payload["i"] < waiting:
            await done.wait()
        return payload

    async def step(payload: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0)
        others.append(len(asyncio.all_tasks()))
        return payload

    async def last(payload: dict[str, Any]) -> dict[str, Any]:
        done.set()
        return payload

    edges = "in>split>hold>a>b>c>last>out"
    bodies = {"split": split, "hold": hold, "a": step, "b": step, "c": step, "last": last}
    result = await make_job(edges, bodies, policy=JobPolicy(max_concurrent=1000)).run()
    assert result.ok
    assert max(others[:3]) <= waiting + 1 + 3  # this test, the run and who waits for it
