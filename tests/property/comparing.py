"""Holding the end of a run against the reference: how it ends, in terms that both share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.model.graph import reachable
from engine.model.job_map import Disabled, OnError, TaskType
from tests.property.behaviours import HANGS
from tests.property.reference import Reference
from tests.property.spelled_out import Scope
from tests.property.tokens import APART, Broken, text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from engine.execution.result import RunResult
    from engine.model.job_map import JobMap
    from tests.property.tokens import Function, Functions, Sent

Skip: TypeAlias = tuple[str, tuple[tuple[str, int], ...], str]
Part: TypeAlias = "tuple[Mapping[str, Sequence[Any]], Collection[str]]"
"""Where a run starts, with which payloads, and after which tasks it ends; the whole job where both are empty."""

WHOLE: Part = ({}, ())
START: Final[dict[str, Any]] = {"x": 0}
"""What the datasource of every drawn job gives."""


@dataclass(frozen=True)
class Meaning:
    """How a run ends; payloads as text, in which NaN equals NaN.

    Attributes:
        parted: joins that failed because their parents fanned out apart.
        is_stopped: a task failed whose policy says that the run stops then.
    """

    outputs: dict[str, list[str]]
    failed: list[Any]
    skipped: list[Skip]
    parted: frozenset[str]
    is_stopped: bool


def meaning_of(result: RunResult, skipped: Sequence[Skip], meant: Meaning) -> Meaning:
    """Return what the engine made of a run."""
    outputs = {each["name"]: list(map(text, each["data"])) for each in result.outputs}
    failed = sorted((each.task, each.branch_path) for each in result.failures)
    return replace(meant, outputs=outputs, failed=failed, skipped=sorted(skipped))


def expected(job_map: JobMap, functions: Functions, fans_out: Collection[str] = (), part: Part = WHOLE) -> Meaning:
    """Return what the reference makes of it."""
    starts, ends = part
    inside = reachable(job_map.children, starts) if starts else set(job_map.by_name)
    inside &= reachable(job_map.parents, ends) if ends else inside
    said = Scope(job_map, fans_out, inside, starts or ("in",)).spelled_out()
    place = {task.name: number for number, task in enumerate(said.tasks)}
    entering: dict[str, Sent] = {} if starts else {"in": {(): START}}
    for name, payloads in ((name, payloads) for name, payloads in starts.items() if name in inside):
        branches: Sent = {((place[name], index),): payload for index, payload in enumerate(payloads)}
        entering[name] = branches if len(payloads) > 1 else {(): payloads[0]}
    passed_by = {task.name: give_back for task in said.tasks if task.disabled is Disabled.BYPASS}
    bodies = {"in": give_back, **functions, **passed_by}
    reference = Reference(said, {name: checking(function) for name, function in bodies.items()}, entering)
    return _meaning(said, reference, ends)


def _meaning(said: JobMap, reference: Reference, ends: Collection[str]) -> Meaning:
    names, is_output = [task.name for task in said.tasks], {task.name: task.type is TaskType.OUTPUT for task in said.tasks}
    entering = {name: reaching(name, reference) if is_output[name] else list(reference.enters(name).items()) for name in names}
    leaving = {name: [] if is_output[name] else list(reference.leaves(name).items()) for name in names}
    parted = frozenset(name for name, _, why in reference.failed if why == APART)

    def named(path: Any) -> Any:
        return tuple((names[place], index) for place, index in path)

    skipped = [(name, named(path), token.by) for name in names for path, token in entering[name] if isinstance(token, Broken)]
    kept = {name: entering[name] if is_output[name] else sorted(leaving[name]) for name in names if is_output[name] or name in ends}
    results = {**{name: [] for name in ends}, **kept}  # one that is switched off gives nothing
    return Meaning(
        {name: [text(token) for _, token in results[name] if isinstance(token, dict)] for name in results},
        sorted((name, named(path)) for name, path, _ in reference.failed),
        sorted(skipped),
        parted,
        any(said.by_name[name].policy.on_error is OnError.STOP for name, _, _ in reference.failed),
    )


def reaching(output: str, reference: Reference) -> list[tuple[Any, Any]]:
    """Return what comes to an output, in branch order, then by parent."""
    parents = enumerate(reference.parents[output])
    arrived = [(path, slot, token) for slot, parent in parents for path, token in reference.leaves(parent).items()]
    return [(path, token) for path, _, token in sorted(arrived, key=lambda each: each[:2])]


def give_back(payload: Any, _attempt: int) -> Any:
    """Return the payload, as a task does that is passed by."""
    return payload


def checking(function: Function) -> Function:
    """Return the function with a payload of its own, that raises where it returns what no task may, and says so where it would hang."""

    def call(payload: Any, attempt: int) -> Any:
        result = function(json.loads(json.dumps(payload)), attempt)
        if result is HANGS:
            raise TimeoutError
        if isinstance(result, Iterator):
            return map(checked, result)
        return list(map(checked, result)) if isinstance(result, list) else checked(result)

    return call


def checked(item: Any) -> Any:
    """Return the item where it is a payload.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(item, dict) or not all(isinstance(key, str) for key in item):
        raise TypeError(item)
    return item


def assert_part_of(part: Meaning, whole: Meaning) -> None:
    """See to it that outputs are the whole's with some left out, in the same order, and so are failures and skips."""
    for name, payloads in part.outputs.items():
        assert is_part_of(payloads, whole.outputs[name])
    assert is_part_of(part.failed, whole.failed)
    assert is_part_of(part.skipped, whole.skipped)


def is_part_of(part: Sequence[Any], whole: Sequence[Any]) -> bool:
    """Return whether the one is the other with some left out, in the same order."""
    left = iter(whole)
    return all(any(each == other for other in left) for each in part)
