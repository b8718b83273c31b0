"""What the node of a task shows: every word, count and mark of it, as one pure value that is compared before anything is painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from engine.model.data_types import ANY
from engine.model.job_map import Collect, Disabled, TaskType
from ephemeral_gui.canvas.task_status import status_of
from ephemeral_gui.widgets.state_words import short_count
from ephemeral_gui.widgets.task_icons import task_icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.execution.progress import TaskProgress
    from engine.model.definition import Definition
    from engine.model.job_map import JobMap, Task
    from engine.problems import Problem
    from ephemeral_gui.canvas.task_status import Status

TIMES: Final = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Face:
    """Everything that the node of one task shows.

    Attributes:
        consumed: the type name of the input port; None where there is no such port.
        produced: the type name of the output port; None where there is no such port.
        fan_out: the text of the badge at the upper right edge, such as ``4`` times; empty for none.
        has_error: True where one of the problems is an error; ``problems`` are their sentences.
    """

    type: TaskType
    title: str
    method: str
    icon: str
    status: Status
    consumed: str | None
    produced: str | None
    fan_out: str = ""
    has_error: bool = False
    problems: tuple[str, ...] = ()
    is_off: bool = False

    @property
    def is_pill(self) -> bool:
        """True for inputs and outputs, which are drawn small."""
        return self.type is not TaskType.FUNCTION


def face_of(  # noqa: PLR0913  everything that a node shows comes together here
    task: Task,
    job_map: JobMap,
    definition: Definition | None,
    *,
    progress: TaskProgress | None = None,
    is_edited: bool = False,
    problems: Sequence[Problem] = (),
) -> Face:
    """Return the face of a task in a job map."""
    status = status_of(task, progress, is_known=definition is not None, is_edited=is_edited)
    return Face(
        type=task.type,
        title=task.name,
        method=task.method,
        icon=task_icon(task, definition),
        status=status,
        consumed=consumed_type(task, job_map),
        produced=produced_type(task, job_map),
        fan_out=_fan_out(task, definition, status),
        has_error=any(problem.is_error for problem in problems),
        problems=tuple(_sentence(problem) for problem in problems),
        is_off=task.disabled is Disabled.OFF,
    )


def consumed_type(task: Task, job_map: JobMap) -> str | None:
    """Return the type at a task's input port: an output task shows what its parents produce, where they agree."""
    match task.type:
        case TaskType.INPUT:
            return None
        case TaskType.FUNCTION:
            return task.consumes or ANY
        case TaskType.OUTPUT:
            parents = (job_map.by_name.get(name) for name in job_map.parents.get(task.name, ()))
            return _agreed({each.produces for each in parents if each is not None})


def produced_type(task: Task, job_map: JobMap) -> str | None:
    """Return the type at a task's output port: the input task shows what its children consume, where they agree."""
    match task.type:
        case TaskType.OUTPUT:
            return None
        case TaskType.FUNCTION:
            return task.produces or ANY
        case TaskType.INPUT:
            children = (job_map.by_name.get(name) for name in job_map.children.get(task.name, ()))
            return _agreed({each.consumes for each in children if each is not None})


def _agreed(types: set[str]) -> str:
    return (types.pop() or ANY) if len(types) == 1 else ANY


def _fan_out(task: Task, definition: Definition | None, status: Status) -> str:
    if definition is None or not definition.fans_out or isinstance(task.collect, Collect):
        return ""
    return f"{TIMES}{short_count(status.items_out)}" if status.items_out else f"{TIMES}n"


def _sentence(problem: Problem) -> str:
    return f"{problem.message} ({problem.hint})" if problem.hint else problem.message
