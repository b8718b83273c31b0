"""Jobs of a few lines for the tests of execution: bodies are plain functions, the graph is text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.execution import Job, build_job
from tests.jobs_in_memory import Methods, make_map

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.execution import RunResult
    from engine.model.job_map import JobMap


async def same(payload: dict[str, Any]) -> dict[str, Any]:
    """The body of every task that a test gives none."""
    return payload


@pytest.fixture
def make_job() -> Callable[..., Job]:
    """Build a job: edges as text, the bodies by task name, ``fields`` for those of tasks such as policy and collect."""

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
