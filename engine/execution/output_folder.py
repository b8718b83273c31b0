"""The folder that a run writes to: named when the run starts, made when something is written."""

from __future__ import annotations

import itertools
import os
import re
import threading
import time
from pathlib import Path

from engine.errors import OutputError

LONGEST_NAME = 60
"""Characters of a job's name that go into a folder's."""

RUNS = "runs"
"""The folder in the current one that holds a folder for each run that wrote something."""

_UNSAFE = re.compile(r"[^\w.-]+")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})


def safe_name(text: str, otherwise: str = "job") -> str:
    """Return a text as the name of a file or folder on every system: letters, digits, ``.``, ``_`` and ``-``, at most 60."""
    name = _UNSAFE.sub("-", text)[:LONGEST_NAME].strip(".-")
    return f"_{name}" if name.partition(".")[0].lower() in _DEVICES else name or otherwise


class OutputFolder:
    """Where one run writes: the folder that was given, else a new one ``runs/<time>-<job>`` in the current folder.

    May be asked from several threads.
    """

    def __init__(self, given: Path | None, job_name: str) -> None:
        self._given = None if given is None else Path(given).absolute()
        self._current = os.getcwd()  # noqa: PTH109  a path object costs 20 us, and few runs need it
        self._name = f"{time.strftime('%Y-%m-%dT%H-%M-%S')}-{safe_name(job_name)}"
        self._made: Path | None = None
        self._lock = threading.Lock()
        self._owners: dict[str, tuple[str, str]] = {}

    @property
    def _planned(self) -> Path:
        return Path(self._current, RUNS, self._name)

    @property
    def made(self) -> Path | None:
        """The folder, None as long as nothing asked for it."""
        return self._made

    def check(self) -> None:
        """Look whether the folder can be made, and make nothing.

        Raises:
            OutputError: something else has its name, or its parent cannot be written to.
        """
        if self._given is None and os.access(f"{RUNS}/." if os.path.lexists(RUNS) else ".", os.W_OK | os.X_OK):
            return  # as mostly, and told by two calls of the system; "/." is there of folders alone
        wanted = self._given or self._planned
        nearest = next(path for path in (wanted, *wanted.parents) if os.path.lexists(path))
        if not nearest.is_dir():
            raise OutputError(wanted, f"cannot be made: {nearest} is no folder")
        if not os.access(nearest, os.W_OK | os.X_OK):
            raise OutputError(wanted, f"cannot be written to: permission denied in {nearest}")

    def path(self) -> Path:
        """Return the folder, made if it was not yet.

        Raises:
            OutputError: it cannot be made.
        """
        with self._lock:
            if self._made is None:
                self._made = _make_new(self._planned) if self._given is None else _make(self._given)
            return self._made

    def file_path(self, relative: str | Path) -> Path:
        """Return a path in the folder, its parent folders made.

        Raises:
            ValueError: the path is absolute or leads out of the folder, be it by a link.
            OutputError: a folder cannot be made.
        """
        if not Path(relative).parts or Path(relative).is_absolute() or Path(relative).drive or ".." in Path(relative).parts:
            raise ValueError(f"{str(relative)!r} is no path in the output folder")
        folder = self.path()
        wanted = folder / relative
        if not wanted.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{str(relative)!r} leads out of the output folder")
        _make(wanted.parent)
        return wanted

    def new_file_path(self, relative: str | Path, task: str, branch: str) -> Path:
        """Return a path in the folder that no other invocation of the run writes to; the same one may ask again, as a retry does.

        Raises:
            ValueError: the path is absolute or leads out of the folder, or another invocation has it.
            OutputError: a folder cannot be made.
        """
        wanted = self.file_path(relative)
        name = os.path.normcase(wanted.resolve())
        with self._lock:
            owner = self._owners.setdefault(name, (task, branch))
        if owner != (task, branch):
            raise ValueError(_already_written(relative, *owner))
        return wanted


def _already_written(relative: str | Path, task: str, branch: str) -> str:
    """Return why a second invocation cannot write a file, and what to try."""
    by = f" by {task!r}" + (f" on branch {branch!r}" if branch else "")
    return (
        f"{str(relative)!r} was written in this run already{by}: each branch needs a file of its own. "
        "Name it by something that tells the branches apart, as 'maps/{season}.png' does, or collect the branches before"
    )


def _make(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(folder, f"cannot be made: {error.strerror or error}") from error
    return folder


def _make_new(wanted: Path) -> Path:
    """Make a folder that was not there; where another run has its name, with a number behind it."""
    _make(wanted.parent)
    names = itertools.chain([wanted.name], (f"{wanted.name}-{number}" for number in itertools.count(2)))
    for folder in map(wanted.with_name, names):
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise OutputError(folder, f"cannot be made: {error.strerror or error}") from error
        return folder
    raise AssertionError("unreachable: numbers do not end")
