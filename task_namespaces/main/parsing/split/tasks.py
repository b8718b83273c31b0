"""One payload to many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.tasks import require_list

from .library import one_for_each

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "split_list": split_list,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def split_list(init_args: Mapping[str, Any]) -> TaskBody:
    """Open a branch for each element of a list; every branch gets the other keys too."""
    list_key = init_args["list_key"]
    key_name = init_args["key_name"]

    async def run_task(payload: Payload) -> list[Payload]:
        require_list(payload, list_key)
        return one_for_each(payload, list_key, key_name)

    return run_task
