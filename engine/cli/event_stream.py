"""``--events``: every event of a run as one line of JSON."""

from __future__ import annotations

import contextlib
import json
import sys
from dataclasses import asdict
from typing import IO, TYPE_CHECKING

from engine.cli.console import write_whole
from engine.errors import FileWriteError, OutputError
from engine.execution.events import EVENT_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.execution.events import Event


class EventStream:
    """Writes events; a failed write stops the run instead of the process, so that what was reached is kept."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.on_failure: Callable[[], None] = lambda: None
        self._stream = stream
        self._name = name
        self._error: OSError | None = None

    def __call__(self, event: Event) -> None:
        """Write one event."""
        if self._error is None:
            self._guarded(lambda: write_whole(self._stream, event_line(event)))

    def flush(self) -> None:
        """Pass on what was written so far, for those who follow the run."""
        if self._error is None:
            self._guarded(self._stream.flush)

    def raise_failure(self) -> None:
        """Raise what went wrong while writing.

        Raises:
            BrokenPipeError: nobody reads the events any more.
            FileWriteError: writing failed.
        """
        if isinstance(self._error, BrokenPipeError):
            raise self._error
        if self._error is not None:
            raise FileWriteError(self._name, f"writing events failed: {self._error.strerror or self._error}") from self._error

    def _guarded(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:
            self._error = error
            self.on_failure()


def event_line(event: Event) -> bytes:
    """Return an event as a line of JSON: version and type, then its fields; a branch path is a list of pairs."""
    fields = {"version": EVENT_VERSION, "type": event.type, **asdict(event)}
    return f"{json.dumps(fields, ensure_ascii=False)}\n".encode(errors="replace")


@contextlib.contextmanager
def open_event_stream(target: str | None) -> Iterator[EventStream | None]:
    """Give the stream of events for a file or, with ``-``, standard output; None without a target.

    Raises:
        OutputError: the file cannot be created.
    """
    if target is None:
        yield None
    elif target == "-":
        yield EventStream(sys.stdout.buffer, "standard output")
    else:
        try:
            stream = open(target, "wb")  # noqa: SIM115, PTH123  opening and writing fail differently
        except (OSError, ValueError) as error:
            raise OutputError(target, f"cannot be written: {getattr(error, 'strerror', None) or error}") from error
        try:
            yield EventStream(stream, target)
        finally:
            with contextlib.suppress(OSError):  # what could not be written was noticed by the last flush
                stream.close()
