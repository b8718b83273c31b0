"""Log records that know their run, task and branch, and keep secrets to themselves: task code just uses ``logging``."""

from __future__ import annotations

import contextlib
import itertools
import logging
from typing import TYPE_CHECKING, Any

from engine.overriding import override
from engine.tasks import current_context

if TYPE_CHECKING:
    from collections.abc import Generator

    from engine.execution.secrets import Secrets

TASK_LOGGER = "ephemeral.task"
FAILURES = "engine.failures"
"""The logger that gets each failed attempt with its whole traceback, on level DEBUG: that may be tens of megabytes."""

logging.getLogger("ephemeral").addHandler(logging.NullHandler())
logging.getLogger("engine").addHandler(logging.NullHandler())

_installed = False
_numbers = itertools.count()
_secrets: dict[int, Secrets] = {}
"""Of the jobs that are being built or run: whatever is logged meanwhile, by whom and in which thread, does not show them."""


@contextlib.contextmanager
def kept_out(secrets: Secrets) -> Generator[None]:
    """Keep secrets out of all records that are made in the block."""
    if not secrets:
        yield
        return
    number = next(_numbers)
    _secrets[number] = secrets
    try:
        yield
    finally:
        del _secrets[number]


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
        for secrets in tuple(_secrets.values()):
            _redact(record, secrets)
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
        for secrets in tuple(_secrets.values()):  # only now it has what was given as extra
            vars(self).update(secrets.redact_value(vars(self)))
        return super().getMessage()


def _placed(kind: type[logging.LogRecord]) -> type[PlacedRecord]:
    """Return the class for records of another factory, which keep what they can."""
    return type(kind.__name__, (PlacedRecord, kind), {})


def _redact(record: logging.LogRecord, secrets: Secrets) -> None:
    """Make secrets unreadable in the message and in the traceback of a record."""
    try:
        message = logging.LogRecord.getMessage(record)
    except Exception:  # noqa: BLE001  what does not fit its arguments: logging says so, and shows them
        message = f"{record.msg} {record.args}"
    if secrets.redact(message) != message:
        record.msg, record.args = secrets.redact(message), None
    if record.exc_info:
        text = logging.Formatter().formatException(record.exc_info)
        if secrets.redact(text) != text:
            record.exc_info, record.exc_text = None, secrets.redact(text)


def handle_from_elsewhere(values: dict[str, Any]) -> None:
    """Handle a record that a body made in another process as if it had been made here."""
    for secrets in tuple(_secrets.values()):
        values = secrets.redact_value(values)
    record = logging.makeLogRecord(values)
    logger = logging.getLogger(record.name)
    if logger.isEnabledFor(record.levelno):
        logger.handle(record)
