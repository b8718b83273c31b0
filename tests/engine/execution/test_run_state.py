"""The rules of a run without an event loop: what is to start after what."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

import pytest

from engine.execution.branches import Opening
from engine.execution.planning import make_plan
from engine.execution.run_state import RunState
from engine.execution.windows import Windows
from engine.model.job_map import Collect, TaskPolicy, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution.backlog import Invocation
    from engine.model.job_map import JobMap


class Driver:
    """Runs bodies of its own on the state machine, one by one, and notes in which order."""

    def __init__(self, job_map: JobMap, returns: dict[str, Any]) -> None:
        self.state = RunState(make_plan(job_map, {}))
        self.names = self.state.plan.names
        self.returns = returns
        self.called: list[str] = []
        self.state.start(self.state.plan.entry, {})

    def step(self) -> bool:
        following = self.state.next()
        assert not isinstance(following, Opening)
        while following is not None:
            following = self.end(following)
        return bool(self.state.backlog.ready)

    def end(self, invocation: Invocation) -> Invocation | None:
        task, branch, payload, _ = invocation
        name = self.names[task]
        self.called.append(name + "".join(f"[{index}]" for _, index in branch.path(self.names)))
        result = self.returns.get(name, payload)
        if isinstance(result, list):
            self.state.opened(task, branch, result)
        elif result == "fails":
            self.state.failed(task, branch)
        else:
            return self.state.returned(task, branch, result)
        return None

    def run(self) -> list[str]:
        while self.step():
            pass
        return self.called


@pytest.fixture
def drive(request: pytest.FixtureRequest) -> Callable[..., Driver]:
    make_map = request.getfixturevalue("make_job_map")
    return lambda edges, returns, **fields: Driver(make_map(edges, **fields), returns)


def test_that_an_only_child_follows_its_parent_in_place(drive: Callable[..., Driver]) -> None:
    driver = drive("in>a>b>out", {})
    driver.step()
    assert driver.called == ["in", "a", "b"]


def test_that_a_branch_is_followed_to_its_end_before_the_next_is_opened(drive: Callable[..., Driver]) -> None:
    driver = drive("in>f>g>a>out", {"f": [{}, {}], "g": [{}, {}]})
    assert driver.run() == ["in", "f", "g[0]", "a[0][0]", "a[0][1]", "g[1]", "a[1][0]", "a[1][1]"]


def test_that_a_list_keeps_one_entry_on_the_stack_however_long_it_is(drive: Callable[..., Driver]) -> None:
    driver = drive("in>f>a>out", {"f": [{}] * 1000})
    driver.step()
    assert len(driver.state.backlog.ready) == 1
    assert driver.state.backlog.queued()[driver.names.index("a")] == 1000


def test_that_a_join_runs_once_both_parents_have_ended(drive: Callable[..., Driver]) -> None:
    assert drive("in>a>j in>b>j j>out", {}).run() == ["in", "a", "b", "j"]


def test_that_a_failure_skips_the_join_and_what_follows(drive: Callable[..., Driver]) -> None:
    driver = drive("in>a>j in>b>j j>k>out", {"a": "fails"})
    assert driver.run() == ["in", "a", "b"]
    assert [driver.state.tallies.skipped[driver.names.index(name)] for name in ("j", "k", "out")] == [1, 1, 1]


def test_that_a_collect_runs_where_its_fan_out_ran(drive: Callable[..., Driver]) -> None:
    driver = drive("in>f>g>c>out", {"f": [{}, {}], "g": [{}]}, c={"collect": Collect("g")})
    assert driver.run() == ["in", "f", "g[0]", "c[0]", "g[1]", "c[1]"]


def test_that_a_branch_that_has_ended_is_let_go(drive: Callable[..., Driver]) -> None:
    driver = drive("in>f>c>out", {"f": [{"i": index} for index in range(3)]}, c={"collect": Collect("f")})
    driver.run()
    assert driver.state.trunk.gathers == {}
    assert driver.state.results[driver.names.index("out")].payloads[0]["count"] == 3


def test_that_a_join_that_has_run_leaves_nothing_behind(drive: Callable[..., Driver]) -> None:
    driver = drive("in>f>g>a>j g>b>j j>out", {"f": [{}] * 20, "g": [{}, {}]})
    driver.run()
    (node,) = (driver.state.trunk.joins or {}).values()
    assert not isinstance(node, tuple)
    assert node.apart is not None
    assert node.apart.nodes == {}
    assert len(driver.called) == 2 + 20 * 7


def test_that_what_outputs_keep_costs_the_garbage_collector_nothing(drive: Callable[..., Driver]) -> None:
    driver = drive("in>f>a>out", {"f": [{"i": index} for index in range(3_000)]})
    gc.collect()
    before = len(gc.get_objects())
    driver.run()
    gc.collect()
    driver.called.clear()
    assert len(driver.state.results[driver.names.index("out")].payloads) == 3_000
    assert len(gc.get_objects()) - before < 300


def test_that_fan_outs_hold_back_while_many_wait_at_a_limit(drive: Callable[..., Driver]) -> None:
    driver = drive("in>f>a>out", {"f": [{}] * 1000}, a={"policy": TaskPolicy(max_concurrent=1)})
    state = driver.state
    driver.step()
    started = []
    while (following := state.next()) is not None:
        assert isinstance(following, tuple)
        if state.backlog.admit(following):
            started.append(following)
    assert (len(started), state.backlog.queued()[driver.names.index("a")]) == (1, 999)
    assert len(state.backlog._waiting[driver.names.index("a")]) == 100
    assert state.is_standing


@pytest.mark.parametrize(
    ("window", "parts", "expected"),
    [
        (Window(2), ["ab", "c"], ["ab", "c"]),
        (Window(2), ["abcd"], ["ab", "cd"]),
        (Window(3, 1), ["a", "bcd", ""], ["abc", "bcd"]),
        (Window(2, 3), ["abcde"], ["ab", "de"]),
        (Window(2, 3), ["abcd"], ["ab", "d"]),
        (Window(3), ["ab"], ["ab"]),
        (Window(2), [""], []),
    ],
)
def test_that_windows_are_cut_as_items_come(window: Window, parts: list[str], expected: list[str]) -> None:
    windows = Windows[str](window)
    cut = [each for part in parts for each in windows.add(part)] + windows.finish()
    assert ["".join(each) for each in cut] == expected
