"""The half of an executor that stands beside the body: in a thread, in a worker process, on a dask worker.

What is sent is never a closure but a ``BodyReference``; ``load_referenced`` builds the closure where it is wanted, once. A ``BodyHost``
calls bodies and asks generators on an event loop of its own; a ``RemoteContext`` is what they see of the run.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import logging
import math
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from engine.catalog import load_catalog
from engine.catalog.sources import CODE_FOLDER
from engine.catalog.workspace_package import workspace_package
from engine.execution import pulling
from engine.execution.describing import RemoteError, portrait
from engine.execution.executors.loop import on_loop
from engine.execution.executors.wire import CannotSendError, packed
from engine.execution.outcome import check_payload, flaw_of, is_generator
from engine.execution.output_folder import OutputFolder
from engine.execution.resources import Resources
from engine.tasks import _context

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from contextlib import AbstractAsyncContextManager
    from contextvars import Context

    from engine.catalog.catalog import Catalog
    from engine.execution.invocation_context import InvocationContext
    from engine.tasks import Payload, TaskBody

T = TypeVar("T")

BATCH_SECONDS = 0.02
"""How long a generator is asked for more items before those that came are sent on."""

BETWEEN_REPORTS = 1 / 30
"""Seconds between two reports of progress that are passed on."""


# What is sent


@dataclass(frozen=True, slots=True)
class BodyReference:
    """A body by what it is made from.

    Attributes:
        workspace: the user's folder; None where the method does not come from one.
        package: the name that the workspace's code is imported by; it holds a digest of the code.
        token: the same for the same body everywhere.
    """

    workspace: str | None
    package: str | None
    namespace: str
    method: str
    init_args: Mapping[str, Any]
    token: str = field(default="", compare=False)

    @classmethod
    def of(cls, origin: tuple[str, str] | None, namespace: str, method: str, init_args: Mapping[str, Any]) -> BodyReference:
        """Return the reference of a method; ``origin`` is the workspace and its package, as ``Catalog.workspace_of`` gives it.

        Raises:
            CannotSendError: the arguments cannot be sent.
        """
        workspace, package = origin or (None, None)
        parts = packed((workspace, package, namespace, method, dict(init_args)), "init_args")
        return cls(workspace, package, namespace, method, dict(init_args), hashlib.sha256(parts).hexdigest())


@dataclass(frozen=True, slots=True)
class InvocationFacts:
    """What a body's context knows without asking.

    Attributes:
        logger: name of the logger of the task's code.
        input_folder: where relative paths to read start.
        dask: address of the run's dask scheduler; None for an embedded cluster.
    """

    run_id: str
    job_name: str
    task: str
    branch_path: str
    attempt: int
    logger: str
    input_folder: str
    dask: str | None = None

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
            logger=context.logger.name,
            input_folder=str(run.input_folder.absolute()),
            dask=run.options.dask,
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

    def report_progress(self, fraction: float, text: str) -> None:
        """Pass on how far the invocation is."""


# What comes back


@dataclass(slots=True)
class Outcome:
    """How a call ended: ``error``, else ``stream`` for a generator, else a checked ``result``.

    The stream is a ``Stream`` beside the generator, and whatever names it elsewhere.
    """

    result: Payload | list[Payload] | None = None
    error: BaseException | None = None
    stream: Any = None


@dataclass(slots=True)
class Stream:
    """A generator that a body returned, between two requests for items."""

    source: Any
    context: Context
    opened: int = 0


@dataclass(slots=True)
class Batch:
    """Items of a generator, and how it ended if it did: ``error`` comes after the items. ``size`` in bytes, where they were sent."""

    items: list[Payload]
    is_last: bool = False
    error: BaseException | None = None
    size: int = 0


def told(error: BaseException) -> RemoteError:
    """Return an exception in a form that can always be sent: its class, text and traceback in words."""
    return RemoteError(*portrait(error))


# Bodies


class WorkspaceChangedError(RemoteError):
    """The code of a workspace is no longer what the run was started with."""

    def __init__(self, workspace: str) -> None:
        super().__init__("workspace-changed", f"the task code in {workspace} was changed since the run was started: run again")


_bodies: dict[str, TaskBody] = {}


def load_referenced(reference: BodyReference) -> TaskBody:
    """Return the body, built when it is first asked for in this process. The workspace is trusted because the run's process trusts it.

    Raises:
        WorkspaceChangedError: the workspace's code is not the same any more.
        JobMapError: the code cannot be loaded here.
    """
    body = _bodies.get(reference.token)
    if body is None:
        catalog = _catalog(reference.workspace, reference.package)
        body = _bodies[reference.token] = on_loop(catalog.load_body(reference.namespace, reference.method, dict(reference.init_args)))
    return body


def prepare_import(reference: BodyReference) -> None:
    """Let values of the workspace's own classes be unpickled: to be called before a payload is read."""
    _catalog(reference.workspace, reference.package)


@functools.cache
def _catalog(workspace: str | None, package: str | None) -> Catalog:
    if workspace is not None:
        found = workspace_package(Path(workspace) / CODE_FOLDER)
        if found != package:
            raise WorkspaceChangedError(workspace)
    return load_catalog(None if workspace is None else Path(workspace), trust=workspace is not None)


class BodyHost:
    """Calls one body at a time on an event loop of its own, in the thread that it was made in; ``cancel`` may come from any thread."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._loop = self._runner.get_loop()
        self._running: asyncio.Task[Any] | None = None
        self.resources = Resources()

    def call(self, body: TaskBody, payload: Payload, context: Context) -> Outcome:
        """Call a body and wait for its end; whatever it raises is in the outcome."""
        return self._run(_call(body, payload, context), context)

    def pull(self, stream: Stream, most: int) -> Batch:
        """Ask a generator for items: at least one where there is one, and no more once that takes time."""
        return self._run(_pull(stream, most), stream.context)

    def close_stream(self, stream: Stream) -> None:
        """Close a generator before its end."""
        self._run(pulling.close_source(stream.source), stream.context)

    def cancel(self) -> None:
        """Cancel what is being waited for at this moment; a body that computes does not hear of it."""
        running = self._running
        if running is not None:
            with suppress(RuntimeError):  # the loop is closed by now
                self._loop.call_soon_threadsafe(running.cancel)

    def close(self) -> list[str]:
        """Close the resources that bodies opened here, and the loop; return in words what could not be closed."""
        try:
            return self._loop.run_until_complete(self.resources.close())
        finally:
            self._runner.close()

    def _run(self, coroutine: Coroutine[Any, Any, T], context: Context) -> T:
        self._running = task = self._loop.create_task(coroutine, context=context)
        try:
            while not task.done():
                self._go_on(task)
            return task.result()
        finally:
            self._running = None
            here = context.get(_context)
            if isinstance(here, RemoteContext):
                here.pass_on_progress()

    def _go_on(self, task: asyncio.Task[Any]) -> None:
        """Run the loop until the task is done, or until something that an earlier body left behind stops it."""
        try:
            self._loop.run_until_complete(task)
        except (SystemExit, KeyboardInterrupt, RuntimeError):
            if self._loop.is_closed():
                raise


async def _call(body: TaskBody, payload: Payload, context: Context) -> Outcome:
    try:
        result: Any = await body(payload)
        flaw = await flaw_of(result)
    except BaseException as error:  # noqa: BLE001  a body may raise anything; it is its run that must know
        return Outcome(error=error)
    if flaw is not None:
        return Outcome(error=flaw)
    return Outcome(stream=Stream(result, context)) if is_generator(result) else Outcome(result)


async def _pull(stream: Stream, most: int) -> Batch:
    batch = Batch([])
    ends = perf_counter() + BATCH_SECONDS
    try:
        while len(batch.items) < most:
            batch.items.append(await _ask(stream))
            stream.opened += 1
            if perf_counter() > ends:
                break
    except StopAsyncIteration:
        batch.is_last = True
    except BaseException as error:  # noqa: BLE001  a generator may raise anything
        batch.error = error
        batch.is_last = True
        await pulling.close_source(stream.source)
    return batch


async def _ask(stream: Stream) -> Payload:
    try:
        item: Payload = await anext(stream.source) if isinstance(stream.source, AsyncIterator) else next(stream.source)
    except StopIteration:
        raise StopAsyncIteration from None
    check_payload(item, f"result[{stream.opened}]")
    return item


# What bodies see


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
            RuntimeError: the run has no scheduler with an address: its embedded cluster belongs to its own loop.
        """
        from engine.execution.executors.dask_client import open_dask_client, scheduler_address  # noqa: PLC0415  who uses dask pays for it

        address = scheduler_address(self._facts.dask)
        if address is None:
            raise RuntimeError(
                f'the task "{self.task}" cannot use the embedded dask cluster from here: let it run on "loop" or give --dask'
            )
        return await self._host.resources.get("dask client", lambda: open_dask_client(address))


__all__ = [
    "Batch",
    "BodyHost",
    "BodyReference",
    "CannotSendError",
    "InvocationFacts",
    "Link",
    "Outcome",
    "RemoteContext",
    "RemoteError",
    "Stream",
    "load_referenced",
    "prepare_import",
    "told",
]
