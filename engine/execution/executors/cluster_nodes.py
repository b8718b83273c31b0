"""The nodes of an embedded cluster: a scheduler on the running loop and worker processes, spoken to over TLS on loopback.

Imports ``distributed``, which costs more than a second: only the process of an embedded cluster imports this module.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import logging
import signal
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import dask
from distributed import Nanny, Scheduler, Security, Worker
from distributed.system import MEMORY_LIMIT
from distributed.utils import silence_logging_cmgr

from engine.catalog.workspace_package import know_package
from engine.execution.executors.cluster_place import CREDENTIALS
from engine.execution.executors.parents_end import ask_for_signal_at_parents_end
from engine.execution.executors.scratch_folder import remove_leftovers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

START_SECONDS = 600.0
"""A worker imports for seconds, and on a machine that is busy with other things for minutes; one whose process ends is not waited for."""

CLOSE_SECONDS = 1.0
BETWEEN_NANNIES = 1.0
"""Seconds until a nanny that gave up is replaced."""

SCHEDULER_SETTINGS = {"distributed.scheduler.worker-ttl": None}
"""A worker that ends is noticed by its connection; heartbeats are timed by a clock that may be set, and stop under what holds a GIL."""

LOG_LEVEL = logging.CRITICAL  # what fails comes back as an exception; a closing cluster only logs noise
_LOOPBACK: dict[str, Any] = {"host": "127.0.0.1", "protocol": "tls://"}


class _WithoutHttp:
    """Opens no HTTP port: without a dashboard ``distributed`` would still serve its metrics there, to anyone on this machine."""

    def start_http_server(self, *_args: object, **_options: object) -> None:
        """Leave the node without an HTTP server."""


class LocalScheduler(_WithoutHttp, Scheduler):
    """A scheduler that listens on its TLS port only."""


class LocalWorker(_WithoutHttp, Worker):
    """A worker that listens on its TLS port only, leaves Ctrl-C to the process that owns the run, and ends with its nanny.

    Args:
        user_path: ``sys.path`` of that process, so that what it can import is imported here as well. Taken on only now, when all
            that the worker itself needs is imported.
        packages: the folders of its workspaces by the names of their packages.
        modules: names of modules that will be wanted soon.
    """

    def __init__(
        self,
        *args: Any,
        user_path: Sequence[str] = (),
        packages: Mapping[str, str] = MappingProxyType({}),
        modules: Sequence[str] = (),
        **options: Any,
    ) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        ask_for_signal_at_parents_end(to_kill=True)
        super().__init__(*args, **options)
        sys.path[:] = [*user_path, *(entry for entry in sys.path if entry not in user_path)]
        _know(packages)
        _import_all(modules)


def _know(packages: Mapping[str, str]) -> None:
    for name, folder in packages.items():
        know_package(name, folder)


def _import_all(modules: Sequence[str]) -> None:
    """Import what will be wanted, before anybody wants it: two imports of one package at the same time can stumble over each other."""
    for module in modules:
        with contextlib.suppress(Exception):  # whoever needs it will meet the same error, and can say for what
            importlib.import_module(module)


@contextlib.asynccontextmanager
async def open_cluster(request: Mapping[str, Any], answer: Callable[..., None]) -> AsyncGenerator[None]:
    """Open the cluster that was asked for; closed with all of its processes, however the block ends.

    Args:
        request: ``workers``, the number of processes; ``folder`` for their files; ``path``, ``packages`` and ``modules`` as with
            ``LocalWorker``.
        answer: told the address and credentials as soon as a client can connect, before the workers are there.

    Raises:
        RuntimeError: the workers did not start; the text says why.
    """
    remove_leftovers(Path(request["folder"]))
    sys.path += [entry for entry in request["path"] if entry not in sys.path]  # a scheduler unpickles graphs; last, to hide nothing
    _know(request["packages"])
    security = Security.temporary()  # type: ignore[no-untyped-call]  # distributed is typed in part
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(silence_logging_cmgr(LOG_LEVEL))
        # a scheduler takes them from nowhere else
        stack.enter_context(dask.config.set({"temporary-directory": request["folder"], **SCHEDULER_SETTINGS}))
        scheduler = LocalScheduler(security=security, port=0, dashboard=False, **_LOOPBACK)
        stack.push_async_callback(scheduler.close, reason="the run has ended")
        await scheduler
        make = functools.partial(_nanny, scheduler.address, request, security)
        nannies = [make(number) for number in range(request["workers"])]
        stack.push_async_callback(_close, nannies)
        answer(address=scheduler.address, security={name: getattr(security, name) for name in CREDENTIALS})
        await asyncio.gather(_start(nannies), asyncio.to_thread(_import_all, request["modules"]))
        keepers = [asyncio.get_running_loop().create_task(_keep(nannies, number, make)) for number in range(request["workers"])]
        stack.push_async_callback(_end, keepers)  # owned here
        yield


def _nanny(address: str, request: Mapping[str, Any], security: Security, number: int) -> Nanny:
    return Nanny(
        address,
        name=number,
        nthreads=1,
        memory_limit=MEMORY_LIMIT // request["workers"],
        local_directory=request["folder"],
        security=security,
        worker_class=LocalWorker,
        user_path=request["path"],
        packages=request["packages"],
        modules=request["modules"],
        dashboard=False,
        silence_logs=LOG_LEVEL,
        **_LOOPBACK,
    )


async def _start(nannies: list[Nanny]) -> None:
    try:
        async with asyncio.timeout(START_SECONDS), asyncio.TaskGroup() as starts:
            for nanny in nannies:
                starts.create_task(nanny.start())  # type: ignore[no-untyped-call]  # distributed is typed in part
    except TimeoutError:
        raise RuntimeError(f"the workers did not start within {START_SECONDS:.0f} s") from None
    except ExceptionGroup as failures:
        raise RuntimeError(f"a worker did not start: {_root(failures.exceptions[0])}") from failures


async def _keep(nannies: list[Nanny], number: int, make: Callable[[int], Nanny]) -> None:
    """Put a new nanny in the place of one that gave up, as one does whose worker could not be started again."""
    while True:
        await nannies[number].finished()  # type: ignore[no-untyped-call]  # distributed is typed in part
        await asyncio.sleep(BETWEEN_NANNIES)
        nannies[number] = make(number)
        try:
            await nannies[number].start()  # type: ignore[no-untyped-call]  # as above
        except Exception:  # noqa: BLE001  whatever it is: the run is told where no worker comes back
            await _close_nanny(nannies[number])


async def _end(keepers: list[asyncio.Task[None]]) -> None:
    for keeper in keepers:
        keeper.cancel()
    await asyncio.wait(keepers)


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


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
