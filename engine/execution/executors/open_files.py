"""What this process holds open, in words: to name what bodies forgot to close."""

from __future__ import annotations

import gc
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

_NUMBERS: Final = tuple(Path(each) for each in ("/proc/self/fd", "/dev/fd"))
"""Where operating systems list the open files of a process by number."""


def open_here() -> dict[int, str]:
    """Return each file and socket that is open, by its number; nothing where the operating system does not tell."""
    folder = next((each for each in _NUMBERS if each.is_dir()), None)
    found = {} if folder is None else {int(number): _kind(int(number), folder) for number in os.listdir(folder)}  # noqa: PTH208  a file of the list is gone already
    return {number: kind for number, kind in found.items() if kind}


def forgotten(before: dict[int, str]) -> list[str]:
    """Return what is open now and was not before, but for what nobody refers to any more."""
    gc.collect()
    return [kind for number, kind in sorted(open_here().items()) if before.get(number) != kind]


def _kind(number: int, folder: Path) -> str:
    with suppress(OSError):
        mode = os.fstat(number).st_mode
        if stat.S_ISSOCK(mode):
            return "a socket"
        if stat.S_ISREG(mode):
            return _path(folder / str(number))
    return ""


def _path(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except OSError:
        return "a file"
