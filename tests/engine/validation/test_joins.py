from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Found: TypeAlias = Callable[[dict[str, Any]], list[tuple[str, str]]]
    Make: TypeAlias = Callable[..., dict[str, Any]]


@pytest.mark.parametrize("join", ["merge", "by-task", "any"])
def test_that_an_output_has_no_join(found: Found, job: Make, join: str) -> None:
    data = job(edges="in>out")
    data["tasks"][1]["join"] = join
    assert found(data) == [("join-on-output", "/tasks/1/join")]


@pytest.mark.parametrize("collect", [True, {"over": "in"}])
def test_that_an_output_has_no_collect(found: Found, job: Make, collect: object) -> None:
    data = job(edges="in>out")
    data["tasks"][1]["collect"] = collect
    assert found(data) == [("collect-on-output", "/tasks/1/collect")]


def test_that_a_collect_may_be_over_any_task_before_it(found: Found, job: Make, task: Make) -> None:
    for over in ("in", "fan", "mid"):
        collect = task("all", collect={"over": over})
        assert found(job(task("fan", "fan"), task("mid"), collect, edges="in>fan fan>mid mid>all all>out")) == []


@pytest.mark.parametrize(
    ("over", "code"),
    [("fann", "unknown-task"), ("behind", "collect-not-behind"), ("all", "collect-not-behind"), ("beside", "collect-not-behind")],
)
def test_that_a_collect_is_over_a_task_before_it(found: Found, job: Make, task: Make, over: str, code: str) -> None:
    data = job(
        task("fan", "fan"),
        task("all", collect={"over": over}),
        task("behind"),
        task("beside", "fan"),
        edges="in>fan fan>all all>behind behind>out in>beside beside>out",
    )
    assert found(data) == [(code, "/tasks/3/collect/over")]


def test_that_a_collect_stands_before_its_branches_are_gathered_further_out(found: Found, job: Make, task: Make) -> None:
    data = job(
        task("far", "fan"),
        task("near", "fan"),
        task("whole", collect={"over": "far"}),
        task("late", collect={"over": "near"}),
        edges="in>far far>near near>whole whole>late late>out",
    )
    assert found(data) == [("collect-too-late", "/tasks/5/collect/over")]
    data["tasks"][5]["collect"] = True
    assert found(data) == [("collect-too-late", "/tasks/5/collect")]


def test_that_a_collect_may_gather_what_was_gathered_within_its_branches(found: Found, job: Make, task: Make) -> None:
    data = job(
        task("far", "fan"),
        task("near", "fan"),
        task("parts", collect={"over": "near"}),
        task("whole", collect={"over": "far"}),
        edges="in>far far>near near>parts parts>whole whole>out",
    )
    assert found(data) == []


@pytest.mark.parametrize("collect", [True, {"missing": "drop"}])
def test_that_a_collect_finds_the_nearest_fan_out(found: Found, job: Make, task: Make, collect: object) -> None:
    data = job(
        task("far", "fan"),
        task("near", "fan"),
        task("all", collect=collect),
        edges="in>far far>near near>all all>out",
    )
    assert found(data) == []


def test_that_a_collect_asks_over_what_where_nothing_fans_out(found: Found, job: Make, task: Make) -> None:
    data = job(task("all", collect=True), edges="in>all all>out")
    assert found(data) == [("collect-needs-over", "/tasks/2/collect")]


def test_that_a_collect_asks_over_which_of_two_equally_near(found: Found, job: Make, task: Make) -> None:
    data = job(task("a", "fan"), task("b", "fan"), task("all", collect=True), edges="in>a a>all in>b b>all all>out")
    assert ("collect-needs-over", "/tasks/4/collect") in found(data)


def test_that_a_fan_out_that_is_passed_by_opens_nothing(found: Found, job: Make, task: Make) -> None:
    data = job(task("fan", "fan", disabled=True), task("all", collect=True), edges="in>fan fan>all all>out")
    assert found(data) == [("collect-needs-over", "/tasks/3/collect")]


@pytest.mark.parametrize(
    "edges",
    [
        "in>f f>a f>b a>j b>j j>out",
        "in>f f>a in>b a>j b>j j>out",
        "in>f in>a in>b f>a a>j b>j f>j j>out",
    ],
)
def test_that_parents_on_the_branches_of_one_fan_out_join(found: Found, job: Make, task: Make, edges: str) -> None:
    assert found(job(task("f", "fan"), task("a"), task("b"), task("j"), edges=edges)) == []


def test_that_parents_on_the_branches_of_two_fan_outs_do_not_join(found: Found, job: Make, task: Make) -> None:
    tasks = (task("f", "fan"), task("g", "fan"), task("a"), task("b"), task("j"), task("k"))
    data = job(*tasks, edges="in>f in>g f>a g>b a>j b>j j>k k>out")
    assert found(data) == [("two-fan-outs", "/tasks/6")]


def test_that_parents_that_fan_out_below_a_shared_branch_do_not_join(found: Found, job: Make, task: Make) -> None:
    tasks = (task("top", "fan"), task("f", "fan"), task("g", "fan"), task("j"))
    assert found(job(*tasks, edges="in>top top>f top>g f>j g>j j>out")) == [("two-fan-outs", "/tasks/5")]


def test_that_branches_that_were_collected_join(found: Found, job: Make, task: Make) -> None:
    tasks = (task("f", "fan"), task("g", "fan"), task("all", collect=True), task("j"))
    assert found(job(*tasks, edges="in>f in>g f>all all>j g>j j>out")) == []


def test_that_outputs_take_what_comes_from_two_fan_outs(found: Found, job: Make, task: Make) -> None:
    assert found(job(task("f", "fan"), task("g", "fan"), edges="in>f in>g f>out g>out")) == []


def test_that_what_is_not_installed_leaves_joins_to_the_run(found: Found, job: Make, task: Make) -> None:
    unknown = {**task("u"), "method": "frobnicate"}
    data = job(unknown, task("g", "fan"), task("all", collect=True), edges="in>u in>g u>all g>all all>out")
    assert found(data) == [("unknown-method", "/tasks/2/method")]


@pytest.mark.parametrize(
    "edges",
    [
        "in>p p>a in>a p>y a>y y>out",
        "in>f f>a f>p p>a a>x f>x x>out",
        "in>f f>a in>a a>x a>y x>j y>j j>out",
        "in>a in>a2 a>x a2>x in>p p>x x>out",
    ],
)
def test_that_parents_behind_a_join_of_any_join(found: Found, job: Make, task: Make, edges: str) -> None:
    names = {name for edge in edges.split() for name in edge.split(">")} - {"in", "out"}
    tasks = [task(name, "fan" if name == "f" else "pass", join="any" if name == "a" else "merge") for name in sorted(names)]
    assert found(job(*tasks, edges=edges)) == []


@pytest.mark.parametrize(
    ("edges", "join"),
    [
        ("in>p p>a in>a in>f f>j a>j j>out", "j"),
        ("in>f f>a in>a f>j a>j j>out", "j"),
        ("in>p p>a in>a p>a2 in>a2 a>j a2>j j>out", "j"),
        ("in>p p>a in>a a>a2 in>a2 a>j a2>j j>out", "j"),
        ("in>p p>a in>a a>f a>g f>j g>j j>out", "j"),
    ],
)
def test_that_a_join_of_any_opens_branches_as_a_fan_out_does(found: Found, job: Make, task: Make, edges: str, join: str) -> None:
    names = sorted({name for edge in edges.split() for name in edge.split(">")} - {"in", "out"})
    methods = {"f": "fan", "g": "fan"}
    tasks = [task(name, methods.get(name, "pass"), join="any" if name in ("a", "a2") else "merge") for name in names]
    assert found(job(*tasks, edges=edges)) == [("two-fan-outs", f"/tasks/{names.index(join) + 2}")]


def test_that_a_join_of_any_with_one_parent_left_opens_nothing(found: Found, job: Make, task: Make) -> None:
    tasks = [task("f", "fan"), task("p", disabled="off"), task("a", join="any"), task("j")]
    assert found(job(*tasks, edges="in>f in>p p>a in>a a>j f>j j>out")) == []


@pytest.mark.parametrize("collect", [True, {"over": "f"}])
def test_that_all_that_a_collect_gets_through_a_join_of_any_comes_from_its_fan_out(
    found: Found, job: Make, task: Make, collect: object
) -> None:
    tasks = [task("f", "fan"), task("p"), task("a", join="any"), task("all", collect=collect)]
    assert found(job(*tasks, edges="in>f f>a in>p p>a a>all all>out")) == [("collect-of-others", "/tasks/5/collect")]
    assert found(job(*tasks, edges="in>f f>a f>p p>a a>all all>out")) == []


def test_that_a_policy_decides_where_a_body_runs(found: Found, job: Make, task: Make) -> None:
    assert found(job(task("a", "threaded", policy={"runs": "loop"}), edges="in>a a>out")) == []
