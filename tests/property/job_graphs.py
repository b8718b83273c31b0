"""Random job maps that validate: nested fan-outs, diamonds, joins, collects, windows, groups, policies.

Hypothesis draws a string of bytes, and every choice takes the next of them: that is twenty times faster than a strategy for each
choice, and shrinks as well, since a byte of zero is the simplest choice.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from math import prod
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from hypothesis import strategies as st

from engine.model.job_map import Collect, Datasource, Disabled, JobMap, Join, Missing, OnError, Task, TaskPolicy, Window
from tests.jobs_in_memory import make_task
from tests.property.behaviours import CALM, GRIM, GRIM_AND_OPENING, OPENING, Behaviour
from tests.property.comparing import START, WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.property.comparing import Part

T = TypeVar("T")

MOST_TASKS: Final = 12
MOST_BRANCHES: Final = 40
BYTES: Final = 30 * MOST_TASKS
SHORT: Final = 0.001
"""Seconds that a body has which never ends."""


class DrawnJob(NamedTuple):
    """A job map, what its tasks do, and the tasks whose definitions say that they fan out."""

    job_map: JobMap
    behaviours: dict[str, Behaviour]
    declared: frozenset[str]


class Choices:
    """Choices made by a string of bytes; the first of several where it is at its end."""

    def __init__(self, drawn: bytes) -> None:
        self._left = iter(drawn)

    def among(self, options: Sequence[T]) -> T:
        return options[next(self._left, 0) % len(options)]

    def once_in(self, times: int) -> bool:
        return next(self._left, 0) % times == times - 1

    def shuffled(self, options: Sequence[T]) -> list[T]:
        left = list(options)
        return [left.pop(next(self._left, 0) % len(left)) for _ in options]


@dataclass
class Sketch:
    """A job map that is being drawn.

    Attributes:
        behaviours: what each function task does.
        declared: tasks whose definitions say that they fan out.
        openings: by task, the fan-outs that its payloads went through, as far as that can be foreseen.
        above: by task, its ancestors.
    """

    tasks: list[Task] = field(default_factory=lambda: [make_task("in")])
    edges: list[tuple[str, str]] = field(default_factory=list)
    behaviours: dict[str, Behaviour] = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    openings: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"in": ()})
    above: dict[str, set[str]] = field(default_factory=lambda: {"in": set()})

    @property
    def names(self) -> list[str]:
        return [task.name for task in self.tasks]


def drawn_jobs() -> st.SearchStrategy[DrawnJob]:
    """Draw a job; most of those drawn validate."""
    return st.binary(min_size=BYTES, max_size=BYTES).map(job_from)


def job_from(drawn: bytes) -> DrawnJob:
    """Return the job that the bytes stand for."""
    choices, sketch = Choices(drawn), Sketch()
    for number in range(MOST_TASKS - choices.among((*range(MOST_TASKS), *range(MOST_TASKS // 2)))):
        _add_task(choices, sketch, f"t{number}")
    _add_outputs(choices, sketch)
    tasks = choices.shuffled(sketch.tasks) if choices.once_in(3) else sketch.tasks
    edges = choices.shuffled(sketch.edges) if choices.once_in(3) else sketch.edges
    datasource = Datasource("direct", {"content": START})
    return DrawnJob(JobMap("drawn", datasource, tuple(tasks), tuple(edges)), sketch.behaviours, frozenset(sketch.declared))


def part_from(job_map: JobMap, seed: int) -> Part:
    """Return the part of the job that the seed stands for: mostly the whole; there may be no such part."""
    dice = Random(seed)  # noqa: S311  for chance, not for secrets
    names = [task.name for task in job_map.tasks if task.is_function]
    if not names or dice.random() < 0.7:
        return WHOLE
    starts = dice.sample(names, min(len(names), dice.choice((0, 1, 1, 2))))
    ends = dice.sample(names, min(len(names), 0 if starts and dice.random() < 0.5 else dice.choice((1, 1, 2))))
    return {name: [{"x": number} for number in range(dice.choice((1, 1, 2, 3)))] for name in starts}, tuple(ends)


def _add_task(choices: Choices, sketch: Sketch, name: str) -> None:
    parents = _parents(choices, sketch)
    join = choices.among((Join.MERGE,) * 5 + (Join.BY_TASK,) * 2 + ((Join.ANY,) if len(parents) > 1 else ()))
    sketch.above[name] = set(parents).union(*(sketch.above[parent] for parent in parents))
    chains = [sketch.openings[parent] for parent in parents]
    chain = (*_shared(chains), name) if join is Join.ANY else max(chains, key=len)
    collect = _collect(choices, sketch, chain, sorted(sketch.above[name]))
    if collect is not None:
        chain = _behind(collect, chain, sketch) + ((name,) if collect.group_by is not None or collect.window is not None else ())
    behaviour = _behaviour(choices, sketch, chain)
    if behaviour.fans_out and choices.once_in(2):
        sketch.declared.add(name)
    sketch.openings[name] = (*chain, name) if behaviour.fans_out or behaviour.kind == "whim" else chain
    sketch.behaviours[name] = behaviour
    sketch.edges += [(parent, name) for parent in parents]
    policy = TaskPolicy(
        retries=None if chain and choices.once_in(4) else behaviour.flaky or None,
        retry_delay=choices.among((None, None, None, 0.0, SHORT)),
        retry_backoff=choices.among((None, None, None, 2.0)),
        timeout=SHORT if behaviour.kind == "hangs" else choices.among((None, None, None, 3_600.0)),
        on_error=choices.among((None,) * 20 + (OnError.CONTINUE, OnError.STOP)),
        max_concurrent=choices.among((None, None, None, 1, 2)),
    )
    disabled = choices.among((None,) * 37 + (Disabled.BYPASS, Disabled.BYPASS, Disabled.OFF))
    sketch.tasks.append(make_task(name, join=join, collect=collect, disabled=disabled, policy=policy))


def _parents(choices: Choices, sketch: Sketch) -> list[str]:
    """Return one parent, or several whose branches can be paired; now and then any."""
    names = sketch.names
    parents = [choices.among(names[-1:-5:-1])]
    for _ in range(choices.among((0, 0, 1, 1, 2))):
        others = [name for name in names if name not in parents]
        if not choices.once_in(12):
            others = [name for name in others if all(_can_pair(sketch, name, each) for each in parents)]
        if others:
            parents.append(choices.among(others))
    return choices.shuffled(parents)


def _can_pair(sketch: Sketch, one: str, other: str) -> bool:
    shorter, longer = sorted((sketch.openings[one], sketch.openings[other]), key=len)
    return longer[: len(shorter)] == shorter


def _shared(chains: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the openings that all chains begin with."""
    together = itertools.takewhile(lambda each: len(set(each)) == 1, zip(*chains, strict=False))
    return tuple(first for first, *_ in together)


def _collect(choices: Choices, sketch: Sketch, chain: Sequence[str], above: Sequence[str]) -> Collect | None:
    """Return a collect, mostly over one of the fan-outs that the payloads came through."""
    overs: list[str | None] = [each for each in dict.fromkeys(chain) if each in above]
    if not choices.once_in(3 if overs else 15):
        return None
    if any(each in sketch.declared for each in overs):
        overs.append(None)
    over = choices.among(above if not overs or choices.once_in(15) else overs)
    missing = choices.among(tuple(Missing))
    shape = choices.among(("plain", "plain", "group", "window", "window"))
    if shape == "window":
        return Collect(over, window=Window(choices.among(range(1, 5)), choices.among((None, *range(1, 6)))), missing=missing)
    return Collect(over, group_by=choices.among(("x", "x", "x", "x", *above)) if shape == "group" else None, missing=missing)


def _behind(collect: Collect, chain: tuple[str, ...], sketch: Sketch) -> tuple[str, ...]:
    """Return the openings that are left behind a collect."""
    over = collect.over or next((each for each in reversed(chain) if each in sketch.declared), "")
    return chain[: chain.index(over)] if over in chain else sketch.openings.get(over, chain)


def _behaviour(choices: Choices, sketch: Sketch, chain: Sequence[str]) -> Behaviour:
    """Return a behaviour that keeps the number of branches in bounds."""
    open_already = prod(sketch.behaviours[each].width if each in sketch.behaviours else 3 for each in chain)
    width = min(4, MOST_BRANCHES // open_already)
    is_grim = choices.once_in(4 if chain else 15)  # a failure on the trunk leaves little of a job
    if width < 2:
        kind = choices.among(GRIM if is_grim else CALM)
    elif is_grim:
        kind = choices.among(GRIM_AND_OPENING)
    else:
        kind = choices.among(OPENING if choices.once_in(3 if chain else 2) else CALM)
    flaky = choices.among((0, 0, 0, 0, 1, 2))
    return Behaviour(kind, width=choices.among(range(width, 0, -1)) if width else 1, flaky=flaky)


def _add_outputs(choices: Choices, sketch: Sketch) -> None:
    """Let every end flow to an output, and now and then something else too."""
    names = sketch.names
    leaving = {edge[0] for edge in sketch.edges}
    ends = [name for name in names if name not in leaving]
    if choices.once_in(4):
        ends = list(dict.fromkeys([*ends, choices.among(names)]))
    outputs = ["out", "out2"] if choices.once_in(3) else ["out"]
    sketch.tasks += map(make_task, outputs)
    sketch.edges += [(end, outputs[place % len(outputs)]) for place, end in enumerate(ends)]
    if len(ends) < len(outputs):
        sketch.edges.append((ends[0], outputs[-1]))
