"""Where a job's first payloads come from: checked when the job is built, read when it runs, as lazily as the form allows.

=========== ======================================= ==============================================================================
``source``  keys                                    payloads
=========== ======================================= ==============================================================================
``direct``  ``content``                             the content; each object of a list opens a branch
``file``    ``path``, and ``format`` where the file an object of JSON is one payload; each item of a JSON list, line of JSON Lines
            name does not say it                    or row of CSV opens a branch
``files``   ``folder``, ``pattern`` (``*``)         ``{"path": ...}`` of each file, sorted; each opens a branch
``sample``  ``name``                                ``{"path": ...}`` of a file of an installed package of sample data
=========== ======================================= ==============================================================================

Relative paths start at the job map's folder, or at the current one where the job map came from no file.
"""

from __future__ import annotations

import copy
import itertools
import os
import re
import stat
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NoReturn

from engine.errors import InputMissingError, JobMapError
from engine.execution.refusal import placed, refusal
from engine.lazy_dataclasses import dataclass
from engine.problems import Problem, pointer_to, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.execution.data_files import Form
    from engine.model.job_map import JobMap
    from engine.model.json_value import JsonObject
    from engine.tasks import Payload

MOST_CHECKED = 10_000
"""Payloads of a file that are looked at when the job is built; a flaw behind them fails the run where it is met."""

INPUT_MISSING = "input-missing"
"""Code of the problem that stands for an ``InputMissingError``."""

_URL = r"[A-Za-z][A-Za-z0-9+.-]+://"
_MAIN_KEY = {"direct": "content", "file": "path", "files": "folder", "sample": "name"}


@dataclass(frozen=True, slots=True)
class OpenedDatasource:
    """A datasource that was checked.

    Attributes:
        fans_out: True where the input task opens a branch for each payload, False where one payload goes along the trunk.
        read: starts reading anew; the iterator may block and raises ``DataFileError``, ``InputMissingError`` or ``FileWriteError``.
    """

    fans_out: bool
    read: Callable[[], Iterator[Payload]]


def open_datasource(job_map: JobMap) -> OpenedDatasource:
    """Check the datasource of a job map and return how to read it.

    Raises:
        JobMapError: it is described wrongly, or its file is not of the form that was named.
        InputMissingError: a file or folder is not there or cannot be read.
    """
    options = _Options(job_map.datasource.options, job_map.folder or Path.cwd())
    try:
        return _open(job_map.datasource.source, options)
    except _WrongError as error:
        raise refusal([error.problem], job_map) from error.__cause__


def datasource_problems(job_map: JobMap) -> list[Problem]:
    """Return what ``open_datasource`` would raise as problems, for a list that a person reads."""
    try:
        open_datasource(job_map)
    except JobMapError as error:
        return list(error.problems)
    except InputMissingError as error:
        pointer = pointer_to("datasource", _MAIN_KEY[job_map.datasource.source])
        return placed([Problem(INPUT_MISSING, str(error), pointer)], job_map)
    return []


class _WrongError(Exception):
    """The datasource is described wrongly."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _wrong(code: str, message: str, key: str, hint: str | None = None) -> NoReturn:
    raise _WrongError(Problem(code, message, pointer_to("datasource", key), hint=hint))


class _Options:
    """The keys of the datasource, read with their types checked."""

    def __init__(self, options: JsonObject, folder: Path) -> None:
        self.options = options
        self._folder = folder

    def text(self, key: str, default: str | None = None) -> str:
        value = self.options.get(key, default)
        if key not in self.options and default is None:
            _wrong("missing-key", f'the datasource lacks "{key}"', key)
        if not isinstance(value, str) or not value or "\0" in value:
            _wrong("wrong-type", f'"{key}" must be a text that is not empty', key)
        return value

    def path(self, key: str) -> Path:
        text = self.text(key)
        if re.match(_URL, text):
            _wrong("not-a-path", f'"{key}" must be a path on this machine, not an address', key)
        return self._folder.absolute() / text


def _open(source: str, options: _Options) -> OpenedDatasource:
    match source:
        case "direct":
            return _open_direct(options)
        case "file":
            return _open_file(options)
        case "files":
            return _open_files(options)
        case "sample":
            return _open_sample(options)
        case _:
            hint = suggestion(source, _MAIN_KEY) or f"known are {', '.join(_MAIN_KEY)}"
            _wrong("unknown-datasource", f'there is no datasource "{source}"', "source", hint)


def _open_direct(options: _Options) -> OpenedDatasource:
    if "content" not in options.options:
        _wrong("missing-key", 'the datasource lacks "content"', "content")
    content = options.options["content"]
    payloads: list[Any] = content if isinstance(content, list) else [content]
    if not all(isinstance(payload, dict) for payload in payloads):
        _wrong("wrong-content", "the content of a direct datasource must be an object, or a list of objects", "content")
    return OpenedDatasource(payloads is content, lambda: iter(copy.deepcopy(payloads)))


def _open_file(options: _Options) -> OpenedDatasource:
    from engine.execution.data_files import (  # noqa: PLC0415  a job that reads no file starts without it
        DataFileError,
        holds_one_payload,
        read_one_payload,
        read_payloads,
    )

    path = options.path("path")
    form = _form(options, path)
    _check_file(path)
    try:
        fans_out = not holds_one_payload(path, form)
        for _ in itertools.islice(read_payloads(path, form), MOST_CHECKED):
            pass
    except DataFileError as error:
        raise _WrongError(Problem("bad-data-file", str(error), pointer_to("datasource", "path"))) from error
    return OpenedDatasource(fans_out, lambda: read_payloads(path, form) if fans_out else iter([read_one_payload(path)]))


def _form(options: _Options, path: Path) -> Form:
    from engine.execution.data_files import FORM_OF_SUFFIX, Form  # noqa: PLC0415  a job that reads no file starts without it

    forms = ", ".join(Form)
    if "format" in options.options:
        name = options.text("format")
        if name not in set(Form):
            _wrong("unknown-format", f'there is no format "{name}"', "format", suggestion(name, Form) or f"known are {forms}")
        return Form(name)
    form = FORM_OF_SUFFIX.get(path.suffix.lower())
    if form is None:
        _wrong("unknown-format", f'the name "{path.name}" does not say the format', "path", f'add "format": one of {forms}')
    return form


def _check_file(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise InputMissingError(path, f"cannot be read: {error.strerror or error}") from error
    if not stat.S_ISREG(mode):  # a pipe would keep the check waiting
        raise InputMissingError(path, "is a folder, not a file" if stat.S_ISDIR(mode) else "is no regular file")
    if not os.access(path, os.R_OK):
        raise InputMissingError(path, "cannot be read: permission denied")


def _open_files(options: _Options) -> OpenedDatasource:
    folder = options.path("folder")
    pattern = options.text("pattern", "*")
    if PurePath(pattern).is_absolute() or PurePath(pattern).drive or ".." in PurePath(pattern).parts:
        _wrong("wrong-pattern", "the pattern must stay in the folder", "pattern", 'such as "*.nc" or "**/*.csv"')
    if not folder.is_dir():
        raise InputMissingError(folder, "is a file, not a folder" if folder.exists() else "there is no such folder")
    if not _matching(folder, pattern):
        raise InputMissingError(folder, f'no file in it matches "{pattern}"')
    return OpenedDatasource(fans_out=True, read=lambda: ({"path": str(path)} for path in _matching(folder, pattern)))


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted((path for path in folder.glob(pattern) if path.is_file()), key=lambda path: path.relative_to(folder).parts)
    except (ValueError, NotImplementedError) as error:
        _wrong("wrong-pattern", f"the pattern cannot be used: {error}", "pattern", 'such as "*.nc" or "**/*.csv"')
    except OSError as error:
        raise InputMissingError(folder, f"cannot be read: {error.strerror or error}") from error


def _open_sample(options: _Options) -> OpenedDatasource:
    from engine.execution.sample_data import (  # noqa: PLC0415  a job that reads no sample starts without it
        PACKAGES,
        find_sample,
        sample_folders,
        sample_names,
    )

    name = options.text("name")
    path = find_sample(name)
    if path is None and not sample_folders():
        raise InputMissingError(name, f"no sample data are installed: pip install {PACKAGES[0][2]}")
    if path is None:
        raise InputMissingError(name, f"there is no such sample; {suggestion(name, sample_names()) or 'ostia_monthly.nc is one'}")
    found = str(path)
    return OpenedDatasource(fans_out=False, read=lambda: iter([{"path": found}]))
