"""Input and output beside the methods: they are none, but a hand takes them from the same place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.model.data_types import ANY
from engine.model.definition import Definition
from engine.model.job_map import TaskType

if TYPE_CHECKING:
    from engine.model.definition import MethodName

END_NAMESPACE: Final = "input and output"
"""Stands where a method has its namespace; no namespace has spaces in its name."""

ENDS: Final = (
    Definition(END_NAMESPACE, TaskType.INPUT.value, "Where payloads come from. A job has one.", (), (ANY,), title="Input"),
    Definition(END_NAMESPACE, TaskType.OUTPUT.value, "What arrives here is a result of the job.", (ANY,), (), title="Output"),
)


def end_of(method: MethodName) -> TaskType | None:
    """Return the kind of end that the name of a method stands for, None where it is a method's."""
    return next((TaskType(end.name) for end in ENDS if (end.namespace, end.name) == method), None)
