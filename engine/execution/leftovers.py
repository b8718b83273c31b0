"""What bodies left running in this process: named at the end of the run, since nothing here can end it.

What a body starts in a worker process ends with that; what it starts on the loop or in a thread is this process's from then on.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINGER: Final = 0.2
"""Seconds that what still runs gets to end by itself."""

_OURS: Final = ("ephemeral-", "asyncio_")
"""Names of threads that the engine starts, or asyncio for the whole loop."""

_HELPERS: Final = ("engine.execution.executors", "multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""Processes of another run, and those that Python starts once for all."""


class Leftovers:
    """What is new since this was made. Daemon threads, which libraries keep for later and no process waits for, are not spoken of."""

    def __init__(self) -> None:
        self._threads = set(threading.enumerate())
        self._children = {child.pid for child in _children()}

    async def named(self) -> list[str]:
        """Return in words what still runs."""
        ends = time.monotonic() + LINGER
        while (found := self._found()) and time.monotonic() < ends:  # noqa: ASYNC110  nothing tells of the end of what is not ours
            await asyncio.sleep(LINGER / 10)
        return found

    def _found(self) -> list[str]:
        return [*_sentence("threads", self._new_threads()), *_sentence("processes", self._new_processes())]

    def _new_threads(self) -> list[str]:
        return [each.name for each in threading.enumerate() if each not in self._threads and not each.daemon and not _is_ours(each)]

    def _new_processes(self) -> list[str]:
        return [described for child in _children() if child.pid not in self._children and (described := _described(child))]


def _sentence(what: str, names: list[str]) -> Iterator[str]:
    if names:
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        yield (
            f"{what} that were started while the job ran still run: {', '.join(names[:5])}{more}; "
            'what a task with "runs": "process" starts ends with the run'
        )


def _is_ours(thread: threading.Thread) -> bool:
    return thread.name.startswith(_OURS)


def _children() -> list[Any]:
    if not _has_children():
        return []
    import psutil  # noqa: PLC0415  15 ms that few runs need

    return psutil.Process().children()


def _has_children() -> bool:
    """Return whether this process has any child; one call of the operating system, where there is such a one."""
    look: Callable[..., Any] | None = getattr(os, "waitid", None)
    if look is None:
        return True
    with suppress(ChildProcessError):
        look(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return True
    return False


def _described(child: Any) -> str:
    """Return a process in words; nothing where it has ended, or is a helper."""
    import psutil  # noqa: PLC0415  as above

    try:
        command = " ".join(child.cmdline())  # empty where it has ended and nobody waited for it
        return "" if not command or any(each in command for each in _HELPERS) else f"{child.name()} ({child.pid})"
    except psutil.Error:  # it has ended meanwhile
        return ""
