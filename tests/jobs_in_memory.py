"""Jobs of a few lines: the graph is text, and the catalogue of methods lives in memory."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.model.definition import Definition
from engine.model.job_map import Datasource, JobMap, JobPolicy, Task, TaskType

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from engine.tasks import TaskBody

NAMESPACE = "t"


class Methods:
    """A catalogue of one namespace: a method for each body; ``fans_out`` names those whose definitions say that they open branches."""

    problems = ()

    def __init__(self, bodies: Mapping[str, TaskBody], fans_out: Collection[str] = ()) -> None:
        self.bodies = bodies
        self.definitions = {
            (NAMESPACE, name): Definition(NAMESPACE, name, name, ("any",), ("any",), fans_out=name in fans_out) for name in bodies
        }

    def definition(self, namespace: str, method: str) -> Definition | None:
        return self.definitions.get((namespace, method))

    def namespaces(self) -> tuple[str, ...]:
        return (NAMESPACE,)

    def methods(self, _namespace: str) -> tuple[str, ...]:
        return tuple(self.bodies)

    def workspace_of(self, _namespace: str) -> None:
        return None

    def load_body(self, _namespace: str, method: str, _init_args: Mapping[str, Any]) -> TaskBody:
        return self.bodies[method]


def make_map(edges: str, content: Any = None, policy: JobPolicy | None = None, **fields: Mapping[str, Any]) -> JobMap:
    """Return a job map from edges such as ``in>a>out in>b>out``; ``fields`` sets those of tasks, by name."""
    chains = [chain.split(">") for chain in edges.split()]
    names = list(dict.fromkeys(name for chain in chains for name in chain))
    return JobMap(
        "test",
        Datasource("direct", {"content": {"n": 0} if content is None else content}),
        tuple(replace(make_task(name), **fields.get(name, {})) for name in names),
        tuple(edge for chain in chains for edge in itertools.pairwise(chain)),
        policy=policy or JobPolicy(),
    )


def make_task(name: str, **fields: Any) -> Task:
    """Return the input for ``in``, an output where the name begins with ``out``, else a function whose method has the same name."""
    if name == "in":
        return Task(name, TaskType.INPUT)
    if name.startswith("out"):
        return Task(name, TaskType.OUTPUT)
    return Task(name, TaskType.FUNCTION, namespace=NAMESPACE, method=name, consumes="any", produces="any", **fields)
