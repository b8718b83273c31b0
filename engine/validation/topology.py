"""Rules of the edges: both ends known, an acyclic graph, everything reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.graph import reachable
from engine.model.job_map import Join, TaskType
from engine.problems import Severity, pointer_to
from engine.validation.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from engine.model.job_map import Edge
    from engine.problems import Problem
    from engine.validation.subject import Subject

_MOST_NAMES_IN_A_SENTENCE = 20


def check_topology(subject: Subject) -> Iterator[Problem]:
    """Yield the problems of the edges."""
    dangling = list(_unknown_ends(subject))
    yield from dangling
    yield from _edges(subject)
    circles = _circles(subject)
    for circle in circles:
        yield from _cycle(subject, circle)
    if not dangling:
        yield from _reach(subject, {name for circle in circles for name in circle})
        yield from _dead_ends(subject)


def _circles(subject: Subject) -> list[list[str]]:
    if len(subject.order) == len(subject.children):
        return []
    from engine.validation.cycles import cycles  # noqa: PLC0415  a graph without cycles does without it

    return cycles(subject.children, subject.children.keys() - set(subject.order))


def _unknown_ends(subject: Subject) -> Iterator[Problem]:
    known = subject.job_map.by_name
    if subject.all_edges_are_sound:
        return
    for index, edge in enumerate(subject.job_map.workflow):
        for end, name in enumerate(edge):
            if name not in known:
                hint = subject.hints.nearest(name, known)
                yield subject.edge_problem("unknown-task", f"there is no task {quoted(name)}", index, end, hint=hint)


def _edges(subject: Subject) -> Iterator[Problem]:
    by_name = subject.job_map.by_name
    if subject.all_edges_are_sound:
        return
    firsts: dict[Edge, int] = {}
    for index, edge in enumerate(subject.job_map.workflow):
        first = firsts.setdefault(edge, index)
        if first != index:
            message = f"the same edge is at {pointer_to('workflow', first)}"
            yield subject.edge_problem("double-edge", message, index, hint="take one of them away")
        source, target = by_name.get(edge[0]), by_name.get(edge[1])
        if source is not None and source is target:
            yield subject.edge_problem("self-edge", f"an edge from {quoted(edge[0])} to itself", index)
        elif target is not None and target.type is TaskType.INPUT:
            yield subject.edge_problem("edge-into-input", f"an edge into the input task {quoted(edge[1])}", index)
        if source is not None and source is not target and source.type is TaskType.OUTPUT:
            yield subject.edge_problem("edge-out-of-output", f"an edge out of the output task {quoted(edge[0])}", index)


def _cycle(subject: Subject, circle: Sequence[str]) -> Iterator[Problem]:
    for turn, name in enumerate(circle):
        way = [*circle[turn:], *circle[:turn]][:_MOST_NAMES_IN_A_SENTENCE]
        more = len(circle) - len(way)
        rest = f" > {more} more" if more else ""
        text = " > ".join(quoted(each) for each in way) + rest + f" > {quoted(name)}"
        message = f"a cycle of {len(circle)} tasks: {text}"
        hint = "a job's graph has no cycle: take one of these edges away"
        yield subject.problem("cycle", message, "tasks", subject.indexes[name], hint=hint)


def _reach(subject: Subject, on_cycles: AbstractSet[str]) -> Iterator[Problem]:
    inputs = [task.name for _, task in subject.inputs]
    if not inputs:
        return
    starts = [name for name, above in subject.parents.items() if not above]
    if len(starts) == len(inputs) and len(subject.order) == len(subject.job_map.tasks):
        return  # without cycles and twins every way up ends at a task without parents: at an input
    reached = reachable(subject.children, inputs)
    for name, index in subject.indexes.items():
        if name not in reached:
            if name not in on_cycles:
                message = "no payload of the input reaches this task: it never runs"
                hint = "wire it to the input or to a task that is"
                yield subject.problem("unreached-task", message, "tasks", index, hint=hint, severity=Severity.WARNING)
        elif subject.job_map.tasks[index].is_function:
            yield from _waits_for_ever(subject, name, reached)


def _waits_for_ever(subject: Subject, name: str, reached: AbstractSet[str]) -> Iterator[Problem]:
    if subject.job_map.by_name[name].join is Join.ANY:
        return
    for parent in subject.parents[name]:
        if parent not in reached:
            message = f"{quoted(name)} waits for {quoted(parent)}, which no payload of the input reaches"
            hint = f"wire {listed([parent])} to the input, or take this edge away"
            yield subject.edge_problem("waits-for-ever", message, subject.edges[parent, name], hint=hint)


def _dead_ends(subject: Subject) -> Iterator[Problem]:
    ends = {name for name, below in subject.children.items() if not below and subject.parents[name]}
    if ends <= {task.name for _, task in subject.outputs}:
        return
    for index, task in subject.functions:
        if task.name in ends:
            message = "nothing follows from this task: its results reach no output"
            yield subject.problem("dead-end", message, "tasks", index, severity=Severity.WARNING)
