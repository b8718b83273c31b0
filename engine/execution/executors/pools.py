"""The threads and worker processes of one run: none until a body needs one."""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.execution.executors.dask_bodies import DaskPool
    from engine.execution.executors.pool import Pool
    from engine.execution.executors.processes import ProcessSeat
    from engine.execution.executors.threads import ThreadSeat
    from engine.execution.executors.worker_memory import WorkerMemory
    from engine.execution.output_folder import OutputFolder


class Pools:
    """The pools of a run, each made when it is first asked for.

    Args:
        output_folder: where bodies elsewhere write to.
    """

    def __init__(self, output_folder: OutputFolder) -> None:
        self._output_folder = output_folder
        self._memory: WorkerMemory | None = None
        self._made: list[Pool[ThreadSeat] | Pool[ProcessSeat] | DaskPool] = []

    @cached_property
    def threads(self) -> Pool[ThreadSeat]:
        """Threads; as many as there are bodies at once, up to a limit."""
        from engine.execution.executors.pool import Pool  # noqa: PLC0415  a run whose bodies are all on the loop starts sooner
        from engine.execution.executors.threads import MOST_THREADS, ThreadSeat  # noqa: PLC0415

        pool: Pool[ThreadSeat] = Pool(lambda: ThreadSeat(pool.drop), MOST_THREADS)
        self._made.append(pool)
        return pool

    @cached_property
    def processes(self) -> Pool[ProcessSeat]:
        """Worker processes; one for each processor that this process may use."""
        from engine.execution.executors.pool import Pool  # noqa: PLC0415  as above
        from engine.execution.executors.processes import ProcessSeat  # noqa: PLC0415
        from engine.execution.executors.worker_memory import WorkerMemory  # noqa: PLC0415

        pool: Pool[ProcessSeat] = Pool(lambda: ProcessSeat(pool.drop, self._output_folder), processors())
        self._memory = WorkerMemory(lambda: pool.seats)
        self._made.append(pool)
        return pool

    @cached_property
    def dask(self) -> DaskPool:
        """Workers of the run's dask cluster."""
        from engine.execution.executors.dask_bodies import DaskPool  # noqa: PLC0415  as above

        pool = DaskPool(self._output_folder)
        self._made.append(pool)
        return pool

    async def close(self) -> list[str]:
        """End all threads and processes; return in words what went wrong."""
        if self._memory is not None:
            self._memory.stop()
        return [complaint for pool in self._made for complaint in await pool.close()]


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
