"""What is kept of each branch."""

from __future__ import annotations

from typing import Any

import pytest

from engine.execution import events
from engine.execution.failure import Failure
from ephemeral_gui.runs.branch_log import BranchLog, failed_branches

STAMP = ("run", 1, 0.0)


def path(index: int) -> tuple[tuple[str, int], ...]:
    return (("split", index),)


def failure(index: int, attempt: int = 1) -> Failure:
    return Failure("work", path(index), attempt, "ValueError", f"no {index}", "Traceback")


def records(log: BranchLog) -> list[tuple[str, str, str]]:
    return [(each.branch, each.state.value, each.error) for each in log.of("work").records]


@pytest.mark.parametrize(
    ("event", "state", "error"),
    [
        (events.InvocationStarted(*STAMP, "work", path(0), 1), "running", ""),
        (events.InvocationSucceeded(*STAMP, "work", path(0), 1, 0.5), "done", ""),
        (events.InvocationFailed(*STAMP, "work", path(0), failure(0)), "failed", "ValueError: no 0"),
        (events.InvocationRetried(*STAMP, "work", path(0), failure(0), 1.0), "retrying", "ValueError: no 0"),
        (events.InvocationSkipped(*STAMP, "work", path(0), "before"), "skipped", "before failed or was skipped"),
        (events.InvocationCancelled(*STAMP, "work", path(0)), "cancelled", ""),
        (events.InvocationCancelled(*STAMP, "work", path(0), abandoned=True), "cancelled", "its body would not end"),
    ],
)
def test_that_each_event_of_an_invocation_is_its_state(event: Any, state: str, error: str) -> None:
    log = BranchLog(1)
    log(event)
    assert records(log) == [("split[0]", state, error)]


def test_that_other_events_say_nothing_of_a_branch() -> None:
    log = BranchLog(1)
    log(events.RunStarted(*STAMP, "job"))
    log(events.BranchesOpened(*STAMP, "work", path(0), 4))
    assert log.of("work").records == ()


def test_that_branches_stand_in_their_order_by_number() -> None:
    log = BranchLog(1)
    for index in (10, 2, 1):
        log(events.InvocationSucceeded(*STAMP, "work", path(index), 1, 0.1))
    assert [each.branch for each in log.of("work").records] == ["split[1]", "split[2]", "split[10]"]


def test_that_the_trunk_has_a_name() -> None:
    log = BranchLog(1)
    log(events.InvocationSucceeded(*STAMP, "work", (), 1, 0.1))
    assert [each.branch for each in log.of("work").records] == ["trunk"]


def test_that_a_million_branches_keep_the_failed_and_the_last_and_count_the_rest() -> None:
    log = BranchLog(1)
    log(events.InvocationFailed(*STAMP, "work", path(0), failure(0)))
    for index in range(1, 1_501):
        log(events.InvocationStarted(*STAMP, "work", path(index), 1))
        log(events.InvocationSucceeded(*STAMP, "work", path(index), 1, 0.1))
    found = log.of("work")
    assert [each.branch for each in (found.records[0], found.records[1], found.records[-1])] == ["split[0]", "split[1001]", "split[1500]"]
    assert (len(found.records), found.more) == (501, 1_000)


def test_that_many_tasks_share_the_room() -> None:
    log = BranchLog(10_000)
    for index in range(100):
        log(events.InvocationSucceeded(*STAMP, "work", path(index), 1, 0.1))
    assert len(log.of("work").records) == 20


def test_that_failures_alone_are_known_of_a_run_that_was_not_followed() -> None:
    found = failed_branches([failure(number) for number in range(600)], "work")
    assert (len(found.records), found.more, found.is_followed) == (500, 100, False)
    assert failed_branches([failure(1)], "other").records == ()
