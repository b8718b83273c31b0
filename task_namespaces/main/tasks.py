"""The example that every guide begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.tasks import require, require_list

from .library import greet

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "example": example,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def example(init_args: Mapping[str, Any]) -> TaskBody:
    """Put a greeting before the text, or the list of texts, under ``input``."""
    example_property = init_args["example_property"]

    async def run_task(payload: Payload) -> Payload:
        is_list = isinstance(payload.get("input"), list)
        text = require_list(payload, "input", str) if is_list else require(payload, "input", str)
        return {"input": greet(example_property, text)}

    return run_task
