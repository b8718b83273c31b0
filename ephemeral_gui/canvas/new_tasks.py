"""New tasks for a job map: from a definition, or an input or output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.model import editing
from engine.model.job_map import Task, TaskType

if TYPE_CHECKING:
    from engine.model.definition import Definition
    from engine.model.job_map import JobMap

_NAMES: Final = {TaskType.INPUT: "in", TaskType.OUTPUT: "out"}


def function_task(job_map: JobMap, definition: Definition) -> Task:
    """Return a task of the method: a name of its own, the default arguments, the first types that the definition offers."""
    return Task(
        name=editing.unique_name(job_map, definition.display_title),
        type=TaskType.FUNCTION,
        namespace=definition.namespace,
        method=definition.name,
        consumes=definition.consumes[0] if definition.consumes else "",
        produces=definition.produces[0] if definition.produces else "",
        init_args={argument.name: argument.default for argument in definition.init_args if argument.has_default},
    )


def end_task(job_map: JobMap, kind: TaskType) -> Task:
    """Return an input or an output with a name of its own."""
    return Task(editing.unique_name(job_map, _NAMES[kind]), kind)


def has_input(job_map: JobMap) -> bool:
    """Return whether the job map has its one input already."""
    return any(task.type is TaskType.INPUT for task in job_map.tasks)
