"""Texts too long for a terminal, kept in the user's own log folder: tracebacks of failed tasks and of bugs of ours."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import TextIO

MOST_KEPT = 100


def write_log(kind: str, text: str) -> Path | None:
    """Write a text to a new file that only the user can read, and return its path; None where there is no place for it."""
    path, stream = open_log(kind)
    if stream is None:
        return None
    with stream:
        stream.write(text)
    return path


def open_log(kind: str) -> tuple[Path, TextIO] | tuple[None, None]:
    """Return a new file that only the user can read, and its path; neither where there is no place for it."""
    for folder in (_log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _new_file(folder, kind)
        except OSError:
            continue
    return None, None


def _log_folder() -> Path:
    from platformdirs import user_log_path  # noqa: PLC0415  only a failure needs it

    return user_log_path("ephemeral", appauthor=False)


def _new_file(folder: Path, kind: str) -> tuple[Path, TextIO]:
    descriptor, name = tempfile.mkstemp(".txt", f"ephemeral-{kind}-{time.strftime('%Y-%m-%dT%H-%M-%S')}-", folder)
    _forget_old(folder, kind)
    return Path(name), os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace")


def _forget_old(folder: Path, kind: str) -> None:
    """Keep the newest files of a kind; their names sort by time."""
    for path in sorted(folder.glob(f"ephemeral-{kind}-*.txt"))[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
