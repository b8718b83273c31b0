"""What a task body may return, and the exact words for what it may not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

CHECKED_AT_ONCE: Final = 5_000
"""Items of a list that are looked at in one go."""


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


async def flaw_of(result: Any) -> InvalidResultError | None:
    """Return what is wrong with a result, None where it is one that a task may return.

    A long list is looked at in parts, so that the event loop does not stand meanwhile.
    """
    try:
        if isinstance(result, dict):
            check_payload(result, "result")
        elif isinstance(result, list):
            for start in range(0, len(result), CHECKED_AT_ONCE):
                if start:
                    await asyncio.sleep(0)
                _check_items(result[start : start + CHECKED_AT_ONCE], start)
        elif not is_generator(result):
            return InvalidResultError(f"result: expected a dict, got {_type_text(result)}")
    except InvalidResultError as flaw:
        return flaw
    return None


def _check_items(values: list[Any], start: int) -> None:
    for index, value in enumerate(values, start):
        if type(value) is not dict:
            check_payload(value, f"result[{index}]")
            continue
        try:
            "".join(value)  # the fastest way to see that all keys are text
        except TypeError:
            check_payload(value, f"result[{index}]")


def is_generator(value: Any) -> bool:
    """Return whether the branches are to be asked for one by one."""
    return isinstance(value, (Iterator, AsyncIterator))


def _type_text(value: Any) -> str:
    return "None" if value is None else type(value).__name__


def _short(key: Any) -> str:
    try:
        text = repr(key)
    except Exception:  # noqa: BLE001  a foreign class may raise anything here
        return "(no text)"
    return text if len(text) <= 40 else text[:37] + "..."
