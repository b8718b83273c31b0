"""Log records that know their run, task and branch: task code just uses ``logging``."""

from __future__ import annotations

import logging
from typing import Any

from engine.tasks import _context

TASK_LOGGER = "ephemeral.task"

logging.getLogger("ephemeral").addHandler(logging.NullHandler())
logging.getLogger("engine").addHandler(logging.NullHandler())

_installed = False


def install() -> None:
    """Let every log record carry ``run``, ``task`` and ``branch`` from now on; they are empty outside task bodies."""
    global _installed  # noqa: PLW0603  the record factory is the process's, and so is this
    if _installed:
        return
    _installed = True
    make_record = logging.getLogRecordFactory()

    def with_place(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        place = _context.get(None)
        record.run = place.run_id if place is not None else ""
        record.task = place.task if place is not None else ""
        record.branch = place.branch_path if place is not None else ""
        return record

    logging.setLogRecordFactory(with_place)


def handle_from_elsewhere(values: dict[str, Any]) -> None:
    """Handle a record that a body made in another process as if it had been made here."""
    record = logging.makeLogRecord(values)
    logger = logging.getLogger(record.name)
    if logger.isEnabledFor(record.levelno):
        logger.handle(record)
