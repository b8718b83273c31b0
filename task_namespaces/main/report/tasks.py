"""Reports for people."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from engine.tasks import context, require, require_list

from . import library

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.tasks import Closure, Payload, TaskBody


def make_task_dict() -> dict[str, Closure]:
    """Return, by method, the closure that makes its body."""
    return {
        "write_html": write_html,
    }


def get_task(task_name: str, init_args: Mapping[str, Any]) -> TaskBody:
    """Return the body of a method, closed over its arguments."""
    return make_task_dict()[task_name](init_args)


def write_html(init_args: Mapping[str, Any]) -> TaskBody:
    """Write all findings into one self-contained HTML file of the run's output, named under ``report``."""
    save_as = init_args.get("save_as", "report.html")
    title = init_args["title"]
    introduction = init_args.get("introduction", "")
    notes = init_args.get("notes", "")

    async def run_task(payload: Payload) -> Payload:
        run = context()
        seasons = require_list(payload, "seasons", dict)
        findings = library.Findings(
            title=title,
            introduction=introduction,
            notes=notes,
            source=require(payload, "source", dict),
            overall={name: require(payload, name, dict) for name in library.STATISTICS},
            seasons=seasons,
            made_by=run.job_name,
        )
        files = [require(season, "picture", str) for season in seasons]
        path = await asyncio.to_thread(run.new_output_path, save_as)
        pictures = await asyncio.to_thread(lambda: [run.output_path(file) for file in files])
        await asyncio.to_thread(library.write_report, findings, pictures, path)
        return {"report": save_as}

    return run_task
