"""The processes beneath this one as tests look at them, who race with their ends.

Between being listed and being asked a process may end, may be a zombie that its parent is about to wait for, or may be gone. All of
these are an answer here, and none an exception: it has ended.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

BETWEEN_LOOKS = 0.02

_PATIENCE = threading.Event()


def children(of: int | None = None, *, recursive: bool = False) -> list[psutil.Process]:
    """Return the child processes of this process or another, zombies included: they are there as long as nobody waits for them."""
    try:
        return psutil.Process(of).children(recursive=recursive)
    except psutil.NoSuchProcess:
        return []


def children_with(word: str, of: int | None = None, *, recursive: bool = False) -> list[psutil.Process]:
    """Return those that have a word in their command line; they have not ended when they are asked."""
    commands = asked(children(of, recursive=recursive), psutil.Process.cmdline)
    return [process for process, command in commands if word in " ".join(command)]


def by_id(*pids: int) -> list[psutil.Process]:
    """Return those of some processes that are there."""
    found = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(pid))
    return found


def asked(processes: Iterable[psutil.Process], question: Callable[[psutil.Process], T]) -> list[tuple[psutil.Process, T]]:
    """Return each process with its answer; one that has ended gives none."""
    answers = []
    for process in processes:
        try:
            answers.append((process, question(process)))
        except psutil.Error:
            if has_ended(process):
                continue
            raise
    return answers


def has_ended(process: psutil.Process) -> bool:
    """Return whether a process runs no more: it is gone, or a zombie."""
    try:
        return not process.is_running() or process.status() in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except psutil.NoSuchProcess:
        return True


def still_running(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for the ends of processes, and return those that still run; nobody's exit code is taken away by this."""
    return _remaining(list(processes), seconds, lambda process: not has_ended(process))


def still_there(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """The same until somebody has waited for each: a zombie is still there."""
    return _remaining(list(processes), seconds, psutil.Process.is_running)


def _remaining(processes: list[psutil.Process], seconds: float, counts: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    ends = time.monotonic() + seconds
    while (processes := [each for each in processes if counts(each)]) and time.monotonic() < ends:
        _PATIENCE.wait(BETWEEN_LOOKS)
    return processes
