"""What observers of a run get: events, the recorder's seam, log records and the context of each body, and who holds the loop."""

from __future__ import annotations

import asyncio
import logging
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pytest

from engine.model.job_map import Collect
from engine.tasks import context

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution import Job
    from engine.execution.events import Event
    from engine.execution.recorder import Ended

    Make = Callable[..., Job]


async def fan(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"i": index} for index in range(4)]


async def test_that_events_are_numbered_without_gaps_and_begin_and_end_with_the_run(make_job: Make) -> None:
    events: list[Event] = []
    await make_job("in>f>a>c>out", {"f": fan}, c={"collect": Collect("f")}).run(subscribers=[events.append])
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert (events[0].type, events[-1].type) == ("run-started", "run-finished")
    assert {"invocation-queued", "invocation-started", "invocation-succeeded", "branches-opened"} <= {event.type for event in events}


async def test_that_a_subscriber_that_raises_does_not_end_the_run(make_job: Make, caplog: pytest.LogCaptureFixture) -> None:
    def listen(event: Event) -> None:
        raise ValueError("deaf")

    with caplog.at_level(logging.CRITICAL):
        assert (await make_job("in>a>out").run(subscribers=[listen])).ok


class Recorder:
    def __init__(self) -> None:
        self.told: list[str] = []

    async def record(self, ended: Ended) -> None:
        await asyncio.sleep(0)
        self.told.append(f"recorded {ended.task}")


async def test_that_children_start_only_after_the_recorder_returned(make_job: Make) -> None:
    recorder = Recorder()

    def tell(name: str) -> Any:
        async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
            recorder.told.append(f"called {name}")
            return payload

        return run_task

    await make_job("in>a>b>out", {"a": tell("a"), "b": tell("b")}).run(recorder=recorder)
    assert recorder.told == ["recorded in", "called a", "recorded a", "called b", "recorded b"]


async def test_that_a_bug_behind_the_seam_surfaces_and_does_not_hang(make_job: Make) -> None:
    class Broken:
        async def record(self, _: Ended) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await make_job("in>a>out").run(recorder=Broken())


async def test_that_context_variables_do_not_leak_between_bodies(make_job: Make) -> None:
    variable: ContextVar[int] = ContextVar("leak", default=0)
    seen: list[int] = []

    async def leak(payload: dict[str, Any]) -> dict[str, Any]:
        seen.append(variable.get())
        variable.set(1)
        return payload

    await make_job("in>f>a>b>out", {"f": fan, "a": leak, "b": leak}).run()
    assert seen == [0] * 8


async def test_that_the_context_and_log_records_know_their_place(make_job: Make, caplog: pytest.LogCaptureFixture) -> None:
    async def tell(payload: dict[str, Any]) -> dict[str, Any]:
        logging.getLogger("mine").warning("hello")
        here = context()
        here.report_progress(0.5, "half")
        return {"place": f"{here.task} {here.branch_path} {here.attempt} {here.cancelled}"}

    with caplog.at_level(logging.WARNING, logger="mine"):
        result = await make_job("in>f>a>out", {"f": fan, "a": tell}).run()
    assert result.outputs[0]["data"][2] == {"place": "a f[2] 1 False"}
    records = [record for record in caplog.records if record.name == "mine"]
    assert {(vars(record)["run"], vars(record)["task"]) for record in records} == {(result.run_id, "a")}
    assert {vars(record)["branch"] for record in records} == {"f[0]", "f[1]", "f[2]", "f[3]"}


@pytest.mark.parametrize("waits_after", [False, True])
async def test_that_a_body_that_holds_the_loop_is_named(make_job: Make, waits_after: bool) -> None:  # noqa: FBT001  a parameter of the table
    async def hog(payload: dict[str, Any]) -> dict[str, Any]:
        until = time.perf_counter() + 0.12
        while time.perf_counter() < until:
            pass
        if waits_after:
            await asyncio.sleep(0.001)
        return payload

    events: list[Event] = []
    result = await make_job("in>a>b>out", {"a": hog, "b": wait_a_little}).run(subscribers=[events.append])
    assert [event.task for event in events if event.type == "loop-blocked"] == ["a"]  # type: ignore[union-attr]  # such an event has a task
    assert 'the task "a" held the event loop' in result.warnings[0]


async def wait_a_little(payload: dict[str, Any]) -> dict[str, Any]:
    await asyncio.sleep(0.12)
    return payload
