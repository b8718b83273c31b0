"""The operating system's side of a worker process: starting it, killing it with all that it started, and waiting for its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Event, Lock
from typing import Any, Final

from engine.execution.executors.frames import Channel

BOOT: Final = (
    "import sys, json; sys.path[:] = json.loads(sys.argv.pop()); from engine.execution.executors.process_worker import main; main()"
)
GUARD: Final = ("/bin/sh", "-c", "read -r _; kill -s KILL 0")
"""Waits in the worker's process group until the run's process is gone, also by a kill, and ends the group; needs nobody's interpreter."""

LINGER: Final = 0.2
"""Seconds that what a worker started gets to end by itself, once the worker has ended."""

_HAS_GROUPS: Final = hasattr(os, "killpg")


class WorkerProcess:
    """One process, the leader of a group of its own. ``start`` and ``wait`` are for one thread."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._is_killed = False
        self._lock = Lock()

    @property
    def id(self) -> int | None:
        """Identity of the process; None where it has not started, or has ended."""
        process = self._process
        return None if process is None or process.returncode is not None else process.pid

    def start(self) -> Channel:
        """Start the process and return the channel to it.

        Raises:
            OSError: it cannot be started.
        """
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-P", "-c", BOOT, json.dumps(sys.path, default=str)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0 if _HAS_GROUPS else None,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert process.stdin is not None  # noqa: S101  both are pipes, as was asked
        assert process.stdout is not None  # noqa: S101
        self._channel = Channel(process.stdout, process.stdin)
        if _HAS_GROUPS:
            with suppress(OSError):  # it ended already
                self._guard = subprocess.Popen(GUARD, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, process_group=process.pid)  # noqa: S603  our own text
        with self._lock:
            self._process = process
            is_killed = self._is_killed
        if is_killed:
            self.kill()
        return self._channel

    def send_if_free(self, *message: Any) -> None:
        """Send a short message, unless a long one is under way: this never waits. To be called from the run's loop."""
        if self._channel is not None:
            with suppress(OSError, ValueError):
                self._channel.send_if_free(*message)

    def kill(self) -> None:
        """Kill the process and all that it started; from any thread."""
        with self._lock:
            self._is_killed = True
            process = self._process
        if process is None or process.returncode is not None:
            return
        if _HAS_GROUPS:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()

    def wait(self) -> tuple[int, bool]:
        """Wait for the end; return the exit code, and whether there were processes left that had to be ended."""
        assert self._process is not None  # noqa: S101  started before it is waited for
        code = self._process.wait()
        if self._guard is not None:
            self._guard.kill()
            self._guard.communicate()
        return code, _HAS_GROUPS and self._end_group(self._process.pid)

    def _end_group(self, group: int) -> bool:
        patience = Event()
        ends = time.monotonic() + (0.0 if self._is_killed else LINGER)
        try:
            while time.monotonic() < ends:
                os.killpg(group, 0)
                patience.wait(LINGER / 10)
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return False
        return not self._is_killed
