"""Log records that know their run, task and branch: task code just uses ``logging``."""

from __future__ import annotations

import logging
from typing import Any

from engine.overriding import override
from engine.tasks import current_context

TASK_LOGGER = "ephemeral.task"
FAILURES = "engine.failures"
"""The logger that gets each failed attempt with its whole traceback, on level DEBUG: that may be tens of megabytes."""

logging.getLogger("ephemeral").addHandler(logging.NullHandler())
logging.getLogger("engine").addHandler(logging.NullHandler())

_installed = False


def install() -> None:
    """Let every log record know its ``run``, ``task`` and ``branch`` from now on; they are empty outside task bodies.

    What a call of ``logging`` gives by one of these names in ``extra`` goes before: task code need not know that we have them.
    """
    global _installed  # noqa: PLW0603  the record factory is the process's, and so is this
    if _installed:
        return
    _installed = True
    make_record = logging.getLogRecordFactory()
    placed: dict[type[logging.LogRecord], type[PlacedRecord]] = {logging.LogRecord: PlacedRecord}

    def with_place(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make_record(*args, **kwargs)
        place = current_context()
        record.__dict__[_PLACE] = ("", "", "") if place is None else (place.run_id, place.task, place.branch_path)
        record.__class__ = placed.get(type(record)) or placed.setdefault(type(record), _placed(type(record)))
        return record

    logging.setLogRecordFactory(with_place)


_PLACE = "_ephemeral_place"
_NAMES = ("run", "task", "branch")


class PlacedRecord(logging.LogRecord):
    """A record that knows its place.

    ``Logger.makeRecord`` refuses ``extra`` with a name that the record has already; so run, task and branch become the record's own only
    when its message is asked for, as everyone does who formats it. Until then the class answers for them.
    """

    run: str
    task: str
    branch: Any

    def __getattr__(self, name: str) -> Any:
        """Return run, task or branch."""
        if name in _NAMES:
            return self.__dict__.get(_PLACE, ("", "", ""))[_NAMES.index(name)]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    @override
    def getMessage(self) -> str:
        for name in _NAMES:
            self.__dict__.setdefault(name, getattr(self, name))
        return super().getMessage()


def _placed(kind: type[logging.LogRecord]) -> type[PlacedRecord]:
    """Return the class for records of another factory, which keep what they can."""
    return type(kind.__name__, (PlacedRecord, kind), {})


def handle_from_elsewhere(values: dict[str, Any]) -> None:
    """Handle a record that a body made in another process as if it had been made here."""
    record = logging.makeLogRecord(values)
    logger = logging.getLogger(record.name)
    if logger.isEnabledFor(record.levelno):
        logger.handle(record)
