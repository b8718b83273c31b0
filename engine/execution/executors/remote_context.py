"""What a body knows of its run where the run is elsewhere: facts that were sent along, and questions over a link."""

from __future__ import annotations

import asyncio
import logging
import math
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from engine.errors import OutputError
from engine.execution.output_folder import OutputFolder
from engine.tasks import _context

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from contextlib import AbstractAsyncContextManager
    from contextvars import Context

    from engine.execution.executors.body_host import BodyHost
    from engine.execution.executors.cluster_place import Place
    from engine.execution.invocation_context import InvocationContext

BETWEEN_REPORTS = 1 / 30
"""Seconds between two reports of progress that are passed on."""


@dataclass(frozen=True, slots=True)
class InvocationFacts:
    """What a body's context knows without asking.

    Attributes:
        logger: name of the logger of the task's code.
        input_folder: where relative paths to read start.
    """

    run_id: str
    job_name: str
    task: str
    branch_path: str
    attempt: int
    logger: str
    input_folder: str

    @classmethod
    def of(cls, context: InvocationContext) -> InvocationFacts:
        """Return the facts of an invocation of this process."""
        run = context.run
        return cls(
            run_id=run.id,
            job_name=run.plan.job,
            task=context.task,
            branch_path=context.branch_path,
            attempt=context.attempt,
            logger=context.logger_name,
            input_folder=run.input_place,
        )


class Link(Protocol):
    """What a body's context asks of the run that is elsewhere. Called from the thread that the body runs in."""

    @property
    def cancelled(self) -> bool:
        """Whether the invocation is to end."""

    def output_folder(self) -> Path:
        """Return the run's output folder, made if it was not yet.

        Raises:
            OutputError: it cannot be made.
        """

    def claim(self, relative: str) -> None:
        """See to it that no other invocation of the run writes a file of the output folder.

        Raises:
            ValueError: another one has it.
        """

    def report_progress(self, fraction: float, text: str) -> None:
        """Pass on how far the invocation is."""

    def dask_place(self) -> Future[Place]:
        """Ask where the run's dask scheduler is; the run starts its cluster where there is none yet."""


def claimed(context: InvocationContext, relative: str) -> str | None:
    """Return why an invocation cannot have a file of the output folder for itself; None where it now has it."""
    try:
        context.new_output_path(relative)
    except (OutputError, ValueError) as error:
        return str(error)
    return None


class RemoteContext:
    """``engine.tasks.TaskContext`` for an invocation whose run is elsewhere."""

    def __init__(self, facts: InvocationFacts, link: Link, host: BodyHost) -> None:
        self._facts = facts
        self._link = link
        self._host = host
        self._progress: tuple[float, str] | None = None
        self._passed_on_at = 0.0

    def enter(self, context: Context) -> Context:
        """Make this what ``engine.tasks.context()`` gives in a context of variables; return that context."""
        context.run(_context.set, self)
        return context

    @property
    def run_id(self) -> str:
        """Identity of the run."""
        return self._facts.run_id

    @property
    def job_name(self) -> str:
        """Name of the job map."""
        return self._facts.job_name

    @property
    def task(self) -> str:
        """Name of the task."""
        return self._facts.task

    @property
    def branch_path(self) -> str:
        """The branch as text."""
        return self._facts.branch_path

    @property
    def attempt(self) -> int:
        """1 for the first try."""
        return self._facts.attempt

    @property
    def cancelled(self) -> bool:
        """True once the invocation is being cancelled."""
        return self._link.cancelled

    @property
    def output_folder(self) -> Path:
        """The run's output folder, made when it is first asked for."""
        return self._link.output_folder()

    @property
    def logger(self) -> logging.Logger:
        """The logger of task code; its records go where the run's go."""
        return logging.getLogger(self._facts.logger)

    def input_path(self, path: str) -> Path:
        """Return a path to read: a relative one starts at the job map's folder."""
        return Path(self._facts.input_folder) / path

    def output_path(self, relative: str) -> Path:
        """Return a path in the output folder, its parent folders made."""
        return OutputFolder(self._link.output_folder(), self._facts.job_name).file_path(relative)

    def new_output_path(self, relative: str) -> Path:
        """Return a path in the output folder that no other invocation of the run writes to: the run knows who has it."""
        wanted = self.output_path(relative)
        self._link.claim(relative)
        return wanted

    def report_progress(self, fraction: float, text: str = "") -> None:
        """Say how far this invocation is; passed on as often as anybody could see."""
        known = 0.0 if math.isnan(fraction) else min(1.0, max(0.0, float(fraction)))
        self._progress = (known, str(text)[:200])
        if perf_counter() - self._passed_on_at >= BETWEEN_REPORTS:
            self.pass_on_progress()

    def pass_on_progress(self) -> None:
        """Let the run know what was last reported."""
        if self._progress is not None:
            (fraction, text), self._progress = self._progress, None
            self._passed_on_at = perf_counter()
            self._link.report_progress(fraction, text)

    async def resource(self, name: str, opener: Callable[[], AbstractAsyncContextManager[Any]]) -> Any:
        """Return the resource of that name that this thread or process holds: each has its own, since none can be sent or shared."""
        return await self._host.resources.get(name, opener)

    async def dask_client(self) -> Any:
        """Return an asynchronous client of this thread's or process's own to the run's scheduler.

        Raises:
            ExecutorLostError: the scheduler is gone, or was never there.
        """
        from engine.execution.executors.dask_client import open_client_at  # noqa: PLC0415  who uses dask pays for it

        place = await asyncio.wrap_future(self._link.dask_place())
        return await self._host.resources.get("dask client", lambda: open_client_at(place))
