"""What goes wrong in other people's code, by name."""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable


class Unsendable:
    """A value that no other process can have."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    @override
    def __repr__(self) -> str:
        return "Unsendable"


class OwnValue:
    """A value of a class of the workspace."""

    def __init__(self, number: int) -> None:
        self.number = number


class OwnBaseError(BaseException):
    """Not an ``Exception``."""


class TextlessError(Exception):
    """Has no text."""

    @override
    def __str__(self) -> str:
        raise RuntimeError("no text for you")


class UnsendableError(Exception):
    """Cannot be pickled, and cannot be made again."""

    def __init__(self, lock: Any, place: str) -> None:
        super().__init__(f"in {place}")
        self.lock = lock


def compute(seconds: float) -> int:
    """Use the processor for so many seconds of its time."""
    ends = time.process_time() + seconds
    steps = 0
    while time.process_time() < ends:
        steps += 1
    return steps


def _raise(error: BaseException) -> NoReturn:
    raise error


def _raise_from(cause: Exception | None, number: int) -> NoReturn:
    raise ValueError(f"link {number}") from cause


def _chain() -> NoReturn:
    error: Exception | None = None
    for number in range(2000):
        try:
            _raise_from(error, number)
        except ValueError as caught:
            error = caught
    raise error or AssertionError


def _recurse() -> NoReturn:
    _recurse()
    raise AssertionError


RAISES: dict[str, Callable[[], object]] = {
    "Exception": lambda: _raise(ValueError("plain")),
    "BaseException": lambda: _raise(OwnBaseError("base")),
    "ExceptionGroup": lambda: _raise(ExceptionGroup("both", [ValueError("one"), OSError("two")])),
    "textless": lambda: _raise(TextlessError()),
    "unsendable": lambda: _raise(UnsendableError(threading.Lock(), "here")),
    "huge": lambda: _raise(ValueError("x" * 50_000_000)),
    "SystemExit": lambda: _raise(SystemExit(3)),
    "sys.exit": lambda: sys.exit(3),
    "KeyboardInterrupt": lambda: _raise(KeyboardInterrupt()),
    "MemoryError": lambda: bytearray(2**62),
    "chain": _chain,
    "recursion": _recurse,
    "import": lambda: importlib.import_module("not_installed_anywhere"),
}

RETURNS: dict[str, Callable[[], object]] = {
    "None": lambda: None,
    "str": lambda: "text",
    "int": lambda: 7,
    "set": lambda: {1},
    "lambda": lambda: lambda: None,
    "wrong item": lambda: [{}] * 7 + [3],
    "wrong key": lambda: {1: "one"},
    "nothing": list,
    "own value": lambda: {"value": OwnValue(5)},
    "unsendable": lambda: {"deep": [1, {"client": Unsendable()}]},
}

ENDS: dict[str, Callable[[], object]] = {
    "exit": lambda: os._exit(3),
    "abort": os.abort,
    "segfault": lambda: ctypes.string_at(0),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
}


def allocate(megabytes: int) -> int:
    """Hold so much memory, taken bit by bit, and let go of it."""
    held = [b"x" * 5_000_000 for _ in range(megabytes // 5)]
    return sum(map(len, held))


HOLDS: dict[str, Callable[[float], object]] = {
    "sleep": time.sleep,  # noqa: TID251  that is the test
    "interpreter": lambda seconds: re.match(r"(a+)+$", "a" * int(20 + seconds) + "b"),
}


def _grandchild() -> int:
    """Start a process that starts another and waits; return the id of the other."""
    code = "import subprocess, sys; print(subprocess.Popen(['sleep', '300']).pid, flush=True); sys.stdin.read()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  our own
    assert child.stdout is not None
    _KEPT.append(child)
    return int(child.stdout.readline())


def _thread() -> int:
    threading.Thread(target=time.sleep, args=(300,)).start()  # noqa: TID251  that is the test
    return os.getpid()


_KEPT: list[object] = []


def _task() -> int:
    """Leave an asyncio task that exits while the next body waits."""

    async def exits() -> None:
        sys.exit(5)

    left = asyncio.get_running_loop().create_task(exits())
    left.add_done_callback(asyncio.Task.exception)  # seen: or asyncio would speak of it when the test process ends
    return os.getpid()


def _stop() -> int:
    """Leave a callback that stops the loop under the next body."""
    loop = asyncio.get_running_loop()
    loop.call_soon(lambda: loop.call_soon(loop.stop))
    return os.getpid()


def _executor() -> int:
    """Leave an executor whose thread is busy, and one whose thread is not."""
    for seconds in (300, 0):
        executor = ThreadPoolExecutor()
        executor.submit(time.sleep, seconds)  # noqa: TID251  that is the test
        _KEPT.append(executor)
    return os.getpid()


def _file() -> int:
    _KEPT.append(Path(__file__).open(encoding="utf-8"))  # noqa: SIM115  that is the test
    return os.getpid()


def _socket() -> int:
    _KEPT.append(socket.create_server(("127.0.0.1", 0)))
    return os.getpid()


def add_line(file: Path, line: str) -> None:
    """Add a line to a file."""
    with file.open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")


def grow(mebibytes: int, *, keep: bool) -> bytes:
    """Take so much memory, bit by bit, so that whoever watches can see it."""
    taken: list[bytes] = []
    for number in range(mebibytes // 10):
        taken.append(bytes([number % 256]) * 10 * 2**20)
        time.sleep(0.02)  # noqa: TID251  that is the test
    if keep:
        _KEPT.append(taken)
    return taken[0] * len(taken)


def limit_files(most: int | None) -> None:
    """Let this process write no file that is larger, as on a disk that is full, and see that it is so."""
    if most is not None:
        import resource  # noqa: PLC0415  not there on every system

        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        with tempfile.TemporaryFile(buffering=0) as file:
            file.write(bytes(most))
            try:
                file.write(bytes(1))
            except OSError:
                return
        raise AssertionError("files are not limited")


LEAVES: dict[str, Callable[[], int]] = {
    "executor": _executor,
    "file": _file,
    "socket": _socket,
    "grandchild": _grandchild,
    "thread": _thread,
    "task": _task,
    "stop": _stop,
}
