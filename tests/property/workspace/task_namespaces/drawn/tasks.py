"""The tasks of drawn jobs, for executors that build them anew elsewhere."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from engine.tasks import context
from tests.property.behaviours import HANGS, Behaviour, plain_function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {"behaves": behaves, "opens": behaves}


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method."""
    return make_task_dict()[task_name](init_args)


def behaves(init_args: Mapping[str, Any]) -> TaskBody:
    """Return a body that does what the behaviour says."""
    behaviour = Behaviour(init_args["kind"], init_args["width"], init_args["flaky"])
    function = plain_function(init_args["name"], behaviour)

    async def body(payload: dict[str, Any]) -> Any:
        result = function(payload, context().attempt)
        if result is HANGS:
            await asyncio.get_running_loop().create_future()
        return result

    return body
