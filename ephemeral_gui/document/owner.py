"""Whether the process that wrote something is still there, also where its number was given to another one since."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, told apart from others of its number by when it started."""

    pid: int
    started: str

    @property
    def is_alive(self) -> bool:
        """True while that very process runs."""
        return started_at(self.pid) == self.started


def this_process() -> Owner:
    """Return the process that asks."""
    return Owner(os.getpid(), started_at(os.getpid()) or "")


def started_at(pid: int) -> str | None:
    """Return a word for the moment at which the process with that number started, which no other one has; None where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return None if Path("/proc/self/stat").exists() else _started_elsewhere(pid)
    return None if fields[0] == b"Z" else f"{boot}:{fields[19].decode()}"  # clock ticks since the boot: no clock that can be set


def _started_elsewhere(pid: int) -> str | None:
    """As above, where there is no ``/proc``."""
    import psutil  # noqa: PLC0415  not needed on Linux

    try:
        return f"{psutil.Process(pid).create_time():.0f}"
    except psutil.Error:
        return None
