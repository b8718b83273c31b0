"""Refuses files of data that would make their reader read other files, or hang or crash it: see ``file_inspection``."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, TypeAlias

from . import file_inspection

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

SECONDS = 120
"""How long a look may take on a machine that has much else to do."""

Identity: TypeAlias = tuple[int, int, int, int]


def identity_of(path: Path) -> Identity:
    """Return what another file at the same path, or another content, would not share.

    Raises:
        OSError: there is no such file.
    """
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


class Inspector:
    """Looks into files, one after the other, in a process of its own: started for the first file, and anew where a file ended it.

    May be asked from any thread. To be closed.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_closed = False
        self._seen: dict[tuple[str, Identity], str | None] = {}

    def refuse_outside_data(self, path: Path) -> Identity:
        """Look into a file, once as long as it stays the same, and return which one was looked at.

        Raises:
            OSError: there is no such file.
            ValueError: the file leads to others, or cannot be read; the text says where.
        """
        identity = identity_of(path)
        with self._turn:
            if (str(path), identity) not in self._seen:
                self._seen[str(path), identity] = self._reason_against(str(path))
            reason = self._seen[str(path), identity]
        if reason is None:
            return identity
        advice = ". Copy what it needs into one file to use it" if file_inspection.LEADS_TO in reason else ""
        raise ValueError(f"{path}: cannot be read as NetCDF: {reason}{advice}")

    def close(self) -> None:
        """End the process, also in the middle of a look."""
        self._is_closed = True
        if (process := self._process) is not None:
            process.kill()
        with self._turn:
            self._end()

    def _reason_against(self, path: str) -> str | None:
        process = self._process = self._process or _start()
        if self._is_closed:  # asked for after the lock of ``close`` was let go, or before it saw the process
            process.kill()
        too_long = threading.Timer(SECONDS, process.kill)
        too_long.daemon = True
        too_long.start()
        try:
            print(json.dumps(path), file=process.stdin, flush=True)
            reason: str | None = json.loads(process.stdout.readline())  # type: ignore[union-attr]  # both are pipes
        except (OSError, ValueError):  # it ended instead of an answer
            was_too_long = not too_long.is_alive()
            code = self._end()
            return f"to look at it took more than {SECONDS} seconds" if was_too_long else f"its reader was ended by it (exit code {code})"
        finally:
            too_long.cancel()
        return reason

    def _end(self) -> int | None:
        """Forget the process, which has ended or ends by itself once it is not asked any more; return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        with contextlib.suppress(OSError):  # what could not be told it, because it has ended
            process.communicate()
        return process.returncode


def _start() -> subprocess.Popen[str]:
    few_threads = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(  # noqa: S603  our own script
        [sys.executable, "-I", file_inspection.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=few_threads,
        encoding="utf-8",
    )


@contextlib.asynccontextmanager
async def open_inspector() -> AsyncGenerator[Inspector]:
    """Open an inspector for as long as a run lasts."""
    inspector = Inspector()
    try:
        yield inspector
    finally:
        await asyncio.to_thread(inspector.close)
