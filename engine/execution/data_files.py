"""Payloads in files: JSON, JSON Lines and CSV, read one at a time and with every flaw named by its line."""

from __future__ import annotations

import csv
import itertools
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.errors import EphemeralError, FileWriteError, InputMissingError
from engine.files.strict_json import read_json_file, read_json_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.files.strict_json import JsonDocument
    from engine.tasks import Payload

LARGEST_LINE = 16 * 1024 * 1024
"""Bytes of one line of JSON Lines or CSV."""


class Form(StrEnum):
    """How a data file is written."""

    JSON = "json"
    JSON_LINES = "jsonl"
    CSV = "csv"


FORM_OF_SUFFIX = {".json": Form.JSON, ".jsonl": Form.JSON_LINES, ".ndjson": Form.JSON_LINES, ".csv": Form.CSV}


class DataFileError(EphemeralError):
    """A data file is not of its form; the text names file and line."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        super().__init__(f"{path}: {reason}" if line is None else f"{path}:{line}: {reason}")


def holds_one_payload(path: Path, form: Form) -> bool:
    """Return whether the file holds one payload that opens no branches, instead of a list or rows.

    Raises:
        DataFileError: the file is not JSON.
        InputMissingError: the file is not there or cannot be read.
    """
    return form is Form.JSON and isinstance(_json_value(path), dict)


def read_one_payload(path: Path) -> Payload:
    """Return the payload of a JSON file that held one when it was checked.

    Raises:
        DataFileError: it holds something else by now.
        InputMissingError: the file is not there or cannot be read.
    """
    value = _json_value(path)
    if not isinstance(value, dict):
        raise DataFileError(path, None, f"the file held an object when the job was built, and holds {_kind(value)} now")
    return value


def read_payloads(path: Path, form: Form) -> Iterator[Payload]:
    """Yield the payloads of a file, read as they are asked for (JSON alone is read whole, up to 64 MiB).

    Values of CSV are text, as they stand in the file.

    Raises:
        DataFileError: what comes next is not of the form.
        InputMissingError: the file is not there or cannot be read.
        FileWriteError: reading failed midway.
    """
    match form:
        case Form.JSON:
            return _json_payloads(path)
        case Form.JSON_LINES:
            return _json_lines_payloads(path)
        case Form.CSV:
            return _csv_payloads(path)


def _json_value(path: Path) -> Any:
    return _sound_value(read_json_file(path), path)


def _sound_value(document: JsonDocument, path: Path, line: int | None = None) -> Any:
    if document.problems:
        first = document.problems[0]
        raise DataFileError(path, line or first.line, first.message)
    return document.value


def _json_payloads(path: Path) -> Iterator[Payload]:
    value = _json_value(path)
    items = value if isinstance(value, list) else [value]
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            where = f"item {index}" if items is value else "the file"
            raise DataFileError(path, None, f"{where} must be an object, got {_kind(item)}")
        yield item


def _json_lines_payloads(path: Path) -> Iterator[Payload]:
    for number, text in _lines(path):
        if text.strip():
            value = _sound_value(read_json_text(text), path, number)
            if not isinstance(value, dict):
                raise DataFileError(path, number, f"each line must be an object, got {_kind(value)}")
            yield value


def _csv_payloads(path: Path) -> Iterator[Payload]:
    reader = csv.reader((text for _, text in _lines(path)), strict=True)
    try:
        names = _csv_header(path, next(reader, None))
        for row in reader:
            if len(row) == len(names):
                yield dict(zip(names, row, strict=True))
            elif row:  # a blank line is no row
                raise DataFileError(path, reader.line_num, f"the row has {len(row)} cells, the header names {len(names)}")
    except csv.Error as error:
        raise DataFileError(path, reader.line_num, f"not CSV: {error}") from error


def _csv_header(path: Path, names: list[str] | None) -> list[str]:
    if not names:
        raise DataFileError(path, 1, "a CSV file starts with a line of column names")
    for number, name in enumerate(names, 1):
        if not name.strip():
            raise DataFileError(path, 1, f"column {number} has no name")
        if name in names[: number - 1]:
            raise DataFileError(path, 1, f'two columns are named "{name}"')
    return names


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the number and the text of each line, its line break included."""
    try:
        with path.open("rb") as stream:
            for number in itertools.count(1):
                line = stream.readline(LARGEST_LINE + 1)
                if not line:
                    return
                yield number, _decoded(path, number, line)
    except FileNotFoundError as error:
        raise InputMissingError(path, "there is no such file") from error
    except OSError as error:
        raise FileWriteError(path, f"reading failed: {error.strerror or error}") from error


def _decoded(path: Path, number: int, line: bytes) -> str:
    if len(line) > LARGEST_LINE:
        raise DataFileError(path, number, f"the line is longer than {LARGEST_LINE // 1024 // 1024} MiB")
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataFileError(path, number, f"not UTF-8: invalid byte 0x{line[error.start]:02x}") from error


def _kind(value: object) -> str:
    names = {str: "a text", bool: "a truth value", int: "a number", float: "a number", list: "a list", type(None): "null"}
    return names.get(type(value), type(value).__name__)
