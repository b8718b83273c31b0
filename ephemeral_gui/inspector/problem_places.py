"""Which problems speak of a part of the job map, and of what within it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import JobMap, TaskKey
    from engine.problems import Problem

Placed = tuple[tuple[str, ...], "Problem"]
"""The steps of the pointer within the part, and the problem."""


def problems_within(problems: Sequence[Problem], *part: str) -> list[Placed]:
    """Return the problems whose pointer leads to the part or into it."""
    found = []
    for problem in problems:
        steps = steps_of(problem.pointer)
        if steps[: len(part)] == part:
            found.append((steps[len(part) :], problem))
    return found


def problems_of_task(problems: Sequence[Problem], job_map: JobMap, key: TaskKey) -> list[Placed]:
    """Return the problems of a task: by pointer, and those that only name it."""
    index = next((number for number, task in enumerate(job_map.tasks) if task.key == key), None)
    if index is None:
        return []
    placed = problems_within(problems, "tasks", str(index))
    name = job_map.tasks[index].name
    elsewhere = [((), problem) for problem in problems if problem.task == name and not problem.pointer.startswith("/tasks/")]
    return [*placed, *elsewhere]


def steps_of(pointer: str) -> tuple[str, ...]:
    """Return the steps of a JSON pointer."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
