"""What the families of rules look at: the job map, the catalogue, and facts of both that are worked out once."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from engine.lazy_dataclasses import dataclass
from engine.model.graph import topological_order
from engine.model.job_map import FUNCTION, INPUT, OUTPUT, Disabled
from engine.problems import Problem, Severity, pointer_to
from engine.validation.wording import Hints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.model.definition import Definition
    from engine.model.job_map import Edge, JobMap, Task


class Definitions(Protocol):
    """What validation asks of the catalogue: text of a job map is looked up here and nowhere else."""

    def definition(self, namespace: str, method: str, /) -> Definition | None:
        """Return the definition of a method, None where it is not installed."""

    def namespaces(self) -> Sequence[str]:
        """Return the names of the namespaces that hold methods."""

    def methods(self, namespace: str, /) -> Sequence[str]:
        """Return the names of the methods of a namespace."""


@dataclass(frozen=True)
class Subject:
    """One job map under validation."""

    job_map: JobMap
    catalog: Definitions
    hints: Hints = field(default_factory=Hints)

    @cached_property
    def indexes(self) -> Mapping[str, int]:
        """Position in ``tasks`` of each name, of several tasks of one name the first."""
        found: dict[str, int] = {}
        for index, task in enumerate(self.job_map.tasks):
            found.setdefault(task.name, index)
        return found

    @cached_property
    def definitions(self) -> Sequence[Definition | None]:
        """The definition of each task by position; None for tasks without a method and for methods that are not installed."""
        methods = [(task.namespace, task.method) for task in self.job_map.tasks]
        found = {method: self.catalog.definition(*method) if all(method) else None for method in dict.fromkeys(methods)}
        return [found[method] for method in methods]

    @cached_property
    def functions(self) -> Sequence[tuple[int, Task]]:
        """Position and task of each function task."""
        return [(index, task) for index, task in enumerate(self.job_map.tasks) if task.type is FUNCTION]

    @cached_property
    def edges(self) -> Mapping[Edge, int]:
        """Position in ``workflow`` of each edge that payloads can flow along, doubles once."""
        by_name = self.job_map.by_name
        sound: dict[Edge, int] = {}
        for index, edge in enumerate(self.job_map.workflow):
            source, target = by_name.get(edge[0]), by_name.get(edge[1])
            if source is None or target is None or source is target or edge in sound:
                continue
            if source.type is not OUTPUT and target.type is not INPUT:
                sound[edge] = index
        return sound

    @property
    def children(self) -> Mapping[str, Sequence[str]]:
        """For each task name where payloads flow to, in the order of ``workflow``."""
        return self._neighbours[0]

    @property
    def parents(self) -> Mapping[str, Sequence[str]]:
        """For each task name where payloads come from, in the order of ``workflow``."""
        return self._neighbours[1]

    @cached_property
    def _neighbours(self) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
        children: dict[str, list[str]] = {name: [] for name in self.indexes}
        parents: dict[str, list[str]] = {name: [] for name in self.indexes}
        for source, target in self.edges:
            children[source].append(target)
            parents[target].append(source)
        return children, parents

    @cached_property
    def order(self) -> Sequence[str]:
        """Task names, each behind its parents; without those on or behind a cycle."""
        return topological_order(self.children)

    def definition_of(self, name: str) -> Definition | None:
        """Return the definition of the task of that name."""
        return self.definitions[self.indexes[name]]

    def fans_out(self, name: str) -> bool:
        """Return whether the task's definition says that it returns lists, and the task is not passed by."""
        definition = self.definition_of(name)
        return definition is not None and definition.fans_out and self.job_map.by_name[name].disabled is None

    def is_unknown(self, name: str) -> bool:
        """Return whether nothing is known of what the task's method does."""
        task = self.job_map.by_name[name]
        return task.is_function and self.definition_of(name) is None and task.disabled is not Disabled.BYPASS

    def problem(self, code: str, message: str, *steps: str | int, hint: str | None = None, severity: Severity = Severity.ERROR) -> Problem:
        """Return a problem at the end of the steps, with the name of the task that they lead through."""
        task = None
        if len(steps) > 1 and steps[0] == "tasks":
            task = self.job_map.tasks[int(steps[1])].name
        return Problem(code, message, pointer_to(*steps), task, severity, hint=hint)

    def edge_problem(self, code: str, message: str, index: int, *steps: int, hint: str | None = None) -> Problem:
        """Return a problem of the edge at a position in ``workflow``, with the name of the task that it enters, if there is one."""
        target = self.job_map.workflow[index][1]
        task = target if target in self.job_map.by_name else None
        return Problem(code, message, pointer_to("workflow", index, *steps), task, hint=hint)


def each_of(subject: Subject) -> Iterator[tuple[int, Task, Definition]]:
    """Yield position, task and definition of each function task whose method is installed."""
    for index, task in subject.functions:
        definition = subject.definitions[index]
        if definition is not None:
            yield index, task, definition
