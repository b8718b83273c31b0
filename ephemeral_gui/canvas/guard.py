"""One guard for every event handler and paint that Qt calls: an exception that leaves such an override can end the process.

PySide6 calls overrides from C++; an exception in the middle of an event or a paint leaves Qt's own state half done, which was seen to
become a segmentation fault. So it ends here: it is logged with its traceback and handed to ``sys.excepthook``, which the application shows.
"""

from __future__ import annotations

import functools
import logging
import sys
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_logger = logging.getLogger(__name__)
_reported: set[str] = set()

Parameters = ParamSpec("Parameters")
Returned = TypeVar("Returned")


def guarded(handler: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Return the handler so that no exception leaves it."""

    @functools.wraps(handler)
    def guard(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            handler(*args, **kwargs)
        except Exception:  # noqa: BLE001  whatever it is, it must not reach C++
            _report(handler.__qualname__)

    return guard


def guarded_paint(paint: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Return the paint method so that no exception leaves it, and the same fault is told once and not sixty times a second."""

    @functools.wraps(paint)
    def guard(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            paint(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  whatever it is, it must not reach C++
            fault = f"{paint.__qualname__}: {error!r}"
            if fault not in _reported:
                _reported.add(fault)
                _report(paint.__qualname__)

    return guard


def guarded_answer(otherwise: Returned) -> Callable[[Callable[Parameters, Returned]], Callable[Parameters, Returned]]:
    """Return a guard for handlers that answer Qt something: where they fail, the answer is ``otherwise``."""

    def decorate(handler: Callable[Parameters, Returned]) -> Callable[Parameters, Returned]:
        @functools.wraps(handler)
        def guard(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Returned:
            try:
                return handler(*args, **kwargs)
            except Exception:  # noqa: BLE001  whatever it is, it must not reach C++
                _report(handler.__qualname__)
                return otherwise

        return guard

    return decorate


def _report(place: str) -> None:
    kind, error, traceback = sys.exc_info()
    if kind is not None and error is not None:
        _logger.error("fault in %s", place, exc_info=error)
        sys.excepthook(kind, error, traceback)
