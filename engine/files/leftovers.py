"""Files that a write was killed over: how a writer marks its own, and how those that nobody writes any more are removed.

A writer holds a lock on its unfinished file for as long as it lives; the operating system lets go of it when the process ends, however it
ends. So nothing has to be remembered, and no reused process number is taken for a living writer.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed or replaced at all
    fcntl = None

HAS_LOCKS: Final = fcntl is not None
SECONDS_WITHOUT_LOCKS: Final = 24 * 3600
"""Where files cannot be locked, one that is older than this is nobody's any more."""
_NAME: Final = re.compile(r"\.ephemeral-[0-9a-f]{32}\.tmp")
_FLAGS: Final = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def unfinished_path(target: Path) -> Path:
    """Return a name in the target's folder that nobody can guess, for a file that is to become it."""
    return target.parent / f".ephemeral-{os.urandom(16).hex()}.tmp"


def claim(descriptor: int) -> bool:
    """Mark an open unfinished file as being written; False where somebody removed it as a leftover before that was done."""
    return _lock(descriptor) is not False and os.fstat(descriptor).st_nlink > 0


def remove_leftovers(folder: Path) -> list[Path]:
    """Remove the unfinished files in a folder whose writers are gone, and return their paths; what cannot be removed stays."""
    removed = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    if _remove(Path(entry.path)):
                        removed.append(Path(entry.path))
    return removed


def _remove(path: Path) -> bool:
    descriptor = os.open(path, _FLAGS)
    try:
        found = os.fstat(descriptor)
        is_gone = _lock(descriptor)
        if is_gone is None:
            is_gone = time.time() - found.st_mtime > SECONDS_WITHOUT_LOCKS
        if not is_gone or not stat.S_ISREG(found.st_mode):
            return False
        if HAS_LOCKS:
            path.unlink()
    finally:
        os.close(descriptor)
    if not HAS_LOCKS:
        path.unlink()
    return True


def _lock(descriptor: int) -> bool | None:
    """Return whether the file is locked by us now; None where files here know no locks."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EWOULDBLOCK, errno.EACCES) else None
    return True
