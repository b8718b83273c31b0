"""Strict reading of a JSON file: UTF-8, bounded in size and depth, no duplicate keys, only what can be written back as it was.

Sound files go through the interpreter's own fast reader; a text that it or a quick check has doubts about is read again by the
scanner, which says what is wrong with it and where.
"""

from __future__ import annotations

import json
from math import isinf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from engine.errors import FileWriteError, InputMissingError
from engine.files.nesting import count_in_texts, count_members
from engine.files.numbers import is_kept_exactly
from engine.lazy_dataclasses import dataclass
from engine.problems import Problem

if TYPE_CHECKING:
    from engine.model.json_value import JsonValue

LARGEST_FILE = 64 * 1024 * 1024  # bytes
_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """What a file holds.

    Attributes:
        text: the decoded file without its byte order mark; None where it could not be decoded.
        value: the JSON value; None where there is none.
        problems: every flaw of the text, with its place. Where there is any, the value is only good to look for more.
        complete: False where no value could be read.
    """

    text: str | None
    value: JsonValue
    problems: tuple[Problem, ...] = ()
    complete: bool = True


def read_json_file(path: Path | str) -> JsonDocument:
    """Return what a JSON file holds, flaws included.

    Raises:
        InputMissingError: there is no such file, or it cannot be opened.
        FileWriteError: reading failed midway.
    """
    return read_json_bytes(read_bytes(path))


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of a file, at most one more than ``LARGEST_FILE``.

    Raises:
        InputMissingError: there is no such file, or it cannot be opened.
        FileWriteError: reading failed midway.
    """
    try:
        stream = Path(path).open("rb")  # noqa: SIM115  opening and reading fail differently
    except IsADirectoryError as error:
        raise InputMissingError(path, "is a folder, not a file") from error
    except FileNotFoundError as error:
        raise InputMissingError(path, "there is no such file") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise InputMissingError(path, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error
    try:
        with stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise FileWriteError(path, f"reading failed: {error.strerror or error}") from error


def read_json_bytes(data: bytes) -> JsonDocument:
    """Return what the bytes of a JSON file hold, flaws included."""
    if len(data) > LARGEST_FILE:
        return _unreadable("too-large", f"the file is larger than {LARGEST_FILE // 1024 // 1024} MiB")
    for bom, name in _OTHER_BOMS.items():
        if data.startswith(bom):
            return _unreadable("not-utf-8", f"not UTF-8 but {name}", hint="save the file as UTF-8")
    data = data.removeprefix(_BOM)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return _not_utf_8(data, error.start)
    return read_json_text(text)


def read_json_text(text: str) -> JsonDocument:
    """Return what a JSON text holds, flaws included."""
    try:
        value = _decoder.decode(text)
        doubtful = not _has_every_member(text, value) or _may_have_lone_surrogates(text, value)
    except (ValueError, RecursionError):
        value, doubtful = None, True
    if not doubtful:
        return JsonDocument(text, value)
    from engine.files.json_scanner import scan  # noqa: PLC0415  only a text with flaws needs it

    scanned = scan(text)
    return JsonDocument(text, scanned.value, scanned.problems, scanned.complete)


def _has_every_member(text: str, value: JsonValue) -> bool:
    """Return whether no member was lost to another one of the same key, and nothing is nested too deep.

    Each member has one colon in the text, and the only other colons are those in strings. So a value with as many members as the text
    has colons is whole; so is one that lacks as many as its strings have, as long as no colon in them may be written as an escape.

    Raises:
        ValueError: a member was lost.
    """
    members = count_members(value, text.count("{") + text.count("["))
    if members is None:
        return False
    colons = text.count(":")
    if members == colons:
        return True
    if "\\u" in text:
        _decoder_of_members.decode(text)
        return True
    return members + count_in_texts(":", value) == colons


def _object_of(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("duplicate key")


def _float_of(text: str) -> float:
    value = float(text)
    if len(text) < 17 and "e" not in text and "E" not in text:  # at most 15 digits, which a double always keeps
        return value
    if isinf(value) or not is_kept_exactly(text, value):
        raise ValueError("number that cannot be kept")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_decoder = json.JSONDecoder(parse_float=_float_of, parse_constant=_refuse_constant)
_decoder_of_members = json.JSONDecoder(object_pairs_hook=_object_of)


def _may_have_lone_surrogates(text: str, value: JsonValue) -> bool:
    if "\\" not in text or ("\\ud" not in text and "\\uD" not in text):
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _not_utf_8(data: bytes, offset: int) -> JsonDocument:
    before = data[:offset]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode()) + 1
    message = f"not UTF-8: invalid byte 0x{data[offset]:02x} at byte offset {offset}"
    return _unreadable("not-utf-8", message, line, column, hint="save the file as UTF-8")


def _unreadable(code: str, message: str, line: int = 1, column: int = 1, *, hint: str | None = None) -> JsonDocument:
    problem = Problem(code, message, line=line, column=column, hint=hint)
    return JsonDocument(None, None, (problem,), complete=False)
