"""Importing task code, and saying clearly what stands in its way."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import EphemeralError, JobMapError
from engine.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from engine.tasks import TaskBody

LONGEST_TEXT = 2000


def load_body(
    import_factory: Callable[[], ModuleType], code_folder: Path, namespace: str, method: str, init_args: Mapping[str, Any]
) -> TaskBody:
    """Return the body that the root task factory gives for a method that the catalogue lists.

    Args:
        import_factory: imports the root ``task_factory`` of the method's source.
        code_folder: the folder of that source's code; an error is placed at the last line of it that was being run.
        namespace: namespace of the method, from the catalogue.
        method: the method, from the catalogue.
        init_args: the arguments; the closure gets a dict of its own.

    Raises:
        JobMapError: a module cannot be imported, a dictionary lacks the name, or the closure refused the arguments. The one problem
            names the file and line of the code in its message, and leaves the place in the job map to the caller, who knows the task.
    """
    try:
        body = import_factory().get_task(namespace.split("."), method, dict(init_args))
    except EphemeralError:
        raise
    except (Exception, SystemExit) as error:
        raise JobMapError([_problem(error, code_folder, f"{namespace}.{method}")]) from error
    if not callable(body):
        message = f'the closure of "{namespace}.{method}" must return an async def, and returned {type(body).__name__}'
        raise JobMapError([Problem("task-code-broken", message)])
    checked: TaskBody = body
    return checked


def _problem(error: BaseException, code_folder: Path, name: str) -> Problem:
    message = f'the task code of "{name}" cannot be loaded: {_text(error)}, at {_place(error, code_folder)}'
    return Problem("task-code-broken", message, hint=_hint(error, code_folder))


def _place(error: BaseException, code_folder: Path) -> str:
    if isinstance(error, SyntaxError) and error.filename and not error.filename.startswith("<"):
        return f"{error.filename}:{error.lineno}"
    frame = _last_own_frame(error, code_folder)
    return str(code_folder) if frame is None else f"{frame.filename}:{frame.lineno}"


def _last_own_frame(error: BaseException, code_folder: Path) -> traceback.FrameSummary | None:
    frames = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(code_folder)]
    return own[-1] if own else None


def _hint(error: BaseException, code_folder: Path) -> str | None:
    from engine.catalog.stereotype import FACTORY_FILE, TASKS_FILE  # noqa: PLC0415  code that can be loaded does without it

    frame = _last_own_frame(error, code_folder)
    if isinstance(error, KeyError) and frame and frame.name == "get_task" and Path(frame.filename).name in (FACTORY_FILE, TASKS_FILE):
        return f"make_task_dict of this file has no {_text(error)}".replace("KeyError: ", "")
    return None


def _text(error: BaseException) -> str:
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001  # the text of an exception is the author's code and may raise anything
        return type(error).__name__
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
