"""Importing task code, and saying clearly what stands in its way."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

from engine.errors import EphemeralError, JobMapError
from engine.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from engine.tasks import TaskBody


def load_body(factory: Callable[[], ModuleType], namespace: str, method: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body that the root task factory gives for a method that the catalogue lists.

    Args:
        factory: imports the root ``task_factory`` of the method's source.
        namespace: namespace of the method, from the catalogue.
        method: the method, from the catalogue.
        init_args: the arguments; the closure gets a dict of its own.

    Raises:
        JobMapError: a module cannot be imported, a dictionary lacks the name, or the closure refused the arguments.
    """
    try:
        body = factory().get_task(namespace.split("."), method, dict(init_args))
    except EphemeralError:
        raise
    except (Exception, SystemExit) as error:
        raise JobMapError([_problem(error, namespace, method)]) from error
    if not callable(body):
        message = f'the closure of "{namespace}.{method}" gave no task body but {type(body).__name__}'
        raise JobMapError([Problem("task-code-broken", message)])
    checked: TaskBody = body
    return checked


def _problem(error: BaseException, namespace: str, method: str) -> Problem:
    text = f"{type(error).__name__}: {_text(error)}"
    if isinstance(error, SyntaxError):
        file, line, column = error.filename, error.lineno, error.offset
    else:
        frame = _last_frame(error)
        file, line, column = (frame.filename, frame.lineno, 1) if frame else (None, None, None)
    message = f'the task code of "{namespace}.{method}" cannot be loaded: {text}'
    return Problem("task-code-broken", message, file=file, line=line, column=column)


def _last_frame(error: BaseException) -> traceback.FrameSummary | None:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith("<")]
    return own[-1] if own else None


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  # the text of an exception is the author's code and may raise anything
        return "its text cannot be made"
