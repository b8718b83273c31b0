"""Writing a file so that it always holds its old bytes or its new ones, whatever happens."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import FileWriteError, OutputError
from engine.files.leftovers import HAS_LOCKS, claim, unfinished_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def write_atomically(path: Path | str, data: bytes, *, mode: int | None = None, look_again: Callable[[], None] | None = None) -> None:
    """Replace the file at ``path`` by one that holds ``data``, safe against a crash of the program or the machine at any moment.

    A symbolic link stays one: what it leads to is replaced. The mode bits of a file that was there are kept.
    What is no regular file, such as ``/dev/stdout``, is written to as it is.

    Args:
        path: the file.
        data: what it holds from now on.
        mode: the mode bits of the file, whether or not it was there; None keeps them, and gives a new file those of the umask.
        look_again: called when all is written and before a regular file is replaced; what it raises leaves the old file as it was.

    Raises:
        OutputError: nothing can be created there; the old file is as it was.
        FileWriteError: writing failed midway; the old file is as it was, unless the message says that the new one is there.
    """
    target = _target(path)
    found = _mode(target)
    if found is not None and not stat.S_ISREG(found):
        _write_through(target, data, found)
        return
    if found is not None and not os.access(target, os.W_OK):
        raise OutputError(path, "cannot be written: the file is read-only")
    with _written_beside(target, data, found if mode is None else mode) as temporary, _failing_as(path, "cannot be replaced"):
        if look_again is not None:
            look_again()
        temporary.replace(target)
    with _failing_as(path, "the new file is there, but may not outlive a power cut"):
        _sync_folder(target.parent)


def _target(path: Path | str) -> Path:
    try:
        mode = _mode(Path(path))
        if mode is not None and not stat.S_ISREG(mode):
            return Path(path)  # the pipe behind /dev/stdout or /dev/fd/63 has no path of its own
        return Path(os.path.realpath(path))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise OutputError(path, f"cannot be written: {_cause(error)}") from error


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(path, f"cannot be written: {_cause(error)}") from error


def _write_through(path: Path, data: bytes, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise OutputError(path, "cannot be written: it is a folder")
    try:
        stream = path.open("wb", buffering=0)
    except OSError as error:
        raise OutputError(path, f"cannot be written: {_cause(error)}") from error
    with _failing_as(path, "writing failed"), stream:
        _write_all(stream.fileno(), data)


@contextlib.contextmanager
def _written_beside(target: Path, data: bytes, mode: int | None) -> Iterator[Path]:
    """Write and sync a new file in the target's folder and give its path; it stays marked as being written until it is in its place."""
    temporary, descriptor = _unfinished_file(target)
    try:
        with _removed_on_failure(temporary):
            with _failing_as(target, "writing failed"):
                if mode is not None and hasattr(os, "fchmod"):
                    os.fchmod(descriptor, stat.S_IMODE(mode))
                _write_all(descriptor, data)
                os.fsync(descriptor)
                if not HAS_LOCKS:  # Windows replaces no file that is open
                    os.close(descriptor)
                    descriptor = -1
            yield temporary
    finally:
        with contextlib.suppress(OSError):  # everything is synced by now, or has failed already
            os.close(descriptor)


def _unfinished_file(target: Path) -> tuple[Path, int]:
    """Make a file of an unguessable name in the target's folder and mark it as ours; who removes leftovers may be faster once."""
    while True:
        temporary = unfinished_path(target)
        try:
            descriptor = os.open(temporary, _NEW_FILE, 0o666)
        except OSError as error:
            raise OutputError(target, f"cannot be written: {_cause(error)}") from error
        if claim(descriptor):
            return temporary, descriptor
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):  # Windows: a rename there needs no sync of the folder, and has none
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # file systems that do not know how to
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _removed_on_failure(temporary: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


@contextlib.contextmanager
def _failing_as(path: Path | str, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileWriteError(path, f"{what}: {_cause(error)}") from error


def _cause(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
