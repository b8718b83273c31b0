"""Values on their way to a body that runs elsewhere, and back: pickled, and where that fails, the culprit named by its place.

The one module of the project that loads pickles. It reads only what a process of the same run wrote, over a pipe or a TLS connection
that nobody else can write to; nothing from a file, and nothing that came with a job map.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from engine.execution.describing import RemoteError

if TYPE_CHECKING:
    from collections.abc import Iterator

PROTOCOL = 5


class CannotSendError(RemoteError):
    """A value cannot be sent to where a body runs, or from there; the text names its place."""

    def __init__(self, message: str) -> None:
        super().__init__("cannot-be-sent", message)


def packed(value: Any, name: str, place: str = "a process") -> bytes:
    """Return a value as bytes.

    Args:
        value: a payload or a result.
        name: what the value is, to begin its place with: ``payload``.
        place: where it cannot be sent, in words.

    Raises:
        CannotSendError: something in it cannot be pickled: ``payload["client"]: a Client cannot be sent to a process (TypeError: ...)``.
    """
    try:
        return pickle.dumps(value, PROTOCOL)
    except BaseException as error:  # noqa: BLE001  foreign classes may raise anything
        where, culprit, reason = _culprit(value, name, error)
    raise CannotSendError(f"{where}: {_kind(culprit)} cannot be sent to {place} ({_text(reason)})")


def unpacked(data: bytes | bytearray | memoryview, name: str) -> Any:
    """Return the value that ``packed`` made bytes of.

    Raises:
        CannotSendError: it cannot be made again here, as where its class is only known to the script that was started.
    """
    try:
        return pickle.loads(data)  # noqa: S301  the docstring of the module says from whom
    except BaseException as error:  # noqa: BLE001  foreign classes may raise anything while they are made
        raise CannotSendError(f"{name}: cannot be read again where it was sent ({_text(error)})") from None


def _complaint(value: Any) -> BaseException | None:
    try:
        pickle.dumps(value, PROTOCOL)
    except BaseException as error:  # noqa: BLE001  foreign classes may raise anything
        return error
    return None


def _culprit(value: Any, where: str, error: BaseException) -> tuple[str, Any, BaseException]:
    """Go down plain containers to the innermost value that cannot be pickled."""
    known = {id(value)}
    while True:
        for place, each in _items(value, where):
            complaint = None if id(each) in known else _complaint(each)
            if complaint is not None:
                value, where, error = each, place, complaint
                known.add(id(value))
                break
        else:
            return where, value, error


def _items(value: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((f"{where}[{_key(key)}]", each) for key, each in value.items())
    elif isinstance(value, (list, tuple)):
        yield from ((f"{where}[{index}]", each) for index, each in enumerate(value))


def _key(key: Any) -> str:
    return f'"{key}"' if isinstance(key, str) else type(key).__name__


def _kind(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _text(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it nests too deep"
    try:
        return f"{type(error).__name__}: {error}"[:500]
    except BaseException:  # noqa: BLE001  the text of a foreign exception may raise anything
        return type(error).__name__
