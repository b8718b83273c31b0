"""Rules of types: each task's own among its definition's, and every wire between two that fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.data_types import ANY, accepts
from engine.model.job_map import FUNCTION, Disabled, Join
from engine.validation.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.model.job_map import Task
    from engine.problems import Problem
    from engine.validation.subject import Subject


def check_data_flow(subject: Subject) -> Iterator[Problem]:
    """Yield the problems of types."""
    yield from _offered(subject)
    yield from _wires(subject)


def _offered(subject: Subject) -> Iterator[Problem]:
    for contract, places in subject.contracts.items():
        _, _, consumes, produces = contract
        definition = subject.definition(contract)
        if definition is None:
            continue
        if consumes and consumes not in definition.consumes:
            yield from (_not_offered(subject, index, "consumes", consumes, definition.consumes) for index, _ in places)
        if produces and produces not in definition.produces:
            yield from (_not_offered(subject, index, "produces", produces, definition.produces) for index, _ in places)


def _not_offered(subject: Subject, index: int, key: str, own: str, offered: Sequence[str]) -> Problem:
    task = subject.job_map.tasks[index]
    message = f"{task.namespace}.{task.method} {key} {listed(offered, 'or')}, not {quoted(own)}"
    hint = subject.hints.nearest(own, offered)
    return subject.problem("type-not-offered", message, "tasks", index, key, hint=hint)


def _wires(subject: Subject) -> Iterator[Problem]:
    if _all_hold(subject):
        return
    flowing = _flowing_types(subject)
    by_name = subject.job_map.by_name
    for (source, target), index in subject.edges.items():
        task = by_name[target]
        consumed = task.consumes
        if not consumed or task.type is not FUNCTION or (task.disabled is not None and task.disabled is Disabled.BYPASS):
            continue
        for produced in flowing[source]:
            if (produced != consumed or task.collect is not None or task.join is Join.BY_TASK) and not holds(task, produced):
                message = f"{quoted(source)} produces {produced}, but {_wanted(task)}"
                yield subject.edge_problem("type-mismatch", message, index, hint=_hint(task, produced))


def _all_hold(subject: Subject) -> bool:
    """Return whether every wire holds, as each pair of types that meet on one shows; False also where payloads are built or passed by."""
    if any(is_built(task) or task.disabled is Disabled.BYPASS for _, task in subject.special):
        return False
    by_name = subject.job_map.by_name
    edges = subject.job_map.workflow if subject.all_edges_are_sound else subject.edges
    pairs = {(by_name[source].produces, by_name[target].consumes) for source, target in edges}
    return all(not consumer or not producer or accepts(consumer, producer) for producer, consumer in pairs)


def holds(consumer: Task, produced: str) -> bool:
    """Return whether a wire of the produced type into the function task holds.

    Into a collect and into a join by task the engine builds the payload: a map of lists.
    """
    if is_built(consumer):
        return consumer.consumes in built_types(produced)
    return accepts(consumer.consumes, produced)


def is_built(task: Task) -> bool:
    """Return whether the engine builds the payload of the task from several."""
    return task.collect is not None or task.join is Join.BY_TASK


def built_types(produced: str) -> tuple[str, ...]:
    """Return what a task behind a collect or a join by task may consume."""
    return ("map", ANY, "list", f"list({produced})")


def _wanted(task: Task) -> str:
    if is_built(task):
        what = "gathers" if task.collect is not None else "joins by task"
        return f"{quoted(task.name)}, which {what}, consumes {task.consumes}"
    return f"{quoted(task.name)} consumes {task.consumes}"


def _hint(task: Task, produced: str) -> str | None:
    if is_built(task):
        return f"such a task consumes {', '.join(built_types(produced)[:-1])} or list({produced})"
    return None


def _flowing_types(subject: Subject) -> dict[str, Sequence[str]]:
    """Return what leaves each task: its own type, for a task that is passed by what enters it; nothing where that is not known."""
    flowing: dict[str, Sequence[str]] = {task.name: (task.produces,) if task.produces else () for task in subject.job_map.tasks}
    passed_by = {task.name for _, task in subject.functions if task.disabled is not None and task.disabled is Disabled.BYPASS}
    if passed_by:
        for name in subject.order:
            if name in passed_by:
                flowing[name] = sorted({each for parent in subject.parents[name] for each in flowing[parent]})
    return flowing
