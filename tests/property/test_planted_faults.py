"""The comparison with the reference is worth something: it finds each of these faults when they are put into the engine."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import JobMapError
from engine.execution import collecting, collects, grouping, joining, planning, run, windows, wires
from engine.execution.payloads import merged
from engine.execution.reached import Reached
from engine.execution.run_state import RunState
from engine.execution.tokens import Absent
from engine.execution.wires import Wires
from engine.model.job_map import Window
from tests.property.driving import assert_as_meant, ready
from tests.property.job_graphs import BYTES, job_from

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.execution.plan import Plan
    from tests.property.comparing import Meaning

    IsWorthARun = Callable[[Plan, Meaning], bool]

MOST_GRAPHS = 2_000
"""As many as are compared in CI; most of the faults are found within some tens."""


def latest_first(branch_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda item: tuple(-number for number in branch_of(item))


def plant_order_of_collects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "_by_branch", latest_first(collecting._by_branch))


def plant_step_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    cut = windows.Windows.__init__
    monkeypatch.setattr(windows.Windows, "__init__", lambda self, window: cut(self, Window(window.size)))


def plant_lost_last_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows.Windows, "finish", lambda _self: [])


def plant_order_of_merging(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "merged", lambda payloads, parents: merged(payloads[::-1], parents[::-1]))


def plant_cause_of_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    def blame_the_last(self: Wires, task: int, branch: Any, tokens: Sequence[Any]) -> None:
        broken = [slot for slot, token in enumerate(tokens) if token is Absent.BROKEN]
        self._enter(task, branch, Absent.BROKEN if broken else Absent.ENDED, broken[-1] if broken else 0)

    monkeypatch.setattr(Wires, "_miss", blame_the_last)


def plant_ended_for_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Wires, "_miss", lambda self, task, branch, _tokens: self._enter(task, branch, Absent.ENDED, 0))


def plant_shared_payloads(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (wires, collects):
        monkeypatch.setattr(module, "isolated", lambda payload: payload)


def plant_dropped_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = collecting.Gather.__init__

    def drop_always(self: Any, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        self.drops_broken = True

    monkeypatch.setattr(collecting.Gather, "__init__", drop_always)


def plant_order_of_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collects, "groups", lambda payloads, key: grouping.groups(payloads, key)[::-1])


def plant_forgotten_breaking_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off_unseen(self: RunState, opening: Any) -> None:
        self.exhausted(opening)
        self.tallies.failed[opening.task] += 1

    monkeypatch.setattr(RunState, "broke", break_off_unseen)


def plant_overlooked_fan_outs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "open_rival", lambda *_: None)


def plant_failures_that_no_lane_hears_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting.Gather, "name_lanes", lambda _self: [])


def plant_results_as_they_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    async def as_they_came(reached: Any) -> list[Any]:
        payloads: list[Any] = reached.payloads
        return payloads

    monkeypatch.setattr(run, "in_branch_order", as_they_came)


def plant_joins_that_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    arrive = joining.arrive

    def arrive_early(join: int, width: int, branch: Any, *what: Any) -> Sequence[Any]:
        return arrive(join, width, branch, *what) or ([(branch, [what[1]] * width, ())] if width > 2 else [])

    monkeypatch.setattr(joining, "arrive", arrive_early)


def plant_ended_branches_that_count(monkeypatch: pytest.MonkeyPatch) -> None:
    deliver = collecting.deliver
    monkeypatch.setattr(
        collecting, "deliver", lambda gather, branch, token, slot: deliver(gather, branch, {} if token is Absent.ENDED else token, slot)
    )


def plant_lost_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.Run, "retry_later", lambda *_: False)


def plant_results_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Reached.keep

    def keep_twice(self: Reached, branch: Any, slot: int, payload: Any) -> None:
        keep(self, branch, slot, payload)
        if branch.index == 2:
            keep(self, branch, slot, payload)

    monkeypatch.setattr(Reached, "keep", keep_twice)


def plant_branches_in_wrong_order(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = RunState.opened
    monkeypatch.setattr(RunState, "opened", lambda self, task, branch, payloads: opened(self, task, branch, payloads[::-1]))


def plant_a_lost_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = RunState.opened
    monkeypatch.setattr(RunState, "opened", lambda self, task, branch, payloads: opened(self, task, branch, payloads[:3]))


def plant_collects_over_what_never_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = collecting.begin
    monkeypatch.setattr(
        collecting, "begin", lambda collect, plan, branch, *, is_idle: begin(collect, plan, branch, is_idle=not (is_idle or plan))
    )


def plant_ways_that_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "count_lanes_behind", lambda *_: 1)


def plant_parents_unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "_MERGE", None)


def has_rivals(plan: Plan, meant: Meaning) -> bool:
    return bool(plan.rivals and meant.parted)


def has_lanes(plan: Plan, _meant: Meaning) -> bool:
    return any(collect is not None and collect.has_lanes for collect in plan.collects)


def every_graph(_plan: Plan, _meant: Meaning) -> bool:
    return True


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("plant", "is_worth_a_run"),
    [
        (plant_order_of_collects, every_graph),
        (plant_step_of_windows, every_graph),
        (plant_lost_last_window, every_graph),
        (plant_order_of_merging, every_graph),
        (plant_cause_of_skips, every_graph),
        (plant_ended_for_failed, every_graph),
        (plant_shared_payloads, every_graph),
        (plant_dropped_failures, every_graph),
        (plant_order_of_groups, every_graph),
        (plant_forgotten_breaking_off, every_graph),
        pytest.param(plant_overlooked_fan_outs, has_rivals, marks=pytest.mark.long),  # it takes a thousand graphs
        (plant_failures_that_no_lane_hears_of, has_lanes),
        (plant_results_as_they_finish, every_graph),
        (plant_joins_that_do_not_wait, every_graph),
        (plant_ended_branches_that_count, every_graph),
        (plant_lost_retries, every_graph),
        (plant_results_twice, every_graph),
        (plant_branches_in_wrong_order, every_graph),
        (plant_a_lost_branch, every_graph),
        (plant_collects_over_what_never_ran, every_graph),
        (plant_ways_that_are_not_counted, has_lanes),
        (plant_parents_unnamed, every_graph),
    ],
)
def test_that_a_planted_fault_is_found(
    plant: Callable[[pytest.MonkeyPatch], None], is_worth_a_run: IsWorthARun, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        compare_many(is_worth_a_run)


def compare_many(is_worth_a_run: IsWorthARun) -> None:
    compared, number = 0, 0
    while compared < MOST_GRAPHS:
        compared, number = compared + compare(number, is_worth_a_run), number + 1


def compare(number: int, is_worth_a_run: IsWorthARun) -> bool:
    """Hold the graph of that number against the reference; return whether there was anything to compare."""
    dice = random.Random(number)  # noqa: S311  for chance, not for secrets
    try:
        driven, job, meant = ready(job_from(dice.randbytes(BYTES)), number)
    except JobMapError:
        return False
    is_worth = is_worth_a_run(job.plan, meant)
    if is_worth:
        assert_as_meant(driven, meant, asyncio.run(driven.run(job, max_concurrent=dice.choice((1, 2, 3, 100)))))
    return is_worth
