"""From any thread's log record to lines on the window, at most 30 times a second."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from typing_extensions import override

from engine.execution.branch_path import branch_text
from ephemeral_gui.widgets.labels import cut

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_LINES: Final = 10_000
MOST_CHARACTERS_OF_A_RECORD: Final = 20_000
INTERVAL_MS: Final = 34
OWN_LOGGERS: Final = ("engine", "ephemeral", "ephemeral_gui", "task_namespaces")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record, ready to be shown."""

    level: int
    text: str


class LogHandler(logging.Handler):
    """Keeps records in a bounded queue; ``wake`` is called, from the logging thread, when the queue stops being empty."""

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(_PlacedFormatter("%(asctime)s  %(levelname)-8s %(message)s", "%H:%M:%S"))
        self._wake = wake
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self._guard = threading.Lock()

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Let through what runs and tasks say, and of other libraries only warnings and worse."""
        is_ours = record.name.partition(".")[0] in OWN_LOGGERS or bool(getattr(record, "task", ""))
        return (is_ours or record.levelno >= logging.WARNING) and bool(super().filter(record))

    @override
    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = LogLine(record.levelno, cut(self.format(record), MOST_CHARACTERS_OF_A_RECORD))
        except Exception:  # noqa: BLE001  a record that cannot be formatted must not end the thread that logs
            self.handleError(record)
            return
        with self._guard:
            was_empty = not self._lines
            self._lines.append(line)
        if was_empty:
            self._wake()

    def take(self) -> list[LogLine]:
        """Return what has come since the last time."""
        with self._guard:
            taken = list(self._lines)
            self._lines.clear()
        return taken


class _PlacedFormatter(logging.Formatter):
    """Says before the words of a task which task and branch they are of."""

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        place = _place_text(record)
        record.message = f"{place}: {record.message}" if place else record.message
        return super().formatMessage(record)


def _place_text(record: logging.LogRecord) -> str:
    """Return ``Draw map season[3]``; a call of ``logging`` may have put anything under these names."""
    task, branch = getattr(record, "task", ""), getattr(record, "branch", ())
    is_path = isinstance(branch, tuple) and all(isinstance(step, tuple) and len(step) == 2 for step in branch)
    return f"{task} {branch_text(branch) if is_path else branch}".strip() if task else ""


class LogFeed(QObject):
    """Hears a logger from its making until ``close``, and hands lines on in the window's thread."""

    arrived = Signal(list)
    """The new ``LogLine`` objects."""
    _woken = Signal()

    def __init__(self, logger: logging.Logger, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._logger = logger
        self._level_before = logger.level
        self._handler = LogHandler(self._woken.emit)  # from another thread a signal is queued to this one
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.flush)
        self._woken.connect(self._wait)
        logger.addHandler(self._handler)
        if logger.getEffectiveLevel() > logging.INFO:
            logger.setLevel(logging.INFO)

    def flush(self) -> None:
        """Hand on what has come, without waiting."""
        lines = self._handler.take()
        if lines:
            self.arrived.emit(lines)

    def close(self) -> None:
        """Hear no more; the logger is left as it was found. May be called again."""
        self._timer.stop()
        if self._handler in self._logger.handlers:
            self._logger.removeHandler(self._handler)
            self._logger.setLevel(self._level_before)
        self._handler.close()

    def _wait(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
