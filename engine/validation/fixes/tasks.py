"""Fixes of what a task or the datasource says of itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from engine.model import editing
from engine.model.data_types import accepts
from engine.model.job_map import Join
from engine.problems import suggested
from engine.validation.data_flow import holds
from engine.validation.wording import cut, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import JobMap, Task
    from engine.validation.fixes.place import Place

_Found: TypeAlias = "tuple[str, JobMap] | None"


def mend_method(place: Place) -> _Found:
    """Write the name of the method or namespace that was meant."""
    meant = suggested(place.problem)
    if place.task is None or meant is None:
        return None
    return f"Rename to {cut(meant)}", editing.replace_task(place.job_map, place.task.key, **{place.steps[-1]: meant})


def choose_type(place: Place) -> _Found:
    """Take the offered type that most of the task's wires hold with, what was meant before others."""
    task, field = place.task, place.steps[-1] if place.steps else ""
    definition = place.definition_of(task) if task is not None else None
    if task is None or definition is None or field not in ("consumes", "produces"):
        return None
    offered = definition.consumes if field == "consumes" else definition.produces
    meant = suggested(place.problem)
    ranked = sorted(offered, key=lambda each: (-_wires_that_hold(place.job_map, task, field, each), each != meant))
    if not ranked:
        return None
    word = "Take" if field == "consumes" else "Give"
    return f"{word} {cut(ranked[0])}", editing.replace_task(place.job_map, task.key, **{field: ranked[0]})


def rename(place: Place) -> _Found:
    """Give the task a name that no other has; edges stay with the first of that name."""
    task = place.task
    if task is None:
        return None
    name = editing.unique_name(place.job_map, task.name or task.method or str(task.type))
    return f"Rename to {quoted(name)}", editing.rename_task(place.job_map, task.key, name)


def drop_id(place: Place) -> _Found:
    """Take the id away; the name stands for it."""
    return None if place.task is None else ("Remove this id", editing.replace_task(place.job_map, place.task.key, id=None))


def drop_join(place: Place) -> _Found:
    """Take the join away from an output."""
    return None if place.task is None else ("Remove the join", editing.replace_task(place.job_map, place.task.key, join=Join.MERGE))


def drop_collect(place: Place) -> _Found:
    """Take the collect away from an output."""
    return None if place.task is None else ("Remove the collect", editing.replace_task(place.job_map, place.task.key, collect=None))


def mend_datasource(place: Place) -> _Found:
    """Write the kind, the key or the format of the datasource that was meant."""
    meant = suggested(place.problem)
    if place.steps[:1] != ("datasource",) or len(place.steps) != 2 or meant is None:
        return None
    now, key = place.job_map.datasource, place.steps[1]
    if place.problem.code == "unknown-datasource":
        mended = replace(now, source=meant)
    elif place.problem.code == "unknown-format":
        mended = replace(now, options={**now.options, key: meant})
    elif meant in now.options:
        return None
    else:
        mended = replace(now, options={meant if each == key else each: value for each, value in now.options.items()})
    return f"Rename to {cut(meant)}", editing.set_datasource(place.job_map, mended)


def _wires_that_hold(job_map: JobMap, task: Task, field: str, wanted: str) -> int:
    if field == "consumes":
        parents = _neighbours(job_map, job_map.parents.get(task.name, ()))
        return sum(holds(replace(task, consumes=wanted), parent.produces) for parent in parents if parent.produces)
    children = _neighbours(job_map, job_map.children.get(task.name, ()))
    return sum(not child.consumes or accepts(child.consumes, wanted) for child in children)


def _neighbours(job_map: JobMap, names: Sequence[str]) -> list[Task]:
    return [job_map.by_name[name] for name in names if name in job_map.by_name]
