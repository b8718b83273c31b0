"""The process that holds an embedded dask cluster: started as a script by ``local_cluster``, and by nobody else.

It is told what to do by one line of JSON on standard input and answers by lines of JSON on standard output: the scheduler's address and
credentials, then that the workers are there. It ends, and all of the cluster with it, when standard input comes to its end: when it is
closed, and when the process at its other end is gone, however it went.

Started by its path in the interpreter's safe mode, so that no file of the user's current folder is taken for a module of the cluster;
worker processes import this file once more, so what is heavy is imported in ``main``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).parents[3]
GRACE = 5.0
"""Seconds that the cluster gets to close in order, before its processes are killed."""


class Lifeline:
    """The pipe to the process that this one works for.

    Args:
        pipe: its end here; nothing more is read from it than that it ended.
        folder: what the cluster keeps its files in; removed when there is no time left to close.
    """

    def __init__(self, pipe: IO[bytes], folder: str) -> None:
        self._pipe = pipe
        self._folder = folder
        self._loop = asyncio.get_running_loop()
        self._closed = threading.Event()
        self.cut = asyncio.Event()
        signal.signal(signal.SIGTERM, lambda *_: self._loop.call_soon_threadsafe(self.cut.set))
        threading.Thread(target=self._watch, name="lifeline", daemon=True).start()

    def let_go(self) -> None:
        """The cluster is closed in order."""
        self._closed.set()

    def _watch(self) -> None:
        self._pipe.read()
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            self._loop.call_soon_threadsafe(self.cut.set)
        if not self._closed.wait(GRACE):
            kill_all(self._folder)


def main() -> None:
    """Hold a cluster until standard input ends."""
    requests, answers = _own_pipes()
    request = json.loads(requests.readline())
    sys.path.append(str(PROJECT))
    _end_with_parent(request["parent"])
    asyncio.run(_hold(request, requests, answers))
    kill_all(request["folder"])


async def _hold(request: dict[str, Any], requests: IO[bytes], answers: IO[bytes]) -> None:
    from engine.execution.executors.cluster_nodes import open_cluster  # noqa: PLC0415  costs more than a second

    def answer(**words: Any) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more: the lifeline is about to say so
            answers.write(json.dumps(words).encode() + b"\n")
            answers.flush()

    lifeline = Lifeline(requests, request["folder"])
    loop = asyncio.get_running_loop()
    holding = loop.create_task(_hold_open(open_cluster(request, answer), answer))  # owned here, as the next: awaited below
    cut = loop.create_task(lifeline.cut.wait())
    await asyncio.wait([holding, cut], return_when=asyncio.FIRST_COMPLETED)
    holding.cancel()
    cut.cancel()
    await asyncio.wait([holding, cut])
    lifeline.let_go()


async def _hold_open(cluster: contextlib.AbstractAsyncContextManager[None], answer: Any) -> None:
    try:
        async with cluster:
            answer(ready=True)
            await asyncio.Event().wait()
    except Exception as error:  # noqa: BLE001  whatever it is, the one who asked for the cluster has to say it
        answer(error=str(error) or type(error).__name__)


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return standard input and output as this process's own: what workers print goes to standard error, and they read nothing."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


def _end_with_parent(parent: int) -> None:
    """Ask Linux to say when the parent is gone: a pipe can be held open by processes that it forked."""
    if sys.platform == "linux":
        from engine.execution.executors.parents_end import ask_for_signal_at_parents_end  # noqa: PLC0415  this is a script: found from here on

        ask_for_signal_at_parents_end()
        if os.getppid() != parent:
            sys.exit()


def kill_all(folder: str) -> None:
    """End this process and whatever is left of the processes that it and its workers started, and leave no file."""
    shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main()
