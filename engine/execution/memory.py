"""How much memory there is: of this process, of others, and what is left before the operating system kills somebody."""

from __future__ import annotations

import functools
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CONTROL_GROUPS: Final = Path("/sys/fs/cgroup")
_OWN_GROUPS: Final = Path("/proc/self/cgroup")
_EVENTS: Final = Path("/proc/vmstat")


def held_by(process: int) -> int:
    """Return the bytes of memory that a process holds, 0 where there is no such process any more."""
    try:
        held: int = _psutil().Process(process).memory_info().rss
    except _psutil().Error:
        return 0
    return held


def spare() -> int:
    """Return the bytes that processes here can still get: of the machine, or of the control group that limits them."""
    available: int = _psutil().virtual_memory().available
    return min([available, *_spare_of_groups()])


def kills() -> int:
    """Return how many processes the operating system has killed for want of memory, where it tells."""
    with suppress(OSError, ValueError):
        for line in _EVENTS.read_text("ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return 0


def size_text(size: float) -> str:
    """Return a size for a person: ``1.5 GB``."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


@functools.cache
def _psutil() -> Any:
    import psutil  # noqa: PLC0415  15 ms that a short run need not spend

    return psutil


def _spare_of_groups() -> Iterator[int]:
    for limit, used, statistics in _limited_groups():
        with suppress(OSError, ValueError):
            # what files left in the cache is given back before anybody is killed
            yield max(0, int(limit.read_text("ascii")) - int(used.read_text("ascii")) + _cached(statistics))


def _cached(statistics: Path) -> int:
    found = (line.split() for line in statistics.read_text("ascii").splitlines())
    return sum(int(value) for name, value in found if name in ("inactive_file", "total_inactive_file"))


@functools.cache
def _limited_groups() -> tuple[tuple[Path, Path, Path], ...]:
    """Return, for each control group with a limit that this process is in, the files of its limit, its use and its statistics."""
    return tuple(_with_limit(_groups()))


def _groups() -> Iterator[tuple[Path, str, str]]:
    """Go up from this process's control group to the root, in both versions of their file system."""
    try:
        lines = _OWN_GROUPS.read_text("utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, group = line.split(":", 2)
        own = Path(group.strip("/"))
        for folder in (own, *own.parents):
            if not controllers:
                yield _CONTROL_GROUPS / folder, "memory.max", "memory.current"
            elif controllers == "memory":
                yield _CONTROL_GROUPS / "memory" / folder, "memory.limit_in_bytes", "memory.usage_in_bytes"


def _with_limit(groups: Iterable[tuple[Path, str, str]]) -> Iterator[tuple[Path, Path, Path]]:
    for folder, limit, used in groups:
        with suppress(OSError, ValueError):
            if int((folder / limit).read_text("ascii")) < _psutil().virtual_memory().total:  # "max" or beyond where there is none
                yield folder / limit, folder / used, folder / "memory.stat"
