"""What bodies of a run open together: opened once, closed with the run however it ends."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from engine.tasks import context

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from engine.execution import Job

    Make = Callable[..., Job]


async def fan(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"i": index} for index in range(4)]


async def wait_long(payload: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(60)
    return payload


async def test_that_a_resource_is_opened_once_and_closed_in_reverse(make_job: Make) -> None:
    told: list[str] = []

    @contextlib.asynccontextmanager
    async def resource(name: str) -> AsyncIterator[str]:
        told.append(f"open {name}")
        await asyncio.sleep(0)
        yield name
        await asyncio.sleep(0)
        told.append(f"close {name}")

    async def ask(payload: dict[str, Any]) -> dict[str, Any]:
        one = await context().resource("one", lambda: resource("one"))
        other = await context().resource("other", lambda: resource("other"))
        return {"got": [one, other]}

    result = await make_job("in>f>a>out", {"f": fan, "a": ask}).run()
    assert result.ok
    assert told == ["open one", "open other", "close other", "close one"]


async def test_that_a_resource_is_closed_when_the_run_is_cancelled(make_job: Make) -> None:
    told: list[str] = []
    opened = asyncio.Event()

    @contextlib.asynccontextmanager
    async def resource() -> AsyncIterator[str]:
        yield "value"
        told.append("closed")

    async def ask(payload: dict[str, Any]) -> dict[str, Any]:
        await context().resource("one", resource)
        opened.set()
        return await wait_long(payload)

    run = make_job("in>a>out", {"a": ask}).start()
    await opened.wait()
    run.cancel()
    await run
    assert told == ["closed"]


async def test_that_a_resource_that_does_not_open_fails_those_who_asked(make_job: Make) -> None:
    @contextlib.asynccontextmanager
    async def resource() -> AsyncIterator[str]:
        raise OSError("not there")
        yield ""

    async def ask(payload: dict[str, Any]) -> dict[str, Any]:
        await context().resource("one", resource)
        return payload

    result = await make_job("in>f>a>out", {"f": fan, "a": ask}).run()
    assert [failure.message for failure in result.failures] == ["not there"] * 4
