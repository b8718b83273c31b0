"""Runs of a part of a job: those that start at given tasks with given payloads, and those that end after given tasks.

A run that starts at tasks calls each of them once for each of its payloads: one payload on the trunk, several on a branch each, which
that task opens. The datasource is not read, and what does not stand behind a started task is not part of the run. A run that ends after
tasks calls what leads to one of them and nothing else, and gives back what they give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.execution.outcome import InvalidResultError, check_payload
from engine.execution.refusal import refusal
from engine.lazy_dataclasses import dataclass
from engine.model.graph import reachable
from engine.model.job_map import Disabled, Join
from engine.problems import Problem, pointer_to, suggestion
from engine.validation.wording import listed, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from collections.abc import Set as AbstractSet

    from engine.execution.plan import Plan
    from engine.model.job_map import JobMap
    from engine.tasks import Payload


@dataclass(frozen=True, slots=True)
class Part:
    """What a run does of a job.

    Attributes:
        inside: numbers of the tasks that are part of the run.
        starts: the payloads that each started task gets, by number; None where the run starts at the input.
        ends: numbers of the tasks that the run ends after; none where it goes on to the outputs.
    """

    inside: frozenset[int]
    starts: dict[int, tuple[Payload, ...]] | None
    ends: frozenset[int]


def part_of(job_map: JobMap, plan: Plan, start_at: Mapping[str, Sequence[Payload]], end_after: Collection[str]) -> Part:
    """Return the part of the job that a run is asked for.

    Raises:
        JobMapError: there is no such part; every reason is in it.
    """
    problems = [*_unknown(job_map, "start_at", start_at), *_unknown(job_map, "end_after", end_after)]
    if not problems:
        problems = [*_cannot_start(job_map, plan, start_at)]
    inside = _inside(job_map, start_at, end_after)
    if not problems:
        problems = [*_left_out(job_map, plan, inside, start_at), *_never_reached(job_map, inside, end_after)]
    if problems:
        raise refusal(problems, job_map)
    numbers = plan.numbers
    starts = {numbers[name]: tuple(payloads) for name, payloads in start_at.items() if name in inside} if start_at else None
    return Part(frozenset(numbers[name] for name in inside), starts, frozenset(numbers[name] for name in end_after))


def _inside(job_map: JobMap, start_at: Collection[str], end_after: Collection[str]) -> set[str]:
    inside = reachable(job_map.children, start_at) if start_at else set(job_map.by_name)
    return inside & reachable(job_map.parents, end_after) if end_after else inside


def _unknown(job_map: JobMap, option: str, names: Collection[str]) -> Iterator[Problem]:
    if isinstance(names, str):
        yield Problem("wrong-type", f"{option} takes several names, not one text: write [{quoted(names)}]")
        return
    for name in names:
        if name not in job_map.by_name:
            hint = suggestion(name, job_map.by_name)
            yield Problem("unknown-task", f"{option}: there is no task {quoted(name)}", hint=hint)


def _cannot_start(job_map: JobMap, plan: Plan, start_at: Mapping[str, Any]) -> Iterator[Problem]:
    for name, payloads in start_at.items():
        if not job_map.by_name[name].is_function or plan.numbers[name] in plan.off:
            what = "is switched off" if plan.numbers[name] in plan.off else f"is an {job_map.by_name[name].type.value}"
            yield _at(job_map, "cannot-start", name, f"start_at: {quoted(name)} {what}: a run starts at function tasks")
        above = (reachable(job_map.parents, [name]) - {name}) & start_at.keys()
        if above:
            message = f"start_at: {quoted(name)} also stands behind {listed(sorted(above))}: it would get payloads from both"
            yield _at(job_map, "cannot-start", name, message)
        yield from _wrong_payloads(job_map, name, payloads)


def _wrong_payloads(job_map: JobMap, name: str, payloads: Any) -> Iterator[Problem]:
    if isinstance(payloads, str | Mapping) or not isinstance(payloads, Sequence):
        yield _at(job_map, "wrong-payload", name, f"start_at: {quoted(name)} takes a list of payloads, got {type(payloads).__name__}")
        return
    for index, payload in enumerate(payloads):
        try:
            check_payload(payload, f"start_at[{quoted(name)}][{index}]")
        except InvalidResultError as flaw:
            yield _at(job_map, "wrong-payload", name, str(flaw))


def _left_out(job_map: JobMap, plan: Plan, inside: AbstractSet[str], start_at: Collection[str]) -> Iterator[Problem]:
    """Joins and collects in the part that wait for what is not in it."""
    for number, task in enumerate(job_map.tasks):
        if task.name not in inside or task.name in start_at or number in plan.off or not task.is_function:
            continue
        missing = [name for name in plan.parents[number] if name not in inside]
        if missing and task.join is not Join.ANY:
            message = f"{quoted(task.name)} joins {listed(missing)}, which is no part of the run"
            hint = f"start at {listed(missing)} too, or at {quoted(task.name)} itself"
            yield _at(job_map, "waits-for-ever", task.name, message, hint)
        collect = plan.collects[number]
        if collect is not None and task.disabled is not Disabled.BYPASS and plan.names[collect.over] not in inside:
            over = quoted(plan.names[collect.over])
            message = f"{quoted(task.name)} collects over {over}, which is no part of the run"
            yield _at(job_map, "waits-for-ever", task.name, message, f"start at {over}, or at {quoted(task.name)} itself")


def _never_reached(job_map: JobMap, inside: AbstractSet[str], end_after: Collection[str]) -> Iterator[Problem]:
    for name in end_after:
        if name not in inside:
            yield _at(job_map, "unreached-task", name, f"end_after: {quoted(name)} does not stand behind a task that the run starts at")


def _at(job_map: JobMap, code: str, name: str, message: str, hint: str | None = None) -> Problem:
    index = next(index for index, task in enumerate(job_map.tasks) if task.name == name)
    return Problem(code, message, pointer_to("tasks", index), name, hint=hint)
