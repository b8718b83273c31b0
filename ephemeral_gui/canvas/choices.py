"""What quick add offers: every method of the catalogue, or only those that a dragged wire fits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from engine.model import editing
from engine.model.data_types import ANY
from engine.model.job_map import Task, TaskType
from ephemeral_gui.canvas import wiring
from ephemeral_gui.canvas.new_tasks import end_task, function_task, has_input
from ephemeral_gui.canvas.quick_add import Choice
from ephemeral_gui.canvas.splicing import inserted

if TYPE_CHECKING:
    from engine.catalog import Catalog
    from engine.model.definition import Definition
    from engine.model.job_map import Edge, JobMap, TaskKey


def all_choices(job_map: JobMap, catalog: Catalog) -> list[Choice]:
    """Return everything that can be added: the methods that the map uses most come first, the ends last."""
    uses = Counter((task.namespace, task.method) for task in job_map.tasks)
    definitions = sorted(catalog.definitions.items(), key=lambda each: (-uses[each[0]], each[1].display_title.casefold()))
    ends = [_end_choice(TaskType.OUTPUT)] if has_input(job_map) else [_end_choice(TaskType.INPUT), _end_choice(TaskType.OUTPUT)]
    return [*(_method_choice(definition) for _, definition in definitions), *ends]


def fitting_choices(job_map: JobMap, catalog: Catalog, anchor: TaskKey, *, is_behind: bool) -> list[Choice]:
    """Return what a wire from (or, where not ``is_behind``, into) the anchor fits."""
    return [choice for choice in all_choices(job_map, catalog) if _fits(job_map, catalog, anchor, choice, is_behind=is_behind)]


def inserting_choices(job_map: JobMap, catalog: Catalog, edge: Edge) -> list[Choice]:
    """Return what can be put into a wire."""
    return [choice for choice in all_choices(job_map, catalog) if _fits_into(job_map, catalog, edge, choice)]


def task_of(job_map: JobMap, choice: Choice) -> Task:
    """Return the new task that a choice stands for."""
    if isinstance(choice.made, Task):
        return choice.made
    return end_task(job_map, choice.made) if isinstance(choice.made, TaskType) else function_task(job_map, choice.made)


def _fits(job_map: JobMap, catalog: Catalog, anchor: TaskKey, choice: Choice, *, is_behind: bool) -> bool:
    task = task_of(job_map, choice)
    grown = editing.add_tasks(job_map, [task])
    ends = (anchor, task.key) if is_behind else (task.key, anchor)
    return wiring.refusal(grown, *ends, catalog) is None


def _fits_into(job_map: JobMap, catalog: Catalog, edge: Edge, choice: Choice) -> bool:
    task = task_of(job_map, choice)
    return task.is_function and inserted(editing.add_tasks(job_map, [task]), task.key, edge, catalog) is not None


def _method_choice(definition: Definition) -> Choice:
    types = " ".join((*definition.consumes, *definition.produces))
    return Choice(
        made=definition,
        title=definition.display_title,
        place=definition.namespace,
        type_name=definition.produces[0] if definition.produces else ANY,
        words=f"{definition.name} {definition.description} {types}",
    )


def _end_choice(kind: TaskType) -> Choice:
    words = {TaskType.INPUT: "where payloads come from", TaskType.OUTPUT: "what the job gives"}
    return Choice(made=kind, title=kind.value.capitalize(), place=words[kind], type_name=ANY)
