"""A look at a dask cluster from time to time: whether its scheduler answers, and which workers it has."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from time import monotonic
from typing import TYPE_CHECKING, Any

from engine.errors import ExecutorLostError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    LostCallback = Callable[[ExecutorLostError], None]

SECONDS_BETWEEN_LOOKS = 1.0
ANSWER_SECONDS = 8.0
"""Within this time a scheduler must answer; with the wait between two looks, a lost one is noticed within ten seconds."""

WITHOUT_WORKERS_SECONDS = 30.0
"""How long a cluster that had workers may be without any: a nanny that lives starts its worker again within seconds."""

_log = logging.getLogger(__name__)


class DaskConnection:
    """A client and what is known of its cluster.

    Attributes:
        client: the asynchronous ``distributed.Client``.
        embedded: whether the cluster is this run's alone.
        workers: addresses of the workers, as of the last look.
        lost: why the cluster can no longer be used; None as long as it can.
    """

    def __init__(self, client: Any, *, embedded: bool) -> None:
        self.client = client
        self.embedded = embedded
        self.workers: frozenset[str] = frozenset()
        self.lost: ExecutorLostError | None = None
        self.on_look: list[Callable[[], None]] = []
        self.on_lost: list[LostCallback] = []

    def lose(self, why: str) -> None:
        """Say to all who want to know, once, that the cluster is gone."""
        if self.lost is None:
            self.lost = ExecutorLostError(why)
            _log.warning("%s", why)
            for tell in tuple(self.on_lost):
                tell(self.lost)


@contextlib.asynccontextmanager
async def watched(connection: DaskConnection, ended: asyncio.Event | None = None) -> AsyncGenerator[None]:
    """Watch a connection as long as the block lasts.

    Args:
        connection: told when it is lost.
        ended: set when the embedded cluster's process ends.
    """
    loop = asyncio.get_running_loop()
    watches = [loop.create_task(_look_again_and_again(connection))]  # owned here: ended with the block
    if ended is not None:
        watches.append(loop.create_task(_wait_for_end(connection, ended)))
    try:
        yield
    finally:
        for watch in watches:
            watch.cancel()
        await asyncio.wait(watches)


async def _wait_for_end(connection: DaskConnection, ended: asyncio.Event) -> None:
    await ended.wait()
    connection.lose("the process of the embedded dask cluster has ended")


async def _look_again_and_again(connection: DaskConnection) -> None:
    last_seen = monotonic()
    while connection.lost is None:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        if connection.client.status != "running":
            connection.lose("the connection to the dask scheduler was lost")
            return
        try:
            async with asyncio.timeout(None if connection.embedded else ANSWER_SECONDS):
                connection.workers = frozenset(await connection.client.scheduler.ncores())
        except TimeoutError:
            connection.lose(f"the dask scheduler did not answer within {ANSWER_SECONDS:.0f} s")
        except (OSError, ValueError) as error:
            connection.lose(f"the connection to the dask scheduler was lost: {error}")
        else:
            now = monotonic()
            last_seen = now if connection.workers else last_seen
            if now - last_seen > WITHOUT_WORKERS_SECONDS:
                connection.lose(f"the dask cluster has been without a worker for {WITHOUT_WORKERS_SECONDS:.0f} s")
            for tell in tuple(connection.on_look):
                tell()
