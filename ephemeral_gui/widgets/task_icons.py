"""Which drawing stands for a task: from its definition alone, by the same rule everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.job_map import TaskType
from ephemeral_gui.widgets.type_groups import type_group

if TYPE_CHECKING:
    from engine.model.definition import Definition
    from engine.model.job_map import Task

_BY_NAMESPACE = {
    "statistics": "sigma",
    "statistic": "sigma",
    "report": "report",
    "reports": "report",
    "plots": "chart",
    "plot": "chart",
    "maps": "globe",
    "files": "page",
    "dask": "cluster",
    "strings": "text",
}
_BY_METHOD_WORD = {"map": "globe", "maps": "globe", "report": "report", "chart": "chart", "open": "page", "read": "page", "load": "page"}
_BY_GROUP = {
    "text": "text",
    "number": "sigma",
    "list": "list",
    "dataset": "dataset",
    "future": "cluster",
    "picture": "picture",
    "map": "tasks",
    "any": "tasks",
}


def task_icon(task: Task, definition: Definition | None) -> str:
    """Return the icon's name for a task of a job map; ``tasks`` (four boxes) where its method is not known."""
    if task.type is TaskType.INPUT:
        return "input"
    if task.type is TaskType.OUTPUT:
        return "output"
    if task.collect is not None:
        return "collect"
    return "tasks" if definition is None else definition_icon(definition)


def definition_icon(definition: Definition) -> str:
    """Return the icon's name for a method: what it does to the flow, else its namespace, its name, what it produces."""
    if definition.fans_out:
        return "split"
    if "join" in definition.name.split("_"):
        return "join"
    for part in reversed(definition.namespace.split(".")):
        if part in _BY_NAMESPACE:
            return _BY_NAMESPACE[part]
    for word in definition.name.split("_"):
        if word in _BY_METHOD_WORD:
            return _BY_METHOD_WORD[word]
    return _BY_GROUP[type_group(definition.produces[0])] if definition.produces else "tasks"
