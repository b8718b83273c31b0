"""The jobs that are measured: one shape each, of bodies that do nothing."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any

from engine.execution import build_job
from engine.model.definition import Definition
from engine.model.job_map import Datasource, JobMap, JobPolicy, Task, TaskType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.execution import Job
    from engine.tasks import Payload, TaskBody


class Methods:
    """A catalogue in memory: one namespace, a method for each task."""

    problems = ()

    def __init__(self, bodies: Mapping[str, TaskBody]) -> None:
        self.bodies = bodies
        self.definitions = {name: Definition("bench", name, name, ("any",), ("any",)) for name in bodies}

    def definition(self, _namespace: str, method: str, /) -> Definition | None:
        return self.definitions.get(method)

    def namespaces(self) -> Sequence[str]:
        return ("bench",)

    def methods(self, _namespace: str, /) -> Sequence[str]:
        return tuple(self.bodies)

    def load_body(self, _namespace: str, method: str, _init_args: Mapping[str, Any], /) -> TaskBody:
        return self.bodies[method]

    def workspace_of(self, _namespace: str, /) -> tuple[str, str] | None:
        return None


async def no_op(payload: Payload) -> Payload:
    return payload


def chain(length: int, body: TaskBody = no_op) -> Job:
    """So many tasks in a row."""
    names = [f"task {number}" for number in range(length)]
    return _job(itertools.pairwise(["in", *names, "out"]), dict.fromkeys(names, body))


def fan_out(branches: int, body: TaskBody = no_op) -> Job:
    """A list that opens branches, each through two tasks."""
    items = [{"index": index} for index in range(branches)]

    async def split(_: Payload) -> list[Payload]:
        return items

    return _job(itertools.pairwise(["in", "split", "a", "b", "out"]), {"split": split, "a": body, "b": body})


def layers(count: int, width: int, body: TaskBody = no_op) -> Job:
    """Layers of tasks with two parents each in the layer before."""
    rows = [[f"{row} {column}" for column in range(width)] for row in range(count)]
    wires = [("in", name) for name in rows[0]] + [(name, "out") for name in rows[-1]]
    for above, below in itertools.pairwise(rows):
        for column, name in enumerate(below):
            wires += [(above[column], name), (above[(column + 1) % width], name)]
    return _job(wires, {name: body for row in rows for name in row})


def waiting(invocations: int, seconds: float, at_once: int) -> Job:
    """Branches that each wait for a while, so many at once."""
    items = [{"index": index} for index in range(invocations)]

    async def split(_: Payload) -> list[Payload]:
        return items

    async def wait(payload: Payload) -> Payload:
        await asyncio.sleep(seconds)
        return payload

    wires = itertools.pairwise(["in", "split", "wait", "out"])
    return _job(wires, {"split": split, "wait": wait}, JobPolicy(max_concurrent=at_once))


def stream(branches: int) -> Job:
    """A generator that opens branches, each through two tasks, the last of which ends it."""

    async def generate(_: Payload) -> Any:
        return ({"index": index} for index in range(branches))

    async def end(_: Payload) -> list[Payload]:
        return []

    return _job(itertools.pairwise(["in", "generate", "a", "b", "out"]), {"generate": generate, "a": no_op, "b": end})


def _job(wires: Any, bodies: Mapping[str, Callable[..., Any]], policy: JobPolicy | None = None) -> Job:
    workflow = tuple(wires)
    tasks = tuple(_tasks(bodies))
    job_map = JobMap("bench", Datasource("direct", {"content": {"n": 1}}), tasks, workflow, policy=policy or JobPolicy())
    return build_job(job_map, Methods(bodies))


def _tasks(bodies: Mapping[str, Any]) -> Iterator[Task]:
    yield Task("in", TaskType.INPUT)
    for name in bodies:
        yield Task(name, TaskType.FUNCTION, namespace="bench", method=name, consumes="any", produces="any")
    yield Task("out", TaskType.OUTPUT)
