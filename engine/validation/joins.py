"""Rules of joins and collects: not on outputs, over an ancestor, and never of branches that cannot be paired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lazy_dataclasses import dataclass
from engine.model.job_map import OUTPUT, Disabled, Join
from engine.validation.fan_outs import conflicts, nearest_fan_outs
from engine.validation.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    for index, task in subject.special:
        if task.type is OUTPUT:
            if task.join is not Join.MERGE or "join" in task.extra:
                message = "an output takes each payload as it comes: it has no join"
                yield subject.problem("join-on-output", message, "tasks", index, "join")
            if task.collect is not None:
                message = "an output takes each payload as it comes: it has no collect"
                hint = "gather in a function task before it"
                yield subject.problem("collect-on-output", message, "tasks", index, "collect", hint=hint)


def _collects(subject: Subject) -> Iterator[Problem]:
    collecting = [(index, task) for index, task in subject.special if task.is_function and task.collect is not None]
    if not collecting:
        return
    ranks = {name: rank for rank, name in enumerate(subject.order)}
    nearest = nearest_fan_outs(subject)
    above, within = _Above(subject.parents, ranks), _Above(_sources(subject, nearest), ranks)
    for index, task in collecting:
        over = None if task.collect is None else task.collect.over
        if over is not None and over not in subject.indexes:
            hint = subject.hints.nearest(over, subject.job_map.by_name)
            yield subject.problem("unknown-task", f"there is no task {quoted(over)}", "tasks", index, "collect", "over", hint=hint)
        elif task.name in ranks:
            yield from _nearest(subject, index, nearest[task.name]) if over is None else _over(subject, index, over, above)
            found = nearest[task.name].tasks if over is None else (over,)
            parents = subject.parents[task.name]
            if len(found) == 1 and above.leads_from(found[0], parents) and not within.leads_from(found[0], parents):
                message = f"the branches of {quoted(found[0])} are gathered further out before they come here"
                steps = ("tasks", index, "collect", *(() if over is None else ("over",)))
                yield subject.problem("collect-too-late", message, *steps, hint=f"collect over {quoted(found[0])} before that")


def _over(subject: Subject, index: int, over: str, above: _Above) -> Iterator[Problem]:
    name = subject.job_map.tasks[index].name
    if not above.leads_from(over, subject.parents[name]):
        message = f"{quoted(over)} does not stand before this task: nothing arrives from it"
        yield subject.problem("collect-not-behind", message, "tasks", index, "collect", "over", hint=_before(subject, name))


def _sources(subject: Subject, nearest: Mapping[str, Nearest]) -> Mapping[str, Sequence[str]]:
    """Return for each task those whose branches it is on: its parents, or what it collects over."""
    sources: dict[str, Sequence[str]] = dict(subject.parents)
    for _, task in subject.functions:
        if task.collect is not None and task.name in nearest and task.disabled is not Disabled.BYPASS:
            over = nearest[task.name].tasks if task.collect.over is None else (task.collect.over,)
            sources[task.name] = over if len(over) == 1 else subject.parents[task.name]
    return sources


@dataclass(frozen=True, slots=True)
class _Above:
    """Tells whether one task stands before others, by the given way up."""

    up: Mapping[str, Sequence[str]]
    ranks: Mapping[str, int]

    def leads_from(self, above: str, starts: Sequence[str]) -> bool:
        """Return whether the way up from the starts leads to the task; a start counts as reached."""
        lowest = self.ranks.get(above)
        seen, todo = set(starts), list(starts)
        while todo and lowest is not None:
            name = todo.pop()
            if name == above:
                return True
            new = [each for each in self.up[name] if each not in seen and self.ranks.get(each, -1) >= lowest]
            seen.update(new)
            todo.extend(new)
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
