"""Texts too long for a terminal, kept in the user's own log folder: tracebacks of failed tasks and of bugs of ours."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

MOST_KEPT = 100


def write_log(kind: str, text: str) -> Path | None:
    """Write a text to a new file that only the user can read, and return its path; None where there is no place for it."""
    for folder in (_log_folder(), Path(tempfile.gettempdir())):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _write(folder, kind, text)
        except OSError:
            continue
    return None


def _log_folder() -> Path:
    from platformdirs import user_log_path  # noqa: PLC0415  only a failure needs it

    return user_log_path("ephemeral", appauthor=False)


def _write(folder: Path, kind: str, text: str) -> Path:
    descriptor, name = tempfile.mkstemp(".txt", f"ephemeral-{kind}-{time.strftime('%Y-%m-%dT%H-%M-%S')}-", folder)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(text)
    _forget_old(folder, kind)
    return Path(name)


def _forget_old(folder: Path, kind: str) -> None:
    """Keep the newest files of a kind; their names sort by time."""
    for path in sorted(folder.glob(f"ephemeral-{kind}-*.txt"))[:-MOST_KEPT]:
        path.unlink(missing_ok=True)
