"""The dask worker that this process is, and how one is ended."""

from __future__ import annotations

import os
import signal
from typing import Any


def this_worker() -> Any:
    """Return the dask worker that this process is."""
    from distributed import Worker  # noqa: PLC0415  it is there already: this runs on a worker

    return next(iter(Worker._instances))  # noqa: SLF001  the thread of a body is none of the worker's own, which get_worker() wants


def make_way() -> None:
    """End this process if it is paused for want of memory although nothing runs or is kept here: what fills it will not leave it."""
    worker = this_worker()
    if worker.status.name == "paused" and not (worker.state.executing or worker.state.long_running or worker.data):
        kill(os.getpid())


def kill(pid: int | None) -> None:
    """End the process of a worker at once; None is no process."""
    if pid is not None:
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
