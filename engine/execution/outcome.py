"""What a task body may return, and the exact words for what it may not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any


class InvalidResultError(Exception):
    """A body returned what no task may return; the text says where and what came."""


def check_payload(value: Any, place: str) -> None:
    """See to it that the value is a dict whose keys are text.

    Raises:
        InvalidResultError: it is not; ``place`` says where it was found.
    """
    if not isinstance(value, dict):
        raise InvalidResultError(f"{place}: expected a dict, got {_type_text(value)}")
    for key in value:
        if not isinstance(key, str):
            raise InvalidResultError(f"{place}: expected text as keys, got the key {_short(key)} ({_type_text(key)})")


def check_list(values: list[Any], start: int = 0, stop: int | None = None) -> None:
    """See to it that the items of a list, or a part of them, are payloads.

    Raises:
        InvalidResultError: one is not; the text names its place, such as ``result[7]``.
    """
    for index, value in enumerate(values[start:stop] if start or stop is not None else values, start):
        if type(value) is not dict:
            check_payload(value, f"result[{index}]")
        try:
            "".join(value)  # the fastest way to see that all keys are text
        except TypeError:
            check_payload(value, f"result[{index}]")


def is_generator(value: Any) -> bool:
    """Return whether the branches are to be asked for one by one."""
    return isinstance(value, (Iterator, AsyncIterator))


def refuse(value: Any) -> InvalidResultError:
    """Return the error for a value that is neither a payload, nor a list, nor a generator."""
    return InvalidResultError(f"result: expected a dict, got {_type_text(value)}")


def _type_text(value: Any) -> str:
    return "None" if value is None else type(value).__name__


def _short(key: Any) -> str:
    try:
        text = repr(key)
    except Exception:  # noqa: BLE001  a foreign class may raise anything here
        return "(no text)"
    return text if len(text) <= 40 else text[:37] + "..."
