"""A look at a dask cluster from time to time: whether its scheduler answers, and which workers it has.

Time is counted in looks, not by the clock: while this process itself is suspended no look is taken, and nothing is held against the
cluster.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Any

from engine.errors import ExecutorLostError
from engine.execution.executors.this_worker import make_way

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine

    from engine.execution.executors.cluster_place import Place

    LostCallback = Callable[[ExecutorLostError], None]

SECONDS_BETWEEN_LOOKS = 1.0
SAY_AFTER = 2
"""Looks after which whoever waits is told what for."""

ANSWER_LOOKS = 8
"""So soon a scheduler elsewhere must answer: with the wait between two looks, a lost one is noticed within ten seconds."""

OWN_ANSWER_LOOKS = 60
"""The same for an embedded cluster: its process is watched, so it is there; it stands still where someone suspended it."""

WITHOUT_WORKERS_LOOKS = 30
"""How long a cluster may be without a worker that takes tasks: a nanny that lives starts its worker again within seconds."""

STUCK_LOOKS = 5
"""How long a worker of the run's own cluster may be paused for want of memory, before it is asked to make way for a new one."""

CANCEL_SECONDS = 1.0

_log = logging.getLogger(__name__)


class DaskConnection:
    """A client and what is known of its cluster.

    Attributes:
        client: the asynchronous ``distributed.Client``.
        embedded: whether the cluster is this run's alone.
        place: where its scheduler is, for those who make clients of their own.
        workers: addresses of the workers, as of the last look.
        trouble: what everybody waits for, in words for a person; empty as long as the cluster works.
        lost: why the cluster can no longer be used; None as long as it can.
    """

    def __init__(self, client: Any, place: Place, *, embedded: bool) -> None:
        self.client = client
        self.place = place
        self.embedded = embedded
        self.workers: frozenset[str] = frozenset()
        self.trouble = ""
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

    def looked(self, trouble: str) -> None:
        """Say to all who want to know what the last look found."""
        if trouble and not self.trouble:
            _log.warning("%s", trouble)
        self.trouble = trouble
        for tell in tuple(self.on_look):
            tell()


@contextlib.asynccontextmanager
async def watched(connection: DaskConnection, ended: asyncio.Event | None = None) -> AsyncGenerator[None]:
    """Watch a connection as long as the block lasts.

    Args:
        connection: told when it is lost.
        ended: set when the embedded cluster's process ends.
    """
    loop = asyncio.get_running_loop()
    watches = [loop.create_task(Watch(connection).look_again_and_again())]  # owned here: ended with the block
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


class Watch:
    """Looks at a cluster until it is lost."""

    def __init__(self, connection: DaskConnection) -> None:
        self._connection = connection
        self._without = 0
        self._paused: dict[str, int] = {}

    async def look_again_and_again(self) -> None:
        """Look, and lose the connection where there is nothing left to look at."""
        connection = self._connection
        while connection.lost is None:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            if connection.client.status != "running":
                connection.lose("the connection to the dask scheduler was lost")
                return
            try:
                await self._look()
            except TimeoutError as error:
                connection.lose(str(error))
            except (OSError, ValueError) as error:
                connection.lose(f"the connection to the dask scheduler was lost: {error}")

    async def _look(self) -> None:
        connection = self._connection
        there, running = await self._answer(_workers_of(connection.client))
        connection.workers = there
        self._without = 0 if running else self._without + 1
        if self._without >= WITHOUT_WORKERS_LOOKS:
            connection.lose(f"the dask cluster has been without a worker for {_seconds(self._without)} s{_all_paused(there)}")
            return
        is_long = self._without >= SAY_AFTER
        connection.looked(f"no dask worker takes tasks for {_seconds(self._without)} s{_all_paused(there)}" if is_long else "")
        if connection.embedded:
            await self._renew(there - running)

    async def _answer(self, question: Coroutine[Any, Any, Any]) -> Any:
        """Wait for an answer of the scheduler, and say so where it takes long.

        Raises:
            TimeoutError: there was none in time; the text says so.
        """
        asking = asyncio.get_running_loop().create_task(question)
        most = OWN_ANSWER_LOOKS if self._connection.embedded else ANSWER_LOOKS
        try:
            for looks in range(1, most + 1):
                await asyncio.wait([asking], timeout=SECONDS_BETWEEN_LOOKS)
                if asking.done():
                    return asking.result()
                if looks >= SAY_AFTER:
                    self._connection.looked(f"the dask scheduler has not answered for {_seconds(looks)} s")
        finally:
            asking.cancel()
            await asyncio.wait([asking], timeout=CANCEL_SECONDS)
        raise TimeoutError(f"the dask scheduler did not answer within {_seconds(most)} s")

    async def _renew(self, paused: frozenset[str]) -> None:
        """Ask workers that stay paused to make way for new ones, where they hold nothing that anybody waits for."""
        self._paused = {address: self._paused.get(address, 0) + 1 for address in paused}
        stuck = [address for address, looks in self._paused.items() if looks >= STUCK_LOOKS]
        if stuck:
            await self._answer(self._connection.client.run(make_way, workers=stuck, on_error="ignore"))


async def _workers_of(client: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Return the addresses of all workers, and of those that take tasks: one that is short of memory does not."""
    return frozenset(await client.scheduler.ncores()), frozenset(await client.scheduler.ncores_running())


def _all_paused(there: frozenset[str]) -> str:
    return f": {len(there)} are there, but short of memory" if there else ""


def _seconds(looks: int) -> str:
    return f"{looks * SECONDS_BETWEEN_LOOKS:.0f}"
