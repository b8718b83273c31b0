"""Workers of the embedded cluster that run out of memory, or of disk: what fails is what took too much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.execution.executors import dask_watch
from engine.execution.executors.local_cluster import worker_count

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from engine.execution import Job, Run, RunResult

    Faults = Callable[..., Job]
    Heard = Callable[..., Coroutine[Any, Any, Run]]

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]  # a process that was killed takes its time to come back on a busy machine

SIZE = 600
"""MiB that a worker may have: more than it has when it starts, whatever else was imported."""

ON_DASK = {"runs": "dask"}


def reached(result: RunResult, name: str = "out") -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what embedded workers do at what size in MiB, and that dask gives up a task that lost two of them."""

    from distributed.system import MEMORY_LIMIT  # noqa: PLC0415  distributed costs more than a second

    def say(**sizes: int) -> None:
        for name in ("target", "spill", "pause", "terminate"):
            fraction = sizes[name] * 2**20 / (MEMORY_LIMIT // worker_count()) if name in sizes else False
            monkeypatch.setenv(f"DASK_DISTRIBUTED__WORKER__MEMORY__{name.upper()}", str(fraction))
        monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "1")

    return say


@pytest.mark.parametrize("then", ["give", "nothing"])
async def test_that_a_task_that_takes_too_much_memory_fails_by_name_and_others_go_on(
    faults: Faults, memory: Callable[..., None], then: str
) -> None:
    """Also where it is the result that does not fit."""
    memory(terminate=SIZE)
    tasks = {"grows": {"mebibytes": 4 * SIZE, "then": then, **ON_DASK}, "fan": {"count": 6}, "echo": ON_DASK}
    result = await faults("in>grows>out in>fan>echo>out2", tasks).run()
    (failure,) = result.failures
    assert (failure.task, failure.error_type) == ("grows", "worker-ended")
    assert failure.message.startswith("worker out of memory: 2 dask workers that had it were ended, ")
    assert len(reached(result, "out2")) == 6


def filling() -> tuple[str, dict[str, dict[str, Any]]]:
    """Return edges and tasks: some that fill their workers for good, and after them some that only need a worker."""
    tasks: dict[str, dict[str, Any]] = {
        "fan": {"count": 4},
        "grows": {"mebibytes": SIZE, "then": "keep", **ON_DASK},
        "all": {"collect": {"over": "fan"}, "method": "echo"},
        "fan2": {"method": "fan", "count": 4},
        "echo": ON_DASK,
    }
    return "in>fan>grows>all>fan2>echo>out grows>out2", tasks


async def test_that_a_worker_that_stays_short_of_memory_makes_way_for_a_new_one(
    faults: Faults, memory: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_watch, "STUCK_LOOKS", 2)
    memory(pause=SIZE)
    result = await faults(*filling()).run()
    assert [failure.describe() for failure in result.failures] == []
    full, fresh = ({payload["pid"] for payload in reached(result, name)} for name in ("out2", "out"))
    assert len(full) > 2
    assert (len(reached(result)), bool(fresh - full)) == (4, True)


async def test_that_a_cluster_whose_workers_stay_short_of_memory_ends_the_run(
    faults: Faults, memory: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_watch, "WITHOUT_WORKERS_LOOKS", 4)
    monkeypatch.setattr(dask_watch, "STUCK_LOOKS", 100)
    memory(pause=SIZE)
    result = await faults(*filling()).run()
    assert {failure.error_type for failure in result.failures} == {"engine.errors.ExecutorLostError"}
    assert result.failures[0].message.endswith("are there, but short of memory")


async def test_that_a_result_is_kept_where_the_disk_is_full(faults: Faults, memory: Callable[..., None]) -> None:
    memory(target=1)
    tasks = {"grows": {"mebibytes": 50, "then": "give", "most_file": 2**20, **ON_DASK}, "fan": {"count": 6}, "echo": ON_DASK}
    job = faults("in>grows>out in>fan>echo>out2", tasks)
    result = await job.run()
    assert [failure.describe() for failure in result.failures] == []
    assert [len(payload["grown"]) for payload in reached(result)] == [50 * 2**20]
    assert len(reached(result, "out2")) == 6
