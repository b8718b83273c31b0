"""Pictures. They are drawn on the cluster: drawing holds Python's lock, and so would hold the window if it were done in its process."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.tasks import context, require, require_list

from . import library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "draw_map": draw_map,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def draw_map(init_args: Mapping[str, Any]) -> TaskBody:
    """Replace ``field`` by a map of it: a PNG file of the run's output, named under ``picture``."""
    save_as = init_args.get("save_as", "maps/{season}.png")
    plain = library.MapStyle(label=init_args.get("label", ""), colour_map=init_args.get("colour_map", "inferno"))

    async def run_task(payload: Payload) -> Payload:
        field = require(payload, "field")
        style = replace(
            plain,
            title=library.filled_in(init_args.get("title", ""), payload),
            subtitle=library.filled_in(init_args.get("subtitle", ""), payload),
            value_range=library.both_ends(require_list(payload, "value_range")) if "value_range" in payload else None,
        )
        picture = library.filled_in(save_as, payload)
        path = await asyncio.to_thread(context().new_output_path, picture)
        client = await context().dask_client()
        await asyncio.to_thread(path.write_bytes, await client.submit(library.draw_map, field, style))
        others = {key: value for key, value in payload.items() if key not in ("field", "value_range")}
        return {**others, "picture": picture}

    return run_task
