"""From typed text to the job map that it means, with every task that is still there keeping its identity and its place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.files import read_job_map
from engine.files.strict_json import read_json_text
from engine.model.matching import matching_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import JobMap
    from engine.problems import Problem


def read_text(text: str, present: JobMap) -> tuple[JobMap | None, Sequence[Problem]]:
    """Return the job map that the text means, made from the present one; None and every problem where it means none."""
    job_map, problems = read_job_map(read_json_text(text))
    if job_map is None or problems:
        return None, problems
    return reconciled(present, job_map), ()


def reconciled(present: JobMap, typed: JobMap) -> JobMap:
    """Return the typed job map with the identities of the present one's tasks, and a position for each that has one now.

    Positions are written by name: a task whose name is being typed keeps its place though the layout still has the old name.
    """
    pairs = matching_tasks(present, typed)
    tasks = list(typed.tasks)
    positions = dict(typed.layout.positions)
    for old, new in pairs.items():
        before, after = present.tasks[old], tasks[new]
        tasks[new] = replace(after, key=before.key)
        if after.name not in positions and before.name in present.layout.positions:
            positions[after.name] = present.layout.positions[before.name]
    names = {task.name for task in tasks}
    nameless = present.layout.positions.keys() - present.by_name.keys()
    kept = {name: at for name, at in positions.items() if name in names or name in nameless}
    return replace(typed, tasks=tuple(tasks), layout=replace(typed.layout, positions=kept))
