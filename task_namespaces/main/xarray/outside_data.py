"""Refuses files of data that would make their reader read other files, or hang or crash it: see ``file_inspection``."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, TypeAlias

from . import file_inspection

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 120
"""How long a look may take on a machine that has much else to do."""
MOST_REMEMBERED = 10_000

Identity: TypeAlias = tuple[int, int, int, int]


def identity_of(path: Path) -> Identity:
    """Return what another file at the same path, or another content, would not share.

    Raises:
        OSError: there is no such file.
    """
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def refuse_outside_data(path: Path) -> Identity:
    """Look into a file, in a process of its own, and return which one was looked at.

    Raises:
        OSError: there is no such file.
        ValueError: the file leads to others, or cannot be read; the text says where.
    """
    identity = identity_of(path)
    reason = _reason_against(str(path), identity)
    if reason is not None:
        raise ValueError(f"{path}: cannot be read as NetCDF: {reason}")
    return identity


@functools.lru_cache(MOST_REMEMBERED)
def _reason_against(path: str, _identity: Identity) -> str | None:
    """Return why a file may not be read; each is looked at once."""
    command = [sys.executable, "-I", file_inspection.__file__, path]
    few_threads = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, capture_output=True, env=few_threads, check=False, timeout=SECONDS)  # noqa: S603  our own script
    except subprocess.TimeoutExpired:
        return f"to look at it took more than {SECONDS} seconds"
    try:
        reason = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return f"the library that reads it was ended by it (exit code {done.returncode})"
    return (
        None if reason is None else f"{reason}. Copy what it needs into one file to use it" if "\N{RIGHTWARDS ARROW}" in reason else reason
    )
