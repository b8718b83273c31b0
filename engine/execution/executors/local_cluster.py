"""A dask cluster of this machine alone: a scheduler on the running loop and worker processes, spoken to over TLS on loopback.

Imports ``distributed``, which costs more than a second: only ``dask_client`` imports this module, and only when a run needs it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import shutil
import signal
import sys
import tempfile
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

import dask
from dask.system import CPU_COUNT
from distributed import Nanny, Scheduler, Security, Worker
from distributed.system import MEMORY_LIMIT
from distributed.utils import silence_logging_cmgr

from engine.errors import ExecutorLostError, OutputError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

MOST_WORKERS = 4
START_SECONDS = 60.0
CLOSE_SECONDS = 1.0
LOG_LEVEL = logging.CRITICAL  # what fails comes back as an exception; a closing cluster only logs noise
GUARD = "(worker processes import the script that was started: its runs must stand under if __name__ == '__main__':)"
_LOOPBACK: dict[str, Any] = {"host": "127.0.0.1", "protocol": "tls://"}


class _WithoutHttp:
    """Opens no HTTP port: without a dashboard ``distributed`` would still serve its metrics there, to anyone on this machine."""

    def start_http_server(self, *_args: object, **_options: object) -> None:
        """Leave the node without an HTTP server."""


class LocalScheduler(_WithoutHttp, Scheduler):
    """A scheduler that listens on its TLS port only."""


class LocalWorker(_WithoutHttp, Worker):
    """A worker that listens on its TLS port only, and leaves Ctrl-C to the process that owns the run."""

    def __init__(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        super().__init__(*args, **options)


def worker_count() -> int:
    """Return how many worker processes an embedded cluster has: one a processor that this process may use, at most four."""
    return max(1, min(CPU_COUNT, MOST_WORKERS))


@contextlib.asynccontextmanager
async def local_cluster(workers: int) -> AsyncGenerator[tuple[str, Security]]:
    """Give the address and the credentials of a cluster that lives as long as the block.

    However the block ends, also by a cancel while the workers start, no process, port or file of the cluster is left.

    Raises:
        ExecutorLostError: the workers did not start.
        OutputError: there is no place for temporary files.
    """
    if getattr(multiprocessing.current_process(), "_inheriting", False):
        raise ExecutorLostError(f"a worker process must not start a cluster of its own {GUARD}")
    security = await asyncio.to_thread(Security.temporary)
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(silence_logging_cmgr(LOG_LEVEL))
        folder = stack.enter_context(_scratch_folder())
        with dask.config.set({"temporary-directory": folder}):  # a scheduler takes its folder from nowhere else
            scheduler = LocalScheduler(security=security, port=0, dashboard=False, **_LOOPBACK)
        stack.push_async_callback(scheduler.close, reason="the run has ended")
        await scheduler
        nannies = [_nanny(scheduler.address, number, workers, folder, security) for number in range(workers)]
        stack.push_async_callback(_close, nannies)
        await _start(nannies)
        yield scheduler.address, security


def _nanny(address: str, number: int, workers: int, folder: str, security: Security) -> Nanny:
    return Nanny(
        address,
        name=number,
        nthreads=1,
        memory_limit=MEMORY_LIMIT // workers,
        local_directory=folder,
        security=security,
        worker_class=LocalWorker,
        dashboard=False,
        silence_logs=LOG_LEVEL,
        **_LOOPBACK,
    )


async def _start(nannies: list[Nanny]) -> None:
    try:
        with _interrupts_kept_from_children():
            async with asyncio.timeout(START_SECONDS), asyncio.TaskGroup() as starts:
                for nanny in nannies:
                    starts.create_task(nanny.start())  # type: ignore[no-untyped-call]  # distributed is typed in part
    except TimeoutError:
        raise ExecutorLostError(f"the workers of the embedded dask cluster did not start within {START_SECONDS:.0f} s") from None
    except ExceptionGroup as failures:
        raise ExecutorLostError(f"a worker of the embedded dask cluster did not start: {failures.exceptions[0]} {GUARD}") from failures


async def _close(nannies: list[Nanny]) -> None:
    async with asyncio.TaskGroup() as closing:
        for nanny in nannies:
            closing.create_task(_close_nanny(nanny))


async def _close_nanny(nanny: Nanny) -> None:
    """Close a nanny in whatever state its start was left; one whose process is still starting would wait for it or stumble."""
    worker = nanny.process
    if worker is not None and worker.status.name == "starting" and worker.process is not None:
        await worker.process.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await worker.stopped.wait()
    await nanny.close(timeout=CLOSE_SECONDS, reason="the run has ended")


@contextlib.contextmanager
def _scratch_folder() -> Iterator[str]:
    try:
        folder = tempfile.mkdtemp(prefix="ephemeral-dask-")
    except OSError as error:
        raise OutputError(error.filename or "the folder for temporary files", error.strerror or str(error)) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        sys.path[:] = [entry for entry in sys.path if not entry.startswith(folder)]  # each node of distributed puts its folder there


@contextlib.contextmanager
def _interrupts_kept_from_children() -> Iterator[None]:
    """Start processes with SIGINT blocked: Ctrl-C reaches a terminal's whole group, where they would print tracebacks."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its own start would unblock the signal again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
