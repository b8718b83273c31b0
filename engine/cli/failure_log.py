"""The failures of a run with their whole tracebacks, written to a file of the user's log folder as they come."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Final, TextIO

from engine.cli.log_files import open_log
from engine.execution.log_records import FAILURES
from engine.overriding import override

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST: Final = 500_000_000
"""Characters of the file, after which nothing more is written."""


class FailureLog(logging.Handler):
    """Writes records to a file that is made for the first of them.

    Attributes:
        path: the file; None as long as there is none, and where there is no place for it.
    """

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.path: Path | None = None
        self._stream: TextIO | None = None
        self._room = LONGEST

    @override
    def emit(self, record: logging.LogRecord) -> None:
        if self._room <= 0:
            return
        if self._room == LONGEST:
            self.path, self._stream = open_log("run")
        text = record.getMessage()
        self._room -= len(text)
        if self._stream is not None:
            with contextlib.suppress(OSError):  # a full disk: the run goes on
                self._stream.write(f"{text.rstrip()}\n\n" if self._room > 0 else "What else failed is left out.\n")
                self._stream.flush()  # the process may leave at once

    @override
    def close(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
        self._stream = None
        super().close()


@contextlib.contextmanager
def failures_logged() -> Iterator[FailureLog]:
    """Have failures written to a file; nothing else that listens to logs gets them in that length."""
    log, logger = FailureLog(), logging.getLogger(FAILURES)
    before = logger.level, logger.propagate
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(log)
    try:
        yield log
    finally:
        logger.removeHandler(log)
        logger.level, logger.propagate = before
        log.close()
