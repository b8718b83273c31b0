"""What the tests of tasks share: a stand-in for the run around a task, sample files, and a small dask cluster."""

from __future__ import annotations

import json
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import iris_sample_data
import pytest
from distributed import Client, LocalCluster

from engine import tasks
from task_namespaces import task_factory
from task_namespaces.main.xarray.outside_data import Inspector

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager

    from engine.tasks import Payload


@dataclass
class StandInContext:
    """The run around one task: real folders and a real client, no engine."""

    output_folder: Path
    client: Any = None
    run_id: str = "run"
    job_name: str = "A job of tests"
    task: str = "task"
    branch_path: str = ""
    attempt: int = 1
    cancelled: bool = False
    written: set[str] = field(default_factory=set)
    resources: Mapping[str, Any] = field(default_factory=dict)
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("ephemeral.tests"))

    def input_path(self, path: str) -> Path:
        return Path(path)

    def output_path(self, relative: str) -> Path:
        path = self.output_folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def new_output_path(self, relative: str) -> Path:
        if relative in self.written:
            raise ValueError(f"{relative} was written already")
        self.written.add(relative)
        return self.output_path(relative)

    def report_progress(self, fraction: float, text: str = "") -> None:
        self.logger.info("%s %s", fraction, text)

    async def resource(self, name: str, opener: Callable[[], AbstractAsyncContextManager[Any]]) -> Any:  # noqa: ARG002  it is open already
        return self.resources[name]

    async def dask_client(self) -> Any:
        return self.client


@pytest.fixture(scope="module")
def inspector() -> Iterator[Inspector]:
    """What looks into files before they are read, for all tests of a file."""
    made = Inspector()
    made.refuse_outside_data(Path(iris_sample_data.path) / "SOI_Darwin.nc")  # starts its process
    yield made
    made.close()


@pytest.fixture
def run_context(tmp_path: Path, inspector: Inspector) -> Iterator[StandInContext]:
    """The context that the tasks of a test find around them."""
    context = StandInContext(tmp_path / "output", resources={"file inspection": inspector})
    token = tasks._context.set(context)
    yield context
    tasks._context.reset(token)


@pytest.fixture
def run_method(run_context: StandInContext) -> Callable[..., Awaitable[Any]]:
    """Run one method on one payload, found by its namespace as the engine finds it."""

    async def run(namespace: str, method: str, payload: Payload, **init_args: Any) -> Any:
        return await task_factory.get_task(namespace.split("."), method, init_args)(payload)

    return run


@pytest.fixture(scope="module")
def cluster_address() -> Iterator[str]:
    """A scheduler with one worker process, for all tests of a file."""
    with LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address="127.0.0.1:0") as cluster:  # type: ignore[no-untyped-call]  # distributed has no types
        yield cluster.scheduler_address


@pytest.fixture
def connected(run_context: StandInContext, cluster_address: str) -> Callable[[], AbstractAsyncContextManager[Any]]:
    """Give the tasks of a test a client, inside an ``async with``."""

    @asynccontextmanager
    async def connect() -> AsyncGenerator[Any]:
        async with Client(cluster_address, asynchronous=True, set_as_default=False) as client:  # type: ignore[no-untyped-call]  # as above
            run_context.client = client
            yield client

    return connect


@pytest.fixture
def sample() -> Callable[[str], str]:
    """The path of a file of iris-sample-data."""
    return lambda name: str(Path(iris_sample_data.path) / name)


@pytest.fixture
def definitions() -> Mapping[str, Any]:
    """Every built-in definition file by ``namespace:method``."""
    root = Path(tasks.__file__).parent.parent / "resources" / "definitions"
    files = sorted(root.rglob("*.json"))
    return {f"{'.'.join(file.relative_to(root).parent.parts)}:{file.stem}": json.loads(file.read_text("utf-8")) for file in files}
