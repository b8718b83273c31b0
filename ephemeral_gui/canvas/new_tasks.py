"""New tasks for a job map: from a definition, or an input or output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.model import editing
from engine.model.job_map import Collect, Task, TaskType
from ephemeral_gui.widgets.ends import end_of

if TYPE_CHECKING:
    from engine.catalog import Catalog
    from engine.model.definition import Definition, MethodName
    from engine.model.job_map import JobMap

_NAMES: Final = {TaskType.INPUT: "in", TaskType.OUTPUT: "out"}
_GATHERED: Final = {"items", "count"}
"""The keys of what a collect hands to its task."""


def new_task(job_map: JobMap, method: MethodName, catalog: Catalog) -> Task | None:
    """Return a task of the method, or the input or output that its name stands for; None where there is no such method."""
    kind, definition = end_of(method), catalog.definition(*method)
    if kind is not None:
        return end_task(job_map, kind)
    return None if definition is None else function_task(job_map, definition)


def function_task(job_map: JobMap, definition: Definition) -> Task:
    """Return a task of the method: a name of its own, the default arguments, the first types that the definition offers.

    It collects where the definition's example is a gathered payload: such a method has nothing to do with single ones.
    """
    return Task(
        name=editing.unique_name(job_map, definition.display_title),
        type=TaskType.FUNCTION,
        namespace=definition.namespace,
        method=definition.name,
        consumes=definition.consumes[0] if definition.consumes else "",
        produces=definition.produces[0] if definition.produces else "",
        init_args={argument.name: argument.default for argument in definition.init_args if argument.has_default},
        collect=Collect() if _gathers(definition) else None,
    )


def end_task(job_map: JobMap, kind: TaskType) -> Task:
    """Return an input or an output with a name of its own."""
    return Task(editing.unique_name(job_map, _NAMES[kind]), kind)


def has_input(job_map: JobMap) -> bool:
    """Return whether the job map has its one input already."""
    return any(task.type is TaskType.INPUT for task in job_map.tasks)


def _gathers(definition: Definition) -> bool:
    payload = definition.example.get("payload") if isinstance(definition.example, dict) else None
    return isinstance(payload, dict) and payload.keys() == _GATHERED
