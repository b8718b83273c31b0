"""The comparison with the reference is worth something: it finds each of these faults when they are put into the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from engine.execution import collecting, collects, grouping, joining, run, windows, wires
from engine.execution.payloads import merged
from engine.execution.run_state import RunState
from engine.execution.tokens import Absent
from engine.execution.wires import Wires
from engine.model.job_map import Window
from tests.property.job_graphs import drawn_jobs
from tests.property.test_runs_against_reference import LIMITS, SEEDS, agree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_GRAPHS = 2_000
"""As many as are compared in CI; each fault was found within some 300."""


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


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "plant",
    [
        plant_order_of_collects,
        plant_step_of_windows,
        plant_lost_last_window,
        plant_order_of_merging,
        plant_cause_of_skips,
        plant_ended_for_failed,
        plant_shared_payloads,
        plant_dropped_failures,
        plant_order_of_groups,
        plant_forgotten_breaking_off,
        plant_overlooked_fan_outs,
        plant_failures_that_no_lane_hears_of,
        plant_results_as_they_finish,
    ],
)
def test_that_a_planted_fault_is_found(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    until_found = settings(
        max_examples=MOST_GRAPHS,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    with pytest.raises(AssertionError):
        until_found(given(drawn_jobs(), SEEDS, LIMITS)(agree))()
