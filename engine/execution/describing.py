"""From an exception to a ``Failure``: text that is safe to keep and to show, whatever the exception does."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from engine.execution.failure import Failure
from engine.execution.outcome import InvalidResultError
from engine.overriding import override

if TYPE_CHECKING:
    from engine.execution.branch_path import BranchPath

LONGEST_MESSAGE = 10_000
LONGEST_TRACEBACK = 20_000
DEEPEST_TRACEBACK = 30
LONGEST_IN_LOG = 100_000_000


class BodyTimeoutError(Exception):
    """A body took longer than its policy allows."""

    def __init__(self, seconds: float, *, abandoned: bool = False) -> None:
        rest = "; it does not end when it is cancelled and was left behind: only a process could be killed" if abandoned else ""
        super().__init__(f"not done after {seconds:g} s{rest}")


class RemoteError(Exception):
    """What was raised beside a body that ran elsewhere, in words: the exception itself stays where it was raised.

    ``whole`` is the traceback as it was before it was cut; empty where nothing was.
    """

    def __init__(self, error_type: str, message: str, traceback: str = "", whole: str = "") -> None:
        super().__init__(error_type, message, traceback, whole)
        self.error_type = error_type
        self.message = message
        self.traceback = traceback
        self.whole = whole

    @override
    def __str__(self) -> str:
        return self.message


def describe(error: BaseException, task: str, branch_path: BranchPath, attempt: int) -> Failure:
    """Return the failure of one attempt."""
    return Failure(task, branch_path, attempt, *portrait(error))


def portrait(error: BaseException) -> tuple[str, str, str]:
    """Return the class, the text and the traceback of an exception, each cut at a limit."""
    if isinstance(error, RemoteError):
        return error.error_type, error.message, error.traceback
    return _type_name(error), cut(_text(error), LONGEST_MESSAGE), _traceback(error)


def told(error: BaseException) -> RemoteError:
    """Return an exception in a form that can always be sent: its class, text and traceback in words."""
    error_type, message, shown = portrait(error)
    whole = whole_text(error)
    return RemoteError(error_type, message, shown, "" if whole == shown else whole)


def whole_text(error: BaseException) -> str:
    """Return the traceback of an exception with nothing left out, for the log; empty where there is none."""
    if isinstance(error, RemoteError):
        return error.whole or error.traceback
    return _traceback(error, limit=None, longest=LONGEST_IN_LOG)


def cut(text: str, limit: int) -> str:
    """Return the text, its middle left out where it is longer than the limit."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n... {len(text) - 2 * half} characters left out ...\n{text[-half:]}"


def _type_name(error: BaseException) -> str:
    if isinstance(error, InvalidResultError):
        return "invalid-result"
    if isinstance(error, BodyTimeoutError):
        return "timed-out"
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001  the text of a foreign exception may raise anything
        return "(the exception has no readable text)"


def _traceback(error: BaseException, limit: int | None = -DEEPEST_TRACEBACK, longest: int = LONGEST_TRACEBACK) -> str:
    if isinstance(error, (InvalidResultError, BodyTimeoutError)):
        return ""
    try:
        lines = traceback.format_exception(error, limit=limit)
    except BaseException:  # noqa: BLE001  formatting calls into the foreign exception
        return ""
    return cut("".join(lines), longest)
