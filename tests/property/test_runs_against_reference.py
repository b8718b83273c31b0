"""The engine against an interpreter of the same rules that is sequential, recursive and obviously right."""

from __future__ import annotations

import asyncio
import random
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.errors import JobMapError
from engine.execution import build_job
from engine.execution.events import InvocationSkipped
from engine.model.definition import Definition
from engine.model.job_map import Collect, Datasource, JobMap, Join, Missing, Task, TaskPolicy, TaskType, Window

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from engine.execution.events import Event
    from engine.tasks import Payload, TaskBody

ENDED, BROKEN = "ended", "broken"
KINDS = (
    "pass",
    "pass",
    "pass",
    "change",
    "fail",
    "maybe-fail",
    "end",
    "maybe-end",
    "list",
    "list",
    "generate",
    "generate-async",
    "break-off",
)


def behave(kind: str, name: str, payload: Payload) -> Payload | list[Any]:
    """What a body of that kind does; ``BROKEN`` in a list stands for a failure at that place."""
    number = len(repr(payload)) + len(name)
    if kind == "fail" or (kind == "maybe-fail" and number % 3 == 0):
        raise ValueError(name)
    if kind == "end" or (kind == "maybe-end" and number % 3 == 0):
        return []
    if kind == "change":
        return {**payload, "x": number}
    if kind in ("list", "generate", "generate-async", "break-off"):
        branches: list[Any] = [{**payload, name: index} for index in range(number % 4)]
        return [*branches, BROKEN] if kind == "break-off" else branches
    return {**payload, name: number}


class Reference:
    """Runs a job map the slow way: for each task, all tokens that arrive at it and leave it, by branch path."""

    def __init__(self, job_map: JobMap, kinds: Mapping[str, str]) -> None:
        self.tasks, self.parents, self.kinds = job_map.by_name, job_map.parents, kinds
        self.position = {task.name: number for number, task in enumerate(job_map.tasks)}
        self.failed: set[tuple[str, Any]] = set()
        self.skipped: set[tuple[str, Any]] = set()
        self.ran: set[tuple[str, Any]] = set()

    def order(self, path: Any) -> Any:
        return tuple((self.position[task], index) for task, index in path)

    @cache  # noqa: B019  lives as long as one example
    def leaving(self, name: str) -> dict[Any, Any]:
        if self.tasks[name].type is TaskType.INPUT:
            self.ran.add((name, ()))
            return {(): {"x": 0}}
        found: dict[Any, Any] = {}
        for path, token in self.entering(name).items():
            found.update(self.called(name, path, token))
        return found

    def called(self, name: str, path: Any, token: Any) -> dict[Any, Any]:
        if token == BROKEN:
            self.skipped.add((name, path))
        if token not in (ENDED, BROKEN):
            self.ran.add((name, path))
        if not isinstance(token, dict):
            return {path: token if token in (ENDED, BROKEN) else self.fail(name, path)}
        try:
            result = behave(self.kinds[name], name, token)
        except ValueError:
            return {path: self.fail(name, path)}
        if isinstance(result, dict):
            return {path: result}
        if BROKEN in result:
            self.failed.add((name, path))
        opened = {(*path, (name, index)): each for index, each in enumerate(result)}
        return {path: BROKEN if result else ENDED} if len(result) - result.count(BROKEN) == 0 else opened

    def fail(self, name: str, path: Any) -> str:
        self.failed.add((name, path))
        return BROKEN

    def entering(self, name: str) -> dict[Any, Any]:
        task, sent = self.tasks[name], [self.leaving(parent) for parent in self.parents[name]]
        if task.join is Join.ANY and len(sent) > 1:
            joined = {(*path, (name, slot)): token for slot, each in enumerate(sent) for path, token in each.items()}
        else:
            joined = sent[0] if len(sent) == 1 else self.joined(name, sent)
            if task.join is Join.BY_TASK and len(sent) == 1:
                joined = {path: {self.parents[name][0]: token} if isinstance(token, dict) else token for path, token in joined.items()}
        return joined if task.collect is None else self.collected(name, task.collect, joined)

    def joined(self, name: str, sent: list[dict[Any, Any]]) -> dict[Any, Any]:
        """Pair the paths of all parents; where two of them part at one branch, the join fails there."""
        found: dict[Any, Any] = {}
        parted = {
            one[:at]
            for i, a in enumerate(sent)
            for b in sent[i + 1 :]
            for one in a
            for other in b
            if (at := parting(one, other)) is not None
        }
        for path in {path for each in sent for path in each}:
            above = [next((p for p in each if path[: len(p)] == p), None) for each in sent]
            if None not in above and not any(path[: len(p)] == p for p in parted):
                found[path] = self.merged(name, [each[p] for each, p in zip(sent, above, strict=True)])
        outermost = {p for p in parted if not any(p[: len(q)] == q and p != q for q in parted)}
        return {**found, **dict.fromkeys(outermost, "failure")}

    def merged(self, name: str, tokens: list[Any]) -> Any:
        if BROKEN in tokens or ENDED in tokens:
            return BROKEN if BROKEN in tokens else ENDED
        if self.tasks[name].join is Join.BY_TASK:
            return dict(zip(self.parents[name], tokens, strict=True))
        whole: Payload = {}
        for token in tokens:
            if any(key in whole and whole[key] != value for key, value in token.items()):
                return "failure"
            whole.update({key: value for key, value in token.items() if key not in whole})
        return whole

    def collected(self, name: str, collect: Collect, joined: dict[Any, Any]) -> dict[Any, Any]:
        self.leaving(collect.over or "")
        ran = {path for task, path in self.ran if task == collect.over}
        ran = {path for path in ran if not any(path[: len(p)] == p and path != p for p in joined)}  # where all ended further out
        outside = {path: token for path, token in joined.items() if not any(path[: len(p)] == p for p in ran)}
        found = {path: "failure" if isinstance(token, dict) else token for path, token in outside.items()}
        for path in ran:
            items = [joined[each] for each in sorted(joined, key=self.order) if each[: len(path)] == path and joined[each] != ENDED]
            self.failed |= {(name, each) for each in joined if each[: len(path)] == path and joined[each] == "failure"}
            items = [BROKEN if item == "failure" else item for item in items]
            found.update(self.gathered(name, collect, path, [i for i in items if collect.missing is Missing.SKIP or i != BROKEN]))
        return found

    def gathered(self, name: str, collect: Collect, path: Any, items: list[Any]) -> dict[Any, Any]:
        if collect.window is not None:
            chunks = cut(items, collect.window)
        elif BROKEN in items:
            return {path: BROKEN}
        elif collect.group_by is not None:
            if any(collect.group_by not in item for item in items):
                return {path: "failure"}
            values = list(dict.fromkeys(item[collect.group_by] for item in items))
            chunks = [[item for item in items if item[collect.group_by] == value] for value in values]
        else:
            return {path: {"items": items, "count": len(items)}}
        opened = {(*path, (name, i)): BROKEN if BROKEN in c else {"items": c, "count": len(c)} for i, c in enumerate(chunks)}
        return opened or {path: ENDED}

    def output(self, name: str) -> list[Payload]:
        arrived = [
            (self.order(path), slot, token)
            for slot, parent in enumerate(self.parents[name])
            for path, token in self.leaving(parent).items()
        ]
        self.skipped |= {(name, path) for parent in self.parents[name] for path, token in self.leaving(parent).items() if token == BROKEN}
        return [token for _, _, token in sorted(arrived, key=lambda each: each[:2]) if isinstance(token, dict)]


def parting(one: Any, other: Any) -> int | None:
    """Return how many steps two paths share where different tasks opened their next ones."""
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return at if left[0] != right[0] else None
    return None


def cut(items: list[Any], window: Window) -> list[list[Any]]:
    step, starts, seen = window.step or window.size, 0, 0
    chunks = []
    while starts < len(items) and (starts + window.size <= len(items) or seen < len(items)):
        chunks.append(items[starts : starts + window.size])
        seen, starts = starts + window.size, starts + step
    return chunks


class Methods:
    """A catalogue of one namespace whose methods are the tasks of a job map."""

    problems = ()

    def __init__(self, bodies: Mapping[str, TaskBody]) -> None:
        self.bodies = bodies
        self.definitions = {("t", name): Definition("t", name, name, ("any",), ("any",)) for name in bodies}

    def definition(self, namespace: str, method: str) -> Definition | None:
        return self.definitions.get((namespace, method))

    def namespaces(self) -> tuple[str, ...]:
        return ("t",)

    def methods(self, _namespace: str) -> tuple[str, ...]:
        return tuple(self.bodies)

    def load_body(self, _namespace: str, method: str, _init_args: Mapping[str, Any]) -> TaskBody:
        return self.bodies[method]


def body(kind: str, name: str, dice: random.Random, attempts: Mapping[str, int]) -> TaskBody:
    """A body that waits now and then, so that branches overtake each other, and fails at first where it may be tried again."""
    tried: dict[str, int] = {}

    async def run_task(payload: Payload) -> Any:
        for _ in range(dice.choice((0, 0, 0, 1, 2, 5))):
            await asyncio.sleep(0)
        key = repr(payload)
        tried[key] = tried.get(key, 0) + 1
        if tried[key] <= attempts.get(name, 0):
            raise OSError("try again")
        result = behave(kind, name, payload)
        if kind == "generate-async":
            return each_later(result)
        return each(result) if kind in ("generate", "break-off") else result

    return run_task


def each(result: Any) -> Iterator[Payload]:
    for item in result:
        if item == BROKEN:
            raise ValueError("broken off")
        yield item


async def each_later(result: Any) -> AsyncIterator[Payload]:
    for item in result:
        await asyncio.sleep(0)
        yield item


@st.composite
def job_maps(draw: st.DrawFn) -> tuple[JobMap, dict[str, str]]:
    count = draw(st.integers(1, 7))
    names = ["in"] + [f"t{number}" for number in range(count)]
    tasks, edges, kinds = [Task("in", TaskType.INPUT)], [], {}
    ancestors: dict[str, set[str]] = {"in": set()}
    for number in range(1, count + 1):
        name = names[number]
        parents = draw(st.lists(st.sampled_from(names[:number]), min_size=1, max_size=3, unique=True))
        ancestors[name] = set(parents).union(*(ancestors[parent] for parent in parents))
        edges += [(parent, name) for parent in parents]
        kinds[name] = draw(st.sampled_from(KINDS))
        join = draw(st.sampled_from((Join.MERGE, Join.MERGE, Join.BY_TASK, Join.ANY)))
        collect = draw(st.none() | st.none() | collects(sorted(ancestors[name])))
        retries = draw(st.sampled_from((0, 0, 1)))
        policy = TaskPolicy(retries=retries, max_concurrent=draw(st.sampled_from((None, None, 1))))
        tasks.append(
            Task(
                name,
                TaskType.FUNCTION,
                namespace="t",
                method=name,
                consumes="any",
                produces="any",
                join=join,
                collect=collect,
                policy=policy,
            )
        )
    tasks.insert(draw(st.integers(0, len(tasks))), Task("out", TaskType.OUTPUT))
    leaves = [name for name in names if name not in {edge[0] for edge in edges}]
    edges += [(name, "out") for name in draw(st.permutations(leaves))]
    return JobMap("drawn", Datasource("direct", {"content": {"x": 0}}), tuple(tasks), tuple(draw(st.permutations(edges)))), kinds


def collects(overs: list[str]) -> st.SearchStrategy[Collect]:
    windows = st.builds(Window, st.integers(1, 3), st.none() | st.integers(1, 4))
    shapes = st.sampled_from(("plain", "plain", "group", "window"))
    return st.builds(
        lambda over, shape, window, missing: Collect(
            over, group_by="x" if shape == "group" else None, window=window if shape == "window" else None, missing=missing
        ),
        st.sampled_from(overs),
        shapes,
        windows,
        st.sampled_from(Missing),
    )


async def agree(job_map: JobMap, kinds: Mapping[str, str], seed: int, max_concurrent: int) -> None:
    dice = random.Random(seed)  # noqa: S311  for chance, not for secrets
    attempts = {task.name: task.policy.retries or 0 for task in job_map.tasks}
    methods = Methods({name: body(kind, name, dice, attempts) for name, kind in kinds.items()})
    skipped: set[tuple[str, Any]] = set()

    def hear(event: Event) -> None:
        if isinstance(event, InvocationSkipped):
            skipped.add((event.task, event.branch_path))

    result = await build_job(job_map, methods).run(subscribers=[hear], max_concurrent=max_concurrent)
    reference = Reference(job_map, kinds)
    for output in result.outputs:
        assert output["data"] == reference.output(output["name"])
    assert {(failure.task, failure.branch_path) for failure in result.failures} == reference.failed
    assert skipped == reference.skipped
    assert all(task.is_closed for task in result.progress.tasks.values())


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(job_maps(), st.integers(0, 2**16), st.sampled_from((1, 2, 5, 100)))
def test_that_outputs_failures_and_skips_are_those_of_the_reference(drawn: Any, seed: int, max_concurrent: int) -> None:
    job_map, kinds = drawn
    try:
        asyncio.run(agree(job_map, kinds, seed, max_concurrent))
    except JobMapError as error:
        assume(not error.problems)  # drawn at random, some ask for what is refused
