"""What the families of rules look at: the job map, the catalogue, and facts of both that are worked out once."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from itertools import starmap
from operator import attrgetter, eq
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from engine.lazy_dataclasses import dataclass
from engine.model.graph import topological_order
from engine.model.job_map import FUNCTION, INPUT, NO_TASK_POLICY, OUTPUT, Disabled, Join
from engine.model.json_value import NOTHING
from engine.problems import Problem, Severity, pointer_to
from engine.validation.wording import Hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from engine.model.definition import Definition
    from engine.model.job_map import Edge, JobMap, Task


Contract: TypeAlias = tuple[str, str, str, str]
"""Namespace, method, consumes and produces of a function task."""

_contract_of: Callable[[Task], Contract] = attrgetter("namespace", "method", "consumes", "produces")
_more_of: Callable[[Task], tuple[Any, ...]] = attrgetter("id", "policy", "join", "collect", "disabled", "extra")
_NO_MORE = (None, NO_TASK_POLICY, Join.MERGE, None, None, NOTHING)


class Definitions(Protocol):
    """What validation asks of the catalogue: text of a job map is looked up here and nowhere else."""

    def definition(self, namespace: str, method: str, /) -> Definition | None:
        """Return the definition of a method, None where it is not installed."""

    def namespaces(self) -> Sequence[str]:
        """Return the names of the namespaces that hold methods."""

    def methods(self, namespace: str, /) -> Sequence[str]:
        """Return the names of the methods of a namespace."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with definitions that cannot be used, each with its file."""


@dataclass(frozen=True)
class Subject:
    """One job map under validation."""

    job_map: JobMap
    catalog: Definitions
    hints: Hints = field(default_factory=Hints)

    @cached_property
    def indexes(self) -> Mapping[str, int]:
        """Position in ``tasks`` of each name, of several tasks of one name the first."""
        names = [task.name for task in self.job_map.tasks]
        found = dict(zip(names, range(len(names)), strict=True))
        if len(found) < len(names):
            for index in range(len(names) - 1, -1, -1):
                found[names[index]] = index
        return found

    @cached_property
    def functions(self) -> Sequence[tuple[int, Task]]:
        """Position and task of each function task."""
        return [(index, task) for index, task in enumerate(self.job_map.tasks) if task.type is FUNCTION]

    @cached_property
    def inputs(self) -> Sequence[tuple[int, Task]]:
        """Position and task of each input."""
        return [(index, task) for index, task in enumerate(self.job_map.tasks) if task.type is INPUT]

    @cached_property
    def outputs(self) -> Sequence[tuple[int, Task]]:
        """Position and task of each output."""
        return [(index, task) for index, task in enumerate(self.job_map.tasks) if task.type is OUTPUT]

    @cached_property
    def contracts(self) -> Mapping[Contract, Sequence[tuple[int, Task]]]:
        """Position and task of the function tasks by what they say of method and types, which many of them say alike."""
        found: dict[Contract, list[tuple[int, Task]]] = {}
        for place in self.functions:
            contract = _contract_of(place[1])
            if contract in found:
                found[contract].append(place)
            else:
                found[contract] = [place]
        return found

    def definition(self, contract: Contract) -> Definition | None:
        """Return the definition of the contract's method, None where it is not installed."""
        namespace, method, _, _ = contract
        return self.catalog.definition(namespace, method) if namespace and method else None

    @cached_property
    def special(self) -> Sequence[tuple[int, Task]]:
        """Position and task of each task that says more than its name, type, contract and arguments."""
        return [(index, task) for index, task in enumerate(self.job_map.tasks) if _more_of(task) != _NO_MORE]

    @cached_property
    def edges(self) -> Mapping[Edge, int]:
        """Position in ``workflow`` of each edge that payloads can flow along, doubles once."""
        if self.all_edges_are_sound:
            return {edge: index for index, edge in enumerate(self.job_map.workflow)}
        by_name = self.job_map.by_name
        sound: dict[Edge, int] = {}
        for index, edge in enumerate(self.job_map.workflow):
            source, target = by_name.get(edge[0]), by_name.get(edge[1])
            if source is None or target is None or source is target or edge in sound:
                continue
            if source.type is not OUTPUT and target.type is not INPUT:
                sound[edge] = index
        return sound

    @cached_property
    def all_edges_are_sound(self) -> bool:
        """Whether payloads can flow along each edge, as it is nearly always."""
        workflow = self.job_map.workflow
        if self._as_wired is None or len(set(workflow)) < len(workflow) or any(starmap(eq, workflow)):
            return False
        children, parents = self._as_wired
        return not any(parents[task.name] for _, task in self.inputs) and not any(children[task.name] for _, task in self.outputs)

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
        return self._as_wired if self._as_wired is not None and self.all_edges_are_sound else _wired(self.indexes, self.edges)

    @cached_property
    def _as_wired(self) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]] | None:
        """Children and parents by all edges, sound or not; None where one of them leads from or to nowhere."""
        try:
            return _wired(self.indexes, self.job_map.workflow)
        except KeyError:
            return None

    @cached_property
    def flowing_parents(self) -> Mapping[str, Sequence[str]]:
        """For each task name where payloads come from in a run: without what is switched off, and what cannot do without that."""
        if not any(task.disabled is Disabled.OFF for _, task in self.special):
            return self.parents
        off: set[str] = set()
        for name in self.order:
            task = self.job_map.by_name[name]
            gone = [parent for parent in self.parents[name] if parent in off]
            takes_any = task.type is OUTPUT or task.join is Join.ANY
            if task.disabled is Disabled.OFF or (gone and (not takes_any or len(gone) == len(self.parents[name]))):
                off.add(name)
        return {name: () if name in off else [each for each in found if each not in off] for name, found in self.parents.items()}

    @cached_property
    def order(self) -> Sequence[str]:
        """Task names, each behind its parents; without those on or behind a cycle."""
        return topological_order(self.children, self.parents)

    def definition_of(self, name: str) -> Definition | None:
        """Return the definition of the task of that name."""
        task = self.job_map.by_name[name]
        return self.definition(_contract_of(task)) if task.is_function else None

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


def _wired(names: Iterable[str], edges: Iterable[Edge]) -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    children: dict[str, list[str]] = {name: [] for name in names}
    parents: dict[str, list[str]] = {name: [] for name in names}
    for source, target in edges:
        children[source].append(target)
        parents[target].append(source)
    return children, parents
