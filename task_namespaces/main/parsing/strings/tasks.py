"""Texts to lists of words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.tasks import require, require_list

from .library import split_words, words_of_length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "split_string": split_string,
        "filter_string_length": filter_string_length,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def split_string(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Split the text under ``input`` into the words under ``strings``."""

    async def run_task(payload: Payload) -> Payload:
        return {"strings": split_words(require(payload, "input", str))}

    return run_task


def filter_string_length(init_args: Mapping[str, Any]) -> TaskBody:
    """Keep those of ``strings`` that are longer, or shorter, than a length."""
    word_length = init_args["word_length"]
    comparison = init_args["comparison"]

    async def run_task(payload: Payload) -> Payload:
        return {"strings": words_of_length(require_list(payload, "strings", str), word_length, comparison)}

    return run_task
