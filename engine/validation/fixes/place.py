"""The part of a job map that a problem speaks of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from engine.model.definition import Argument, Definition
    from engine.model.job_map import Edge, JobMap, Task
    from engine.problems import Problem
    from engine.validation.subject import Definitions


@dataclass(frozen=True)
class Place:
    """A problem in the job map that it was found in."""

    problem: Problem
    job_map: JobMap
    catalog: Definitions

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The steps of the problem's pointer."""
        return tuple(step.replace("~1", "/").replace("~0", "~") for step in self.problem.pointer.split("/")[1:])

    @cached_property
    def _index(self) -> int:
        return int(self.steps[1]) if len(self.steps) > 1 and self.steps[1].isdecimal() else -1

    @property
    def task(self) -> Task | None:
        """The task that the pointer leads to or through."""
        tasks = self.job_map.tasks
        return tasks[self._index] if self.steps[:1] == ("tasks",) and 0 <= self._index < len(tasks) else None

    @property
    def edge_index(self) -> int | None:
        """Where in ``workflow`` the edge is that the pointer leads to or into."""
        is_there = self.steps[:1] == ("workflow",) and 0 <= self._index < len(self.job_map.workflow)
        return self._index if is_there else None

    @property
    def edge(self) -> Edge | None:
        """The edge that the pointer leads to or into."""
        return None if self.edge_index is None else self.job_map.workflow[self.edge_index]

    def definition_of(self, task: Task) -> Definition | None:
        """Return the definition of a task's method, None where it is not installed."""
        return self.catalog.definition(task.namespace, task.method) if task.namespace and task.method else None

    @property
    def argument(self) -> Argument | None:
        """The definition of the argument that the pointer leads to or into."""
        if self.task is None or self.steps[2:3] != ("init_args",) or len(self.steps) < 4:
            return None
        definition = self.definition_of(self.task)
        return definition.arguments.get(self.steps[3]) if definition is not None else None
