"""What execution offers so far: a job map that asks for more is refused before it starts, never run as something else."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from engine.model.job_map import Join, RunsOn
from engine.validation.lanes import check_lanes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.model.definition import Definition
    from engine.model.job_map import Task
    from engine.problems import Problem
    from engine.validation.subject import Subject


class Feature(Enum):
    """What a task can ask for beyond a plain call, in words for a person."""

    JOIN_BY_TASK = 'the join "by-task"'
    JOIN_ANY = 'the join "any"'
    GROUP_BY = "collecting in groups"
    WINDOW = "collecting in windows"
    RUNS_THREAD = "running in a thread"
    RUNS_PROCESS = "running in a process"
    RUNS_DASK = "running on dask"


SUPPORTED: frozenset[Feature] = frozenset(Feature)
"""The features that execution offers."""

_JOINS = {Join.BY_TASK: Feature.JOIN_BY_TASK, Join.ANY: Feature.JOIN_ANY}
_RUNS = {
    RunsOn.THREAD: Feature.RUNS_THREAD,
    RunsOn.PROCESS: Feature.RUNS_PROCESS,
    RunsOn.DASK: Feature.RUNS_DASK,
}


def check_support(subject: Subject) -> Iterator[Problem]:
    """Yield a problem for each thing that a function task asks for and execution does not offer."""
    for index, task in subject.functions:
        for feature, steps in _asked_for(task, subject.definitions[index]):
            if feature not in SUPPORTED:
                message = f"{feature.value} is not offered by this version"
                yield subject.problem("not-supported", message, "tasks", index, *steps)
    yield from check_lanes(subject)


def _asked_for(task: Task, definition: Definition | None) -> Iterator[tuple[Feature, tuple[str, ...]]]:
    if task.join in _JOINS:
        yield _JOINS[task.join], ("join",)
    if task.collect is not None and task.collect.group_by is not None:
        yield Feature.GROUP_BY, ("collect", "group_by")
    if task.collect is not None and task.collect.window is not None:
        yield Feature.WINDOW, ("collect", "window")
    if task.policy.runs in _RUNS:
        yield _RUNS[task.policy.runs], ("policy", "runs")
    elif task.policy.runs is None and definition is not None and definition.runs in _RUNS:
        yield _RUNS[definition.runs], ("method",)
