"""What is written to the terminal: results on standard output, everything else on standard error, all of it as plain text."""

from __future__ import annotations

import os
import sys
from typing import IO, TextIO

from engine.errors import FileWriteError

_JOINERS = "\u200c\u200d"
"""Joiners of letters and of emoji: they show nothing by themselves and are no danger."""


def printable(text: str) -> str:
    """Return a text from a job map or a task on one line, with everything that could steer a terminal written as an escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _JOINERS else char.encode("unicode_escape").decode() for char in text)


def printable_lines(text: str, indent: str = "") -> str:
    """Return a text of several lines so that each is printable; all but the first are indented."""
    return f"\n{indent}".join(printable(line) for line in text.splitlines())


def tell(text: str = "") -> None:
    """Write a line that the user asked for to standard output.

    Raises:
        BrokenPipeError: nobody reads it any more.
    """
    sys.stdout.write(f"{text}\n")


def say(text: str = "") -> None:
    """Write a line beside what was asked for to standard error; where nobody reads it, it is lost without a word."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except OSError:
        silence(sys.stderr)


def write_stdout(data: bytes, stdout: TextIO) -> None:
    """Write bytes to standard output.

    Raises:
        BrokenPipeError: nobody reads them any more.
        FileWriteError: writing failed.
    """
    try:
        stdout.flush()
        write_whole(stdout.buffer, data)
        stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileWriteError("standard output", f"writing failed: {error.strerror or error}") from error


def write_whole(stream: IO[bytes], data: bytes) -> None:
    """Write all of the bytes: a stream without a buffer, as under ``PYTHONUNBUFFERED``, may take a part and say nothing of the rest."""
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


def silence(stream: TextIO) -> None:
    """Let what is still to be written to a stream go nowhere, so that the interpreter does not stumble over it at its end."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def make_lenient() -> None:
    """Let no character that the terminal's encoding lacks be an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
