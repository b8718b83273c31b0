"""Tasks that bring the paths of a job together. The engine joins and collects; these say what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.tasks import require_list

from .library import only_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "join": join,
        "collect": collect,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def join(init_args: Mapping[str, Any]) -> TaskBody:  # noqa: ARG001  every closure takes its arguments
    """Pass on what the engine merged of the payloads of all parents."""

    async def run_task(payload: Payload) -> Payload:
        return payload

    return run_task


def collect(init_args: Mapping[str, Any]) -> TaskBody:
    """Put the collected payloads into a list under a key of their own, cut down to the keys of interest."""
    final_key = init_args["final_key"]
    keep = init_args.get("keep", [])

    async def run_task(payload: Payload) -> Payload:
        items = require_list(payload, "items", dict)
        return {final_key: only_keys(items, keep) if keep else items}

    return run_task
