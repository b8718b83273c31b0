"""The author's interface: what task code may ask of the run that it is part of. The same under every executor.

A closure is made from ``init_args`` and returns an ``async def`` of one payload::

    def example(init_args):
        prefix = init_args["example_property"]

        async def run_task(payload):
            return {**payload, "input": prefix + payload["input"]}

        return run_task

Anything beyond the payload comes from ``context()``. ``require`` and ``require_list`` read a payload and say clearly what is wrong with it.
"""

from __future__ import annotations

import reprlib
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar, overload

if TYPE_CHECKING:
    import logging
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

T = TypeVar("T")

Payload: TypeAlias = "dict[str, Any]"
"""What flows along a wire."""

TaskResult: TypeAlias = "Payload | list[Payload] | Generator[Payload] | AsyncGenerator[Payload]"
"""What a task body may return: one payload, a list that opens branches, or a generator that opens them lazily."""

TaskBody: TypeAlias = "Callable[[Payload], Awaitable[TaskResult]]"
"""What a closure returns."""

Closure: TypeAlias = "Callable[[Mapping[str, Any]], TaskBody]"
"""What ``tasks.py`` of a namespace holds for each method."""

GetTask: TypeAlias = "Callable[..., TaskBody]"
"""``get_task`` of a ``task_factory`` module: route, method and init_args to a task body."""


class TaskContext(Protocol):
    """What one invocation knows of its run."""

    @property
    def run_id(self) -> str:
        """Identity of the run, unique among all runs."""

    @property
    def job_name(self) -> str:
        """Name of the job map."""

    @property
    def task(self) -> str:
        """Name of the task in the job map."""

    @property
    def branch_path(self) -> str:
        """The branch as text, such as ``split[3]/windows[0]``; empty on the trunk."""

    @property
    def attempt(self) -> int:
        """1 for the first try, 2 for the first retry, ..."""

    @property
    def cancelled(self) -> bool:
        """True once the run is being cancelled: a body that cannot be interrupted should return soon."""

    @property
    def output_folder(self) -> Path:
        """The folder that results are written to; made when it is first asked for.

        Raises:
            OutputError: the folder cannot be made.
        """

    @property
    def logger(self) -> logging.Logger:
        """A standard logger whose records carry run, task and branch."""

    def input_path(self, path: str) -> Path:
        """Return a path to read: a relative one starts at the job map's folder (the current folder where the map came from no file)."""

    def output_path(self, relative: str) -> Path:
        """Return a path in the output folder, its parent folders made.

        Raises:
            ValueError: the path is absolute or leads out of the output folder.
            OutputError: a folder cannot be made.
        """

    def new_output_path(self, relative: str) -> Path:
        """Return a path in the output folder, as ``output_path`` does, for a file that this invocation alone writes.

        Raises:
            ValueError: the path is absolute or leads out of the output folder, or another invocation of the run has written it.
            OutputError: a folder cannot be made.
        """

    def report_progress(self, fraction: float, text: str = "") -> None:
        """Say how far this invocation is, from 0 to 1, with a few words for a person."""

    async def resource(self, name: str, opener: Callable[[], AbstractAsyncContextManager[Any]]) -> Any:
        """Return the run's resource of that name, opened by the first who asks and closed when the run ends, however it ends."""

    async def dask_client(self) -> Any:
        """Return the run's asynchronous ``distributed.Client``: to the address given to the run, else to an embedded cluster.

        Raises:
            ExecutorLostError: no scheduler answers at the address given.
        """


class PayloadError(ValueError):
    """A payload does not hold what a task asks of it; the text says which key, what was asked and what came."""


@overload
def require(payload: Mapping[str, Any], key: str) -> Any: ...
@overload
def require(payload: Mapping[str, Any], key: str, kind: type[T]) -> T: ...
def require(payload: Mapping[str, Any], key: str, kind: type[Any] = object) -> Any:
    """Return the value under a key of the payload.

    Raises:
        PayloadError: the key is missing, or its value is not of that kind.
    """
    if key not in payload:
        raise PayloadError(f'the payload lacks "{key}"; it holds {_keys_text(payload)}')
    value = payload[key]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind in (int, float)):
        raise PayloadError(f'"{key}" must be {_kind_text(kind)}, got {_value_text(value)}')
    return value


@overload
def require_list(payload: Mapping[str, Any], key: str) -> list[Any]: ...
@overload
def require_list(payload: Mapping[str, Any], key: str, kind: type[T]) -> list[T]: ...
def require_list(payload: Mapping[str, Any], key: str, kind: type[Any] = object) -> list[Any]:
    """Return the list under a key of the payload.

    Raises:
        PayloadError: the key is missing, its value is no list, or an item of it is not of that kind.
    """
    values: list[Any] = require(payload, key, list)
    for index, value in enumerate(values):
        if not isinstance(value, kind):
            raise PayloadError(f'"{key}[{index}]" must be {_kind_text(kind)}, got {_value_text(value)}')
    return values


_KINDS: dict[type, str] = {str: "text", list: "a list", dict: "a dict", int: "a whole number", float: "a number", bool: "true or false"}


def _kind_text(kind: type) -> str:
    return _KINDS.get(kind, f"of type {kind.__name__}")


def _keys_text(payload: Mapping[str, Any]) -> str:
    return ", ".join(f'"{key}"' for key in payload) or "nothing"


def _value_text(value: object) -> str:
    return "null" if value is None else f"{type(value).__name__}: {reprlib.repr(value)}"


Making: TypeAlias = "tuple[Callable[[Any], TaskContext], Any]"
"""A context in the making: what makes it, and of what. Few bodies ask for theirs, so it is made when one does."""

_context: ContextVar[TaskContext | Making] = ContextVar("ephemeral_task_context")


def context() -> TaskContext:
    """Return the context of the invocation that asks.

    Raises:
        LookupError: asked outside a task body.
    """
    return _made(_context.get())


def current_context() -> TaskContext | None:
    """Return the context of the invocation that asks; None outside a task body."""
    here = _context.get(None)
    return None if here is None else _made(here)


def _made(here: TaskContext | Making) -> TaskContext:
    if type(here) is not tuple:
        return here  # type: ignore[return-value]  # what is no plain tuple is a context
    make, of = here
    return make(of)


def lazy_get_task(module: str, package: str | None) -> GetTask:
    """Return the ``get_task`` of a module that is imported when it is first called.

    A ``task_factory`` names its neighbours this way, so that a route imports what lies on it and nothing beside it.

    Args:
        module: a relative name written in the calling file, such as ``.parsing.task_factory``; never text from a job map.
        package: ``__package__`` of the calling file.
    """

    def get_task(*route: Any) -> TaskBody:
        body: TaskBody = import_module(module, package).get_task(*route)
        return body

    return get_task
