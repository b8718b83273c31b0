"""Operations on words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.tasks import require, require_list

from .library import capitalized, concatenated, lengths_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "capitalize_words": capitalize_words,
        "char_count": char_count,
        "combine_words": combine_words,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def capitalize_words(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Capitalize each of ``strings``."""

    async def run_task(payload: Payload) -> Payload:
        return {"strings": capitalized(require_list(payload, "strings", str))}

    return run_task


def char_count(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Count the characters of each of ``strings``, into ``lengths``."""

    async def run_task(payload: Payload) -> Payload:
        return {"lengths": lengths_of(require_list(payload, "strings", str))}

    return run_task


def combine_words(init_args: Mapping[str, Any]) -> TaskBody:
    """Concatenate the texts under several keys into one text under a new key."""
    dict_keys = init_args["dict_keys"]
    final_key = init_args["final_key"]

    async def run_task(payload: Payload) -> Payload:
        return {final_key: concatenated(require(payload, key, str) for key in dict_keys)}

    return run_task
