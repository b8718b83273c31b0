"""Rules of joins and collects: not on outputs, over an ancestor, and never of branches that cannot be paired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.job_map import Join, TaskType
from engine.validation.fan_outs import conflicts, nearest_fan_outs
from engine.validation.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.problems import Problem
    from engine.validation.fan_outs import Nearest
    from engine.validation.subject import Subject


def check_joins(subject: Subject) -> Iterator[Problem]:
    """Yield the problems of joins and collects."""
    yield from _outputs(subject)
    yield from _collects(subject)
    for conflict in conflicts(subject):
        left, right = conflict.fan_outs
        message = f"{quoted(left)} and {quoted(right)} both open branches before this join: they cannot be paired"
        hint = f"collect the branches of {quoted(left)} or of {quoted(right)} first"
        yield subject.problem("two-fan-outs", message, "tasks", subject.indexes[conflict.task], hint=hint)


def _outputs(subject: Subject) -> Iterator[Problem]:
    for index, task in enumerate(subject.job_map.tasks):
        if task.type is TaskType.OUTPUT:
            if task.join is not Join.MERGE or "join" in task.extra:
                message = "an output takes each payload as it comes: it has no join"
                yield subject.problem("join-on-output", message, "tasks", index, "join")
            if task.collect is not None:
                message = "an output takes each payload as it comes: it has no collect"
                hint = "gather in a function task before it"
                yield subject.problem("collect-on-output", message, "tasks", index, "collect", hint=hint)


def _collects(subject: Subject) -> Iterator[Problem]:
    collecting = [(index, task) for index, task in subject.functions if task.collect is not None]
    if not collecting:
        return
    ranks = {name: rank for rank, name in enumerate(subject.order)}
    nearest = nearest_fan_outs(subject)
    for index, task in collecting:
        if task.collect is not None and task.collect.over is not None:
            yield from _over(subject, index, task.collect.over, ranks)
        elif task.name in nearest:
            yield from _nearest(subject, index, nearest[task.name])


def _over(subject: Subject, index: int, over: str, ranks: Mapping[str, int]) -> Iterator[Problem]:
    steps = ("tasks", index, "collect", "over")
    name = subject.job_map.tasks[index].name
    if over not in subject.indexes:
        hint = subject.hints.nearest(over, subject.job_map.by_name)
        yield subject.problem("unknown-task", f"there is no task {quoted(over)}", *steps, hint=hint)
    elif name in ranks and not _is_above(subject, over, name, ranks):
        message = f"{quoted(over)} does not stand before this task: nothing arrives from it"
        yield subject.problem("collect-not-behind", message, *steps, hint=_before(subject, name))


def _is_above(subject: Subject, above: str, name: str, ranks: Mapping[str, int]) -> bool:
    lowest = ranks.get(above)
    if lowest is None:
        return False
    seen, todo = {name}, [name]
    while todo:
        for parent in subject.parents[todo.pop()]:
            if parent == above:
                return True
            if parent not in seen and ranks[parent] > lowest:
                seen.add(parent)
                todo.append(parent)
    return False


def _before(subject: Subject, name: str) -> str | None:
    nearest = nearest_fan_outs(subject)[name]
    return f"the nearest fan-out before it is {listed(nearest.tasks)}" if nearest.tasks else None


def _nearest(subject: Subject, index: int, nearest: Nearest) -> Iterator[Problem]:
    if len(nearest.tasks) == 1 or not nearest.certain:
        return
    steps = ("tasks", index, "collect")
    if nearest.tasks:
        message = f"{listed(nearest.tasks)} are equally near: say which of them to collect over"
        hint = f'write {{"over": {quoted(nearest.tasks[0])}}}'
        yield subject.problem("collect-needs-over", message, *steps, hint=hint)
    else:
        message = "no task before this one says that it opens branches: say which to collect over"
        hint = 'write {"over": "<name of the task that opens the branches>"}'
        yield subject.problem("collect-needs-over", message, *steps, hint=hint)
