"""Bodies that take all the memory there is: the worker process is killed before the machine suffers, and nothing else is."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution import memory
from engine.execution.executors import processes

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution import Job, RunResult

    Faults = Callable[..., Job]

MACHINE = 500_000_000
"""Bytes that the workers of a test can have together."""

WITHOUT_END = 1_000_000


def reached(result: RunResult, name: str) -> list[dict[str, Any]]:
    return next(output["data"] for output in result.outputs if output["name"] == name)


@pytest.fixture
def small_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let workers find themselves on a machine with little memory; what they hold is measured as ever."""
    measured = memory.held_by
    workers: set[int] = set()

    def held_by(process: int) -> int:
        workers.update({process} - {os.getpid()})
        return measured(process)

    monkeypatch.setattr(memory, "held_by", held_by)
    monkeypatch.setattr(memory, "spare", lambda: max(0, MACHINE - sum(map(measured, workers))))


async def test_that_a_worker_that_takes_too_much_is_killed_and_others_go_on(faults: Faults, small_machine: None) -> None:
    tasks = {"allocates": {"megabytes": WITHOUT_END, "runs": "process"}, "fan": {"count": 6}, "echo": {"runs": "process"}}
    result = await faults("in>allocates>out in>fan>echo>out2", tasks).run()
    (failure,) = result.failures
    assert failure.describe().startswith('task "allocates": worker-ended: worker out of memory: it held ')
    assert len(reached(result, "out2")) == 6


async def test_that_what_fits_is_left_alone(faults: Faults, small_machine: None) -> None:
    tasks = {"allocates": {"megabytes": 200, "runs": "process", "policy": {"max_concurrent": 1}}, "fan": {"count": 6}}
    result = await faults("in>fan>allocates>out", tasks).run()
    assert [payload["bytes"] for payload in reached(result, "out")] == [200_000_000] * 6


async def test_that_the_policy_tries_again_what_was_killed(faults: Faults, small_machine: None) -> None:
    tasks = {"allocates": {"megabytes": WITHOUT_END, "runs": "process", "policy": {"retries": 1}}}
    result = await faults("in>allocates>out", tasks).run()
    assert [(failure.attempt, failure.error_type) for failure in result.failures] == [(2, "worker-ended")]


async def test_that_a_kill_by_the_operating_system_for_want_of_memory_is_told_from_others(
    faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = iter(range(100))
    monkeypatch.setattr(memory, "kills", lambda: next(counts))
    result = await faults("in>ends>out", {"ends": {"how": "kill", "runs": "process"}}).run()
    assert [failure.message for failure in result.failures] == [f"{processes.OUT_OF_MEMORY}: the operating system killed it"]


@pytest.mark.parametrize("runs", ["loop", "thread", "process"])
async def test_that_running_out_of_what_a_body_may_have_is_its_failure(faults: Faults, runs: str) -> None:
    result = await faults("in>raises>out in>echo>out2", {"raises": {"what": "MemoryError", "runs": runs}}).run()
    assert [failure.error_type for failure in result.failures] == ["MemoryError"]
    assert len(reached(result, "out2")) == 1
