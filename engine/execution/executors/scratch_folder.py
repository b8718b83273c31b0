"""The folder that an embedded cluster keeps its files in, and the removal of what killed clusters left behind.

A folder is in use as long as somebody holds the lock on a file in it: the operating system lets go of the lock however its holder ends.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

from engine.errors import OutputError

try:
    import fcntl
except ImportError:  # Windows: there an open file cannot be removed, which says the same
    fcntl = None  # type: ignore[assignment]

PREFIX = "ephemeral-dask-"
LOCK_FILE = "in-use"
UNLOCKED_SECONDS = 60.0
"""How old a folder without a lock must be before it is taken for a leftover: its maker may be about to lock it."""


class ScratchFolder:
    """A new folder, readable by this user alone, that is this process's until ``remove``.

    Raises:
        OutputError: there is no place for temporary files.
    """

    def __init__(self) -> None:
        _check_wished_place()
        try:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            self._lock = (self.path / LOCK_FILE).open("wb")
        except OSError as error:
            raise OutputError(error.filename or "the folder for temporary files", error.strerror or str(error)) from error
        _lock(self._lock)

    def remove(self) -> None:
        """Remove the folder with all that is in it."""
        self._lock.close()
        shutil.rmtree(self.path, ignore_errors=True)


def _check_wished_place() -> None:
    """Refuse a place that the environment names and that is none: ``tempfile`` would take another one without a word."""
    variable = next((name for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)), None)
    if variable is not None and not os.access(os.environ[variable] + os.sep, os.W_OK | os.X_OK):
        raise OutputError(os.environ[variable], f"is no folder that can be written to, though {variable} names it for temporary files")


def remove_leftovers(beside: Path) -> None:
    """Remove the folders of clusters that were killed before they could do so themselves.

    Args:
        beside: a folder of this kind; its neighbours are looked at, itself is not.
    """
    for folder in beside.parent.glob(f"{PREFIX}*"):
        if folder != beside and _is_left(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    try:
        lock = (folder / LOCK_FILE).open("r+b")
    except FileNotFoundError:
        return _age(folder) > UNLOCKED_SECONDS
    except OSError:  # another user's
        return False
    with lock:
        if fcntl is not None:
            return _lock(lock)
    with contextlib.suppress(OSError):
        (folder / LOCK_FILE).unlink()
    return not (folder / LOCK_FILE).exists()


def _age(folder: Path) -> float:
    try:
        return time.time() - folder.stat().st_mtime
    except OSError:
        return 0.0


def _lock(file: IO[bytes]) -> bool:
    """Take the lock; return False where somebody else has it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
