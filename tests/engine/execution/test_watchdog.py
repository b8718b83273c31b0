"""What is seen from beside the event loop: where a body holds it, and that memory is short."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Any

from engine.execution import memory, watchdog
from engine.execution.events import LoopBlocked
from engine.tasks import context

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from engine.execution import Job
    from engine.execution.events import Event

    Make = Callable[..., Job]


def is_long_enough(here: Any, began: float) -> bool:
    """Return whether a body has held the loop until that was seen, however busy the machine is."""
    held, holder = time.perf_counter() - began, here.run.watchdog.stepping
    return held > 30 or (held > 0.15 and holder.held_at[0] == holder.holds_since())


def dawdle() -> None:
    here, began = context(), time.perf_counter()
    while not is_long_enough(here, began):
        time.sleep(0.01)  # noqa: TID251  that is the test


async def dawdles(payload: dict[str, Any]) -> dict[str, Any]:
    dawdle()
    return payload


async def computes(payload: dict[str, Any]) -> dict[str, Any]:
    here, began = context(), time.perf_counter()
    while not is_long_enough(here, began):
        pass
    return payload


async def test_that_a_body_that_blocks_is_named_with_its_place_and_the_way_out(make_job: Make) -> None:
    result = await make_job("in>a>out", {"a": dawdles}).run()
    (warning,) = result.warnings
    assert warning.startswith('the task "a" held the event loop (test_watchdog.py, line ')
    assert warning.endswith('); everything else stood meanwhile: give it "runs": "thread" or "process"')


async def test_that_the_event_brings_the_stack_of_the_body_alone(make_job: Make) -> None:
    told: list[Event] = []
    await make_job("in>a>b>out", {"a": dawdles, "b": computes}).run(subscribers=[told.append])
    stacks = {event.task: event.stack for event in told if isinstance(event, LoopBlocked)}
    assert [re.findall(r"in (\w+)", stack)[:1] for stack in stacks.values()] == [["dawdles"], ["computes"]]
    assert "in dawdle\n" in stacks["a"]


async def test_that_each_task_is_named_once(make_job: Make) -> None:
    async def fan(_: dict[str, Any]) -> list[dict[str, Any]]:
        return [{}, {}]

    result = await make_job("in>f>a>out", {"f": fan, "a": dawdles}).run()
    assert len(result.warnings) == 1


async def test_that_short_memory_is_said_once_and_ends_nothing(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "LOOKS_BETWEEN_MEMORY", 1)
    monkeypatch.setattr(memory, "held_by", lambda _: 8_100_000_000)
    monkeypatch.setattr(memory, "spare", lambda: 1_900_000_000)
    result = await make_job("in>a>out", {"a": dawdles}).run()
    (warning,) = [each for each in result.warnings if "memory" in each]
    assert warning.startswith("memory is short: this process holds 8.1 GB and can have 1.9 GB more; ")
    assert result.ok


async def test_that_enough_memory_is_not_spoken_of(make_job: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "LOOKS_BETWEEN_MEMORY", 1)
    monkeypatch.setattr(memory, "held_by", lambda _: 7_900_000_000)
    monkeypatch.setattr(memory, "spare", lambda: 2_100_000_000)
    assert not [each for each in (await make_job("in>a>out", {"a": dawdles}).run()).warnings if "memory" in each]


async def test_that_the_watchdog_is_gone_when_the_run_has_ended(make_job: Make) -> None:
    run = make_job("in>a>out", {"a": dawdles}).start()
    await run
    assert "ephemeral-watchdog" not in [thread.name for thread in threading.enumerate()]
