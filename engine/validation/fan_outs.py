"""Where branches open, as far as definitions say.

For each task: the nearest fan-outs above it, and the openings that its payloads went through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from engine.lazy_dataclasses import dataclass
from engine.model.job_map import Disabled, Join, TaskType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from engine.model.job_map import Task
    from engine.validation.subject import Subject


@dataclass(frozen=True, slots=True)
class Nearest:
    """The fan-outs above a task that are nearest to it.

    Attributes:
        distance: number of edges up to them.
        tasks: their names; more than one where they are equally near.
        certain: False where a method above is not installed, so that nothing can be said for sure.
    """

    distance: int = 0
    tasks: tuple[str, ...] = ()
    certain: bool = True


def nearest_fan_outs(subject: Subject) -> Mapping[str, Nearest]:
    """Return for each task that is not on or behind a cycle the nearest fan-outs above it."""
    nearest: dict[str, Nearest] = {}
    for name in subject.order:
        seen = [_seen_through(subject, parent, nearest[parent]) for parent in subject.parents[name]]
        distances = [each.distance for each in seen if each.tasks]
        distance = min(distances, default=0)
        tasks = tuple(dict.fromkeys(task for each in seen if each.distance == distance for task in each.tasks))
        nearest[name] = Nearest(distance, tasks, all(each.certain for each in seen))
    return nearest


def _seen_through(subject: Subject, parent: str, above: Nearest) -> Nearest:
    if subject.fans_out(parent):
        return Nearest(1, (parent,), above.certain)
    return Nearest(above.distance + 1, above.tasks, above.certain and not subject.is_unknown(parent))


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """A chain of openings, its last link: each task has one, so that links are compared by identity."""

    task: str
    above: Opening | None
    depth: int


Openings: TypeAlias = "Opening | None"
"""The openings that a payload went through; None on the trunk."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A join whose parents opened branches that cannot be paired."""

    task: str
    fan_outs: tuple[str, str]


def conflicts(subject: Subject) -> Iterator[Conflict]:
    """Yield the joins where two parents fanned out below the point where their paths part.

    A join of any opens a branch for each of its parents, wherever these have opened some. What definitions do not say (a method that is
    not installed) is left to the run.
    """
    if not _opens_branches(subject):
        return
    flowing = subject.flowing_parents
    entering: dict[str, Openings] = {}
    leaving: dict[str, Openings] = {}
    unsure: set[str] = set()
    for name in subject.order:
        task = subject.job_map.by_name[name]
        parents = subject.parents[name]
        if any(parent in unsure for parent in parents):
            unsure.add(name)
            continue
        chains = [leaving[parent] for parent in parents]
        if task.join is Join.ANY:
            chains = [_lane(name, [leaving[parent] for parent in flowing[name]])]
        longest = max(chains, key=_depth, default=None) if len(chains) != 1 else chains[0]
        odd = next((chain for chain in chains if chain is not longest and not _leads_to(chain, longest)), longest)
        if odd is not longest and odd is not None and longest is not None and task.type is TaskType.FUNCTION:
            yield Conflict(name, _parting(odd, longest))
        if odd is not longest or subject.is_unknown(name):
            unsure.add(name)
            continue
        entering[name] = _gathered(subject, task, longest, entering)
        leaving[name] = _opened(subject, task, entering[name])


def _opens_branches(subject: Subject) -> bool:
    """Return whether anything is said to open branches: else no rank and chain need be looked at."""
    if any(definition is not None and definition.fans_out for definition in map(subject.definition, subject.contracts)):
        return True
    return any(task.join is Join.ANY or task.collect is not None for _, task in subject.special)


def _lane(name: str, chains: Sequence[Openings]) -> Openings:
    """Return the openings behind a join of any: those that all its parents share, and its own."""
    if len(chains) < 2:
        return chains[0] if chains else None
    shared, *others = chains
    for chain in others:
        while shared is not None and not _leads_to(shared, chain):
            shared = shared.above
    return Opening(name, shared, _depth(shared) + 1)


def _gathered(subject: Subject, task: Task, chain: Openings, entering: Mapping[str, Openings]) -> Openings:
    """Return the openings of the payload that a task works on, the collect done: a group or a window is a branch."""
    if task.collect is None or task.disabled is Disabled.BYPASS:
        return chain
    over = task.collect.over
    if over is not None:
        gathered = entering.get(over, chain)
    else:
        while chain is not None and not subject.fans_out(chain.task):
            chain = chain.above
        gathered = None if chain is None else chain.above
    return Opening(task.name, gathered, _depth(gathered) + 1) if task.collect.opens_branches else gathered


def _opened(subject: Subject, task: Task, chain: Openings) -> Openings:
    return Opening(task.name, chain, _depth(chain) + 1) if subject.fans_out(task.name) else chain


def _depth(chain: Openings) -> int:
    return 0 if chain is None else chain.depth


def _leads_to(chain: Openings, longer: Openings) -> bool:
    """Return whether the longer chain goes on from the other one."""
    while longer is not None and longer.depth > _depth(chain):
        longer = longer.above
    return longer is chain


def _parting(one: Opening, other: Opening) -> tuple[str, str]:
    """Return the first fan-outs of two chains behind what they share."""
    pair: list[Sequence[str]] = [_names(one), _names(other)]
    shared = sum(1 for _ in _while_same(*pair))
    return pair[0][shared], pair[1][shared]


def _while_same(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    for left, right in zip(one, other, strict=False):
        if left != right:
            return
        yield left


def _names(chain: Openings) -> list[str]:
    names = []
    while chain is not None:
        names.append(chain.task)
        chain = chain.above
    return names[::-1]
