"""What a task body may ask of the run: ``engine.tasks.TaskContext`` for one invocation in this process."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

from engine.execution.branch_path import branch_text
from engine.execution.log_records import TASK_LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from engine.execution.backlog import Invocation
    from engine.execution.executors.cluster_place import Place
    from engine.execution.executors.dask_watch import DaskConnection
    from engine.execution.run import Run


class InvocationContext:
    """The context of one invocation.

    It holds nothing that changes, so that what a body leaves running still knows where it came from.

    Attributes:
        run: the run that it is part of; for the executors.
        attempt: 1 for the first try.
    """

    __slots__ = ("_branch", "_task", "attempt", "run")

    def __init__(self, run: Run, invocation: Invocation) -> None:
        self.run = run
        self._task, self._branch, _, self.attempt = invocation

    @property
    def run_id(self) -> str:
        """Identity of the run."""
        return self.run.id

    @property
    def job_name(self) -> str:
        """Name of the job map."""
        return self.run.plan.job

    @property
    def task(self) -> str:
        """Name of the task."""
        return self.run.plan.names[self._task]

    @property
    def branch_path(self) -> str:
        """The branch as text."""
        return branch_text(self._branch.path(self.run.plan.names))

    @property
    def cancelled(self) -> bool:
        """True once the run is being cancelled."""
        return self.run.is_stopping

    @property
    def output_folder(self) -> Path:
        """The run's output folder, made when it is first asked for."""
        return self.run.output_folder.path()

    @property
    def logger(self) -> logging.Logger:
        """The logger of task code."""
        return logging.getLogger(self.logger_name)

    @property
    def logger_name(self) -> str:
        """Name of the logger of task code."""
        task = self.run.plan.tasks[self._task]
        return f"{TASK_LOGGER}.{task.namespace}.{task.method}" if task.method else TASK_LOGGER

    def input_path(self, path: str) -> Path:
        """Return a path to read: a relative one starts at the job map's folder."""
        return self.run.input_folder / path

    def output_path(self, relative: str) -> Path:
        """Return a path in the output folder, its parent folders made."""
        return self.run.output_folder.file_path(relative)

    def new_output_path(self, relative: str) -> Path:
        """Return a path in the output folder that no other invocation of the run writes to."""
        return self.run.output_folder.new_file_path(relative, self.task, self.branch_path)

    def report_progress(self, fraction: float, text: str = "") -> None:
        """Say how far this invocation is."""
        known = 0.0 if math.isnan(fraction) else min(1.0, max(0.0, float(fraction)))
        self.run.report_progress(self._task, self._branch, known, str(text)[:200])

    def report_waiting(self, text: str) -> None:
        """Say what this invocation waits for; empty where it goes on. How far it is stays as it was."""
        self.run.report_progress(self._task, self._branch, self.run.state.tallies.fraction[self._task], text)

    async def resource(self, name: str, opener: Callable[[], AbstractAsyncContextManager[Any]]) -> Any:
        """Return the run's resource of that name."""
        return await self.run.resources.get(name, opener)

    async def dask_client(self) -> Any:
        """Return the run's dask client."""
        return (await self.dask_connection()).client

    async def dask_place(self) -> Place:
        """Return where the run's dask scheduler is, for bodies elsewhere that make a client of their own."""
        return (await self.dask_connection()).place

    async def dask_connection(self) -> DaskConnection:
        """Return the run's dask client with what is known of its cluster.

        Raises:
            ExecutorLostError: the cluster is gone, or was never there.
        """
        from engine.execution.executors.dask_client import open_dask_connection  # noqa: PLC0415  only runs that use dask pay for it

        run = self.run
        run.uses_dask(self._task)
        connection: DaskConnection = await run.resources.get(
            "dask client", lambda: open_dask_connection(run.options.dask, on_lost=run.lose_dask)
        )
        if connection.lost is not None:
            raise connection.lost
        return connection
