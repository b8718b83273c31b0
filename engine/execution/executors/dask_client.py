"""The run's dask client: to the scheduler whose address was given, else to an embedded cluster that lives as long as the run."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
from typing import TYPE_CHECKING, Any

from engine.errors import ExecutorLostError
from engine.execution.executors.cluster_place import Place
from engine.execution.executors.dask_watch import DaskConnection, watched
from engine.execution.executors.local_cluster import local_cluster, worker_count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from engine.execution.executors.dask_watch import LostCallback

ADDRESS_VARIABLE = "DASK_SCHEDULER_ADDRESS"
CONNECT_SECONDS = 10.0
OWN_CONNECT_SECONDS = 600.0
"""The same for an embedded cluster: its process is watched, so it is there; on a busy machine it takes its time."""

CLOSE_SECONDS = 5.0
CANCEL_SECONDS = 1.0


def scheduler_address(given: str | None) -> str | None:
    """Return the address to use: the one given, else the one in the environment, else None for an embedded cluster."""
    return given or os.environ.get(ADDRESS_VARIABLE) or None


@contextlib.asynccontextmanager
async def open_dask_client(address: str | None = None, *, workers: int | None = None) -> AsyncGenerator[Any]:
    """Give the client of ``open_dask_connection`` alone."""
    async with open_dask_connection(address, workers=workers) as connection:
        yield connection.client


@contextlib.asynccontextmanager
async def open_client_at(place: Place) -> AsyncGenerator[Any]:
    """Give a client of one's own to a scheduler that somebody else watches; nobody's default, closed however the block ends.

    Raises:
        ExecutorLostError: no scheduler answers there.
    """
    distributed = await _distributed()
    async with _connected(distributed, place.address, await _security(distributed, place)) as client:
        yield client


@contextlib.asynccontextmanager
async def open_dask_connection(
    address: str | None = None, *, workers: int | None = None, on_lost: LostCallback | None = None
) -> AsyncGenerator[DaskConnection]:
    """Give an asynchronous ``distributed.Client`` that is nobody's default; closed, with its embedded cluster, however the block ends.

    The loop that asks stays free: what is heavy happens in a thread, and in the cluster's own process.

    Args:
        address: of a running scheduler, such as ``tcp://10.0.0.7:8786``; None for the environment's, else an embedded cluster.
        workers: processes of the embedded cluster; None for one a processor, at most four.
        on_lost: told, at most once, that the cluster is gone; within ten seconds.

    Raises:
        ExecutorLostError: no scheduler answers at the address, or the embedded workers do not start.
        OutputError: there is no place for the temporary files of an embedded cluster.
    """
    known = scheduler_address(address)
    if known is not None:
        place = Place(known, {})
        async with _connected(await _distributed(), known) as client, _watched(client, place, on_lost) as connection:
            yield connection
        return
    async with local_cluster(workers or worker_count()) as cluster:
        distributed = await _distributed()  # while the process of the cluster starts
        place = await cluster.place()
        async with _connected(distributed, place.address, await _security(distributed, place), cluster.ended) as client:
            await cluster.ready()
            async with _watched(client, place, on_lost, cluster.ended) as connection:
                yield connection


@contextlib.asynccontextmanager
async def _watched(
    client: Any, place: Place, on_lost: LostCallback | None, ended: asyncio.Event | None = None
) -> AsyncGenerator[DaskConnection]:
    connection = DaskConnection(client, place, embedded=ended is not None)
    if on_lost is not None:
        connection.on_lost.append(on_lost)
    client.on_disconnect = lambda: connection.lose("the connection to the dask scheduler was lost")
    async with watched(connection, ended):
        yield connection


async def _security(distributed: Any, place: Place) -> Any:
    """Return the credentials of a place; None for what is configured."""
    return await asyncio.to_thread(distributed.Security, require_encryption=True, **place.security) if place.security else None


async def _distributed() -> Any:
    return await asyncio.to_thread(importlib.import_module, "distributed")


@contextlib.asynccontextmanager
async def _connected(distributed: Any, address: str, security: Any = None, ended: asyncio.Event | None = None) -> AsyncGenerator[Any]:
    """Give a client that has connected; ``ended`` is set when the process of an embedded cluster ends."""
    watched_client = await asyncio.to_thread(importlib.import_module, "engine.execution.executors.watched_client")
    quiet = distributed.utils.silence_logging_cmgr(logging.CRITICAL)  # what fails comes back as an exception
    large = importlib.import_module("dask").config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"})  # payloads may be
    with quiet, large:
        patience = CONNECT_SECONDS if ended is None else OWN_CONNECT_SECONDS
        client = watched_client.WatchedClient(
            address, security=security, asynchronous=True, set_as_default=False, timeout=patience, name="ephemeral"
        )
        try:
            await _answer(client, address, ended or asyncio.Event())
            yield client
        finally:
            await _close(client)


async def _close(client: Any) -> None:
    """Close the client, within bounds: one whose scheduler is gone may wait for it, and swallow a cancel on the way."""

    async def close() -> None:
        await client.close()  # something to await, of several kinds

    closing = asyncio.get_running_loop().create_task(close())
    try:
        await asyncio.wait([closing], timeout=CLOSE_SECONDS)
    finally:
        if not closing.done():
            closing.cancel()
            await asyncio.wait([closing], timeout=CANCEL_SECONDS)


async def _answer(client: Any, address: str, ended: asyncio.Event) -> None:
    """Wait until the scheduler answers, unless its process ends before.

    Raises:
        ExecutorLostError: it does not.
    """
    loop = asyncio.get_running_loop()
    tried = [loop.create_task(_started(client)), loop.create_task(ended.wait())]  # owned here: ended with this
    try:
        await asyncio.wait(tried, return_when=asyncio.FIRST_COMPLETED)
        if not tried[0].done():
            raise ExecutorLostError(f"no dask scheduler answers at {address}: its process ended")
        tried[0].result()
    except (OSError, ValueError) as error:
        raise ExecutorLostError(f"no dask scheduler answers at {address}: {error}") from error
    finally:
        for each in tried:
            each.cancel()
        await asyncio.wait(tried, timeout=CANCEL_SECONDS)


async def _started(client: Any) -> None:
    await client  # something to await, of several kinds
