"""Jobs of a few lines for the tests of execution: bodies are plain functions, the graph is text."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution import Job, build_job
from engine.model.definition import Definition
from engine.model.job_map import Datasource, JobMap, JobPolicy, Task, TaskType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.execution import RunResult
    from engine.tasks import TaskBody


class Methods:
    """A catalogue in memory: one namespace, a method for each body."""

    def __init__(self, bodies: Mapping[str, TaskBody]) -> None:
        self.bodies = bodies
        self.definitions = {("t", name): Definition("t", name, name, ("any",), ("any",)) for name in bodies}

    def definition(self, namespace: str, method: str) -> Definition | None:
        return self.definitions.get((namespace, method))

    def namespaces(self) -> tuple[str, ...]:
        return ("t",)

    def methods(self, _namespace: str) -> tuple[str, ...]:
        return tuple(self.bodies)

    def workspace_of(self, _namespace: str) -> None:
        return None

    def load_body(self, _namespace: str, method: str, _init_args: Mapping[str, Any]) -> TaskBody:
        return self.bodies[method]


async def same(payload: dict[str, Any]) -> dict[str, Any]:
    """The body of every task that a test gives none."""
    return payload


def make_map(edges: str, content: Any = None, policy: JobPolicy | None = None, **tasks: Mapping[str, Any]) -> JobMap:
    """Return a job map from edges such as ``in>a>out in>b>out``; ``tasks`` sets fields of tasks."""
    chains = [chain.split(">") for chain in edges.split()]
    names = list(dict.fromkeys(name for chain in chains for name in chain))
    workflow = tuple((one, other) for chain in chains for one, other in itertools.pairwise(chain))
    return JobMap(
        "test",
        Datasource("direct", {"content": {"n": 0} if content is None else content}),
        tuple(replace(_task(name), **tasks.get(name, {})) for name in names),
        workflow,
        policy=policy or JobPolicy(),
    )


def _task(name: str) -> Task:
    if name == "in":
        return Task(name, TaskType.INPUT)
    if name.startswith("out"):
        return Task(name, TaskType.OUTPUT)
    return Task(name, TaskType.FUNCTION, namespace="t", method=name, consumes="any", produces="any")


@pytest.fixture
def make_job() -> Callable[..., Job]:
    """Build a job: edges as text, the bodies by task name, ``tasks`` for fields such as policy and collect."""

    def make(edges: str, bodies: Mapping[str, Any] | None = None, **fields: Any) -> Job:
        job_map = make_map(edges, **fields)
        known = {task.name: same for task in job_map.tasks} | dict(bodies or {})
        return build_job(job_map, Methods(known))

    return make


@pytest.fixture
def data() -> Callable[[RunResult], dict[str, list[Any]]]:
    """Return what reached each output, by name."""
    return lambda result: {output["name"]: output["data"] for output in result.outputs}


@pytest.fixture
def make_job_map() -> Callable[..., JobMap]:
    """Return a job map from edges as text."""
    return make_map
