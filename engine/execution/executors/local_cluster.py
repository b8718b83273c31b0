"""A dask cluster of this machine alone, held by a process of its own: seen from the run that uses it.

A process of its own, because the scheduler's work would otherwise land on the run's event loop, because worker processes import the
script of the process that starts them, and because nothing of the cluster may outlive a run that is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.catalog.workspace_package import known_packages
from engine.errors import ExecutorLostError
from engine.execution.executors import cluster_process
from engine.execution.executors.cluster_place import Place
from engine.execution.executors.scratch_folder import ScratchFolder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

MOST_WORKERS = 4
SLOW_IMPORTS = ("dask.array", "xarray")
"""What takes seconds to import and will be wanted by all nodes of the cluster, where the run's own process has it already."""

CLOSE_SECONDS = 10.0
"""Most time that the cluster gets to end by itself; it kills what it holds long before."""


def worker_count() -> int:
    """Return how many worker processes an embedded cluster has: one a processor that this process may use, at most four."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, MOST_WORKERS))


@contextlib.asynccontextmanager
async def local_cluster(workers: int) -> AsyncGenerator[LocalCluster]:
    """Give a cluster that starts, and that lives as long as the block.

    However the block ends, also by a cancel while the workers start, no process, port or file of the cluster is left. Where this
    process is killed, the cluster ends by itself.

    Raises:
        OutputError: there is no place for temporary files.
    """
    folder = ScratchFolder()
    try:
        cluster = LocalCluster(workers, folder.path)
        try:
            yield cluster
        finally:
            await cluster.close()
    finally:
        folder.remove()


class LocalCluster:
    """The process of a cluster.

    Attributes:
        ended: set when the process is gone, for whatever reason.
    """

    def __init__(self, workers: int, folder: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._place: asyncio.Future[Place] = self._loop.create_future()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._why = "its process ended"
        self.ended = asyncio.Event()
        self._process = _start_process()
        request = {
            "parent": os.getpid(),
            "workers": workers,
            "folder": str(folder),
            "path": [entry or str(Path.cwd()) for entry in sys.path],
            "packages": known_packages(),
            "modules": [name for name in SLOW_IMPORTS if name in sys.modules],
        }
        self._say(request)
        self._reader = threading.Thread(target=self._read, name="ephemeral-dask-cluster", daemon=True)
        self._reader.start()

    async def place(self) -> Place:
        """Return where the cluster listens, as soon as it does.

        Raises:
            ExecutorLostError: it ended before it did.
        """
        await asyncio.wait([self._place])  # unlike awaiting the future, being cancelled here does not cancel it
        return self._place.result()

    async def ready(self) -> None:
        """Wait until the workers are there.

        Raises:
            ExecutorLostError: they did not start.
        """
        await asyncio.wait([self._ready])
        self._ready.result()

    async def close(self) -> None:
        """End the cluster and wait until none of its processes is left; being cancelled ends only the wait."""
        with contextlib.suppress(OSError):
            _pipe(self._process.stdin).close()
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.ended.wait()
        except TimeoutError:
            self._kill()
            await self.ended.wait()

    def _say(self, request: Mapping[str, Any]) -> None:
        with contextlib.suppress(OSError):  # it has ended already: the reader tells
            _pipe(self._process.stdin).write(json.dumps(request).encode() + b"\n")
            _pipe(self._process.stdin).flush()

    # In a thread of its own: an event loop cannot be relied on to watch child processes, and a pipe is read without polling

    def _read(self) -> None:
        with _pipe(self._process.stdout) as answers:
            for line in answers:
                self._tell(self._take, json.loads(line))
        self._kill()  # before the process is waited for: until then its id is nobody else's
        self._process.wait()
        self._tell(self._has_ended)

    def _tell(self, callback: Any, *args: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know
            self._loop.call_soon_threadsafe(callback, *args)

    def _kill(self) -> None:
        """Kill the process and all that it and its workers started."""
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    # On the loop again

    def _take(self, answer: Mapping[str, Any]) -> None:
        if "error" in answer:
            self._why = answer["error"]
        elif "ready" in answer:
            self._ready.set_result(None)
        else:
            self._place.set_result(Place(**answer))

    def _has_ended(self) -> None:
        for future in (self._place, self._ready):
            if not future.done():
                future.set_exception(ExecutorLostError(f"the embedded dask cluster did not start: {self._why}"))
                future.exception()  # seen: nobody may be waiting any more
        self.ended.set()


def _start_process() -> subprocess.Popen[bytes]:
    """Start the process in a session of its own: Ctrl-C in the terminal is not meant for it, and its group can be killed whole.

    Called on the loop's thread: Linux takes the end of the thread that starts a process for the end of its parent.
    """
    return subprocess.Popen(  # noqa: S603  our own script
        [sys.executable, "-P", cluster_process.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _pipe(pipe: Any) -> Any:
    assert pipe is not None  # noqa: S101  it was asked for
    return pipe
