from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.problems import Problem

    Found: TypeAlias = Callable[[dict[str, Any]], list[tuple[str, str]]]
    Make: TypeAlias = Callable[..., dict[str, Any]]
    Problems: TypeAlias = Callable[[dict[str, Any]], list[Problem]]


@pytest.mark.parametrize(
    ("edge", "code", "pointer"),
    [
        ("a>b", "unknown-task", "/workflow/2/1"),
        ("b>a", "unknown-task", "/workflow/2/0"),
        ("a>a", "self-edge", "/workflow/2"),
        ("in>in", "self-edge", "/workflow/2"),
        ("in>a", "double-edge", "/workflow/2"),
        ("a>in", "edge-into-input", "/workflow/2"),
        ("out>a", "edge-out-of-output", "/workflow/2"),
    ],
)
def test_that_a_spoiled_edge_is_reported_at_its_place(  # noqa: PLR0917  one row of the table, one parameter a column
    found: Found, job: Make, task: Make, edge: str, code: str, pointer: str
) -> None:
    assert found(job(task("a"), edges=f"in>a a>out {edge}")) == [(code, pointer)]


def test_that_an_edge_from_an_output_to_the_input_breaks_two_rules(found: Found, job: Make) -> None:
    expected = [("edge-into-input", "/workflow/1"), ("edge-out-of-output", "/workflow/1")]
    assert found(job(edges="in>out out>in")) == expected


def test_that_an_unknown_task_is_told_what_was_meant(problems: Problems, job: Make, task: Make) -> None:
    (problem,) = problems(job(task("filter"), edges="in>filter fliter>out"))
    assert problem.message == 'there is no task "fliter"'
    assert problem.hint == "did you mean 'filter'?"


def test_that_a_cycle_of_two_names_both_tasks(problems: Problems, job: Make, task: Make) -> None:
    first, second = problems(job(task("a"), task("b"), edges="in>a a>b b>a b>out"))
    assert (first.code, first.pointer, first.task) == ("cycle", "/tasks/2", "a")
    assert (second.code, second.pointer, second.task) == ("cycle", "/tasks/3", "b")
    assert first.message == 'a cycle of 2 tasks: "a" > "b" > "a"'


def test_that_the_shortest_cycle_of_a_knot_is_named(found: Found, job: Make, task: Make) -> None:
    names = "abcdef"
    chain = " ".join(f"{one}>{other}" for one, other in itertools.pairwise(names))
    cycles = found(job(*map(task, names), edges=f"in>a {chain} f>a e>c f>out"))
    assert cycles == [("cycle", f"/tasks/{index}") for index in (4, 5, 6)]


def test_that_cycles_apart_from_each_other_are_all_reported(found: Found, job: Make, task: Make) -> None:
    edges = "in>a a>b b>a b>c c>d d>e e>d d>out"
    assert {pointer for _, pointer in found(job(*map(task, "abcde"), edges=edges))} == {f"/tasks/{index}" for index in (2, 3, 5, 6)}


def test_that_a_cycle_of_a_thousand_is_reported_with_all_its_tasks(problems: Problems, job: Make, task: Make) -> None:
    names = [f"t{index}" for index in range(1_000)]
    ring = " ".join(f"{one}>{other}" for one, other in zip(names, [*names[1:], names[0]], strict=True))
    cycle = problems(job(*map(task, names), edges=f"in>t0 {ring} t5>out"))
    assert [problem.task for problem in cycle] == names
    assert cycle[0].message.endswith('"t18" > "t19" > 980 more > "t0"')


def test_that_a_large_knot_is_reported_in_a_moment(problems: Problems, job: Make, task: Make) -> None:
    names = [f"t{index}" for index in range(3_000)]
    ring = [f"{one}>{other}" for one, other in zip(names, [*names[1:], names[0]], strict=True)]
    skips = [f"{names[index]}>{names[(index + 700) % 3_000]}" for index in range(0, 3_000, 3)]
    data = job(*map(task, names), edges=" ".join(["in>t0", *ring, *skips, "t5>out"]))
    start = time.process_time()
    assert {problem.code for problem in problems(data)} == {"cycle"}
    assert time.process_time() - start < 5


def test_that_a_task_out_of_reach_is_warned_of(problems: Problems, job: Make, task: Make) -> None:
    (warning,) = problems(job(task("a"), task("b"), edges="in>a a>out"))
    assert (warning.code, warning.pointer, warning.is_error) == ("unreached-task", "/tasks/3", False)


def test_that_a_join_with_a_parent_out_of_reach_would_wait_for_ever(problems: Problems, job: Make, task: Make) -> None:
    lost, waits = problems(job(task("a"), task("lost"), edges="in>a lost>a a>out"))
    assert (lost.code, lost.pointer, lost.is_error) == ("unreached-task", "/tasks/3", False)
    assert (waits.code, waits.pointer, waits.is_error) == ("waits-for-ever", "/workflow/1", True)


def test_that_an_output_takes_what_comes_though_a_parent_is_out_of_reach(problems: Problems, job: Make, task: Make) -> None:
    assert not any(each.is_error for each in problems(job(task("a"), task("lost"), edges="in>a a>out lost>out")))


def test_that_a_task_whose_results_go_nowhere_is_warned_of(problems: Problems, job: Make, task: Make) -> None:
    (warning,) = problems(job(task("a"), edges="in>a in>out"))
    assert (warning.code, warning.pointer, warning.is_error) == ("dead-end", "/tasks/2", False)
