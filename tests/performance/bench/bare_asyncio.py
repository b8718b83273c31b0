"""The floor: the same work by hand in asyncio, with one asyncio task for each step."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.performance.bench.job_shapes import no_op

if TYPE_CHECKING:
    from collections.abc import Iterator


async def chain(length: int) -> None:
    create = asyncio.get_running_loop().create_task
    payload: dict[str, Any] = {"n": 1}
    for _ in range(length):
        payload = await create(no_op(payload))


async def fan_out(branches: int) -> None:
    create = asyncio.get_running_loop().create_task
    payloads: list[dict[str, Any]] = [{"index": index} for index in range(branches)]
    for _ in range(2):
        payloads = await asyncio.gather(*[create(no_op(payload)) for payload in payloads])


async def layers(count: int, width: int) -> None:
    create = asyncio.get_running_loop().create_task
    payloads: list[dict[str, Any]] = [{"n": 1}] * width
    for row in range(count):
        merged = [{**payload, **payloads[(column + 1) % width]} for column, payload in enumerate(payloads)] if row else payloads
        payloads = await asyncio.gather(*[create(no_op(payload)) for payload in merged])


async def waiting(invocations: int, seconds: float, at_once: int) -> None:
    """So many workers that share one iterator of the same payloads and await the same body: the least that the work can cost."""
    items = iter([{"index": index} for index in range(invocations)])

    async def wait(payload: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(seconds)
        return payload

    async def work() -> None:
        for payload in items:
            await wait(payload)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())


async def stream(branches: int) -> None:
    """One worker that takes item after item and awaits each step in place: what bounded memory costs at least."""
    items: Iterator[dict[str, Any]] = ({"index": index} for index in range(branches))
    for item in items:
        await no_op(await no_op(item))


async def gather(awaitables: int) -> None:
    await asyncio.gather(*[no_op({}) for _ in range(awaitables)])
