"""What distributed, subprocesses and sockets need of an event loop."""

from __future__ import annotations

import asyncio
import sys

from distributed import Client, LocalCluster


async def test_that_a_stream_server_and_its_client_talk() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello\n")
        assert await reader.readline() == b"hello\n"
        writer.close()
        await writer.wait_closed()


async def test_that_a_subprocess_is_awaited() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "print('from a child')", stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert (process.returncode, output.strip()) == (0, b"from a child")


async def test_that_an_asynchronous_cluster_of_worker_processes_runs_on_it() -> None:
    async with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=1, threads_per_worker=1, processes=True, asynchronous=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as cluster,
        Client(cluster, asynchronous=True, set_as_default=False) as client,  # type: ignore[no-untyped-call]
    ):
        futures = client.map(_square, range(10))
        assert await client.gather(futures) == [number**2 for number in range(10)]


def _square(number: int) -> int:
    return number**2
