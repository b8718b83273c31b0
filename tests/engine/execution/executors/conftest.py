"""A workspace of misbehaving tasks, and jobs of it for every executor."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.execution import Job

WORKSPACE = Path(__file__).parent / "workspace"
EXECUTORS = ("loop", "thread", "process")
ELSEWHERE = ("process",)
"""Those whose bodies run in other processes."""


@pytest.fixture
def workspace() -> Path:
    """Return the workspace of misbehaving tasks."""
    return WORKSPACE


@pytest.fixture(params=EXECUTORS)
def executor(request: pytest.FixtureRequest) -> str:
    """Name each executor in turn."""
    return str(request.param)


@pytest.fixture(params=ELSEWHERE)
def elsewhere(request: pytest.FixtureRequest) -> str:
    """Name each executor in turn whose bodies run in other processes."""
    return str(request.param)


def make(edges: str, tasks: Mapping[str, Mapping[str, Any]], **options: Any) -> Job:
    """Build a job: edges as ``in>a>out in>b>out``; for each task its method, ``runs``, init_args and further fields."""
    chains = [chain.split(">") for chain in edges.split()]
    names = list(dict.fromkeys(name for chain in chains for name in chain))
    data = {
        "name": "job",
        "datasource": {"source": "direct", "content": options.pop("content", {"n": 1})},
        "tasks": [_task(name, dict(tasks.get(name, {}))) for name in names],
        "workflow": [list(pair) for chain in chains for pair in itertools.pairwise(chain)],
        **options.pop("fields", {}),
    }
    return engine.build_job(engine.parse_job_map(data), workspace=options.pop("workspace", WORKSPACE), trust=True)


def _task(name: str, fields: dict[str, Any]) -> dict[str, Any]:
    if name == "in":
        return {"name": name, "type": "input"}
    if name.startswith("out"):
        return {"name": name, "type": "output"}
    policy = {**({"runs": fields.pop("runs")} if "runs" in fields else {}), **fields.pop("policy", {})}
    known: dict[str, Any] = {key: fields.pop(key) for key in ("collect", "join", "method") if key in fields}
    return {
        "name": name,
        "type": "function",
        "namespace": "faults",
        "method": name,
        "consumes": "any",
        "produces": "any",
        "init_args": fields,
        "policy": policy,
        **known,
    }


@pytest.fixture
def faults() -> Callable[..., Job]:
    """Build a job of misbehaving tasks."""
    return make
