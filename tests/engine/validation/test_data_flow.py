from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.problems import Problem

    Found: TypeAlias = Callable[[dict[str, Any]], list[tuple[str, str]]]
    Make: TypeAlias = Callable[..., dict[str, Any]]
    Problems: TypeAlias = Callable[[dict[str, Any]], list[Problem]]

SPLIT = {"consumes": "string", "produces": "list(string)"}
COUNT = {"consumes": "list(string)", "produces": "integer"}


@pytest.mark.parametrize("consumes", ["list(string)", "list"])
def test_that_a_wire_holds_between_fitting_types(found: Found, job: Make, task: Make, consumes: str) -> None:
    count = task("count", "count", **{**COUNT, "consumes": consumes})
    assert found(job(task("split", "split", **SPLIT), count, edges="in>split split>count count>out")) == []


def test_that_a_wire_between_types_that_do_not_fit_is_reported(problems: Problems, job: Make, task: Make) -> None:
    data = job(task("count", "count", **COUNT), task("split", "split", **SPLIT), edges="in>count count>split split>out")
    (problem,) = problems(data)
    assert (problem.code, problem.pointer, problem.task) == ("type-mismatch", "/workflow/1", "split")
    assert problem.message == '"count" produces integer, but "split" consumes string'


def test_that_a_task_that_is_passed_by_has_the_type_of_what_enters_it(found: Found, job: Make, task: Make) -> None:
    first, second = task("split", "split", **SPLIT), task("count", "count", **COUNT)
    again = task("again", "split", disabled=True, **SPLIT)
    assert found(job(first, again, second, edges="in>split split>again again>count count>out")) == []
    third = task("count 2", "count", disabled="bypass", **COUNT)
    fourth = task("split 2", "split", **SPLIT)
    third["name"], fourth["name"] = "c2", "s2"
    assert found(job(first, third, fourth, edges="in>split split>c2 c2>s2 s2>out")) == [("type-mismatch", "/workflow/2")]


@pytest.mark.parametrize("key", ["consumes", "produces"])
def test_that_a_task_has_one_of_the_types_that_its_definition_offers(problems: Problems, job: Make, task: Make, key: str) -> None:
    data = job(task("count", "count", **{**COUNT, key: "list(strings)"}), edges="in>count count>out")
    (problem,) = problems(data)
    assert (problem.code, problem.pointer) == ("type-not-offered", f"/tasks/2/{key}")


@pytest.mark.parametrize(("consumes", "holds"), [("map", True), ("any", True), ("list", True), ("list(any)", False)])
def test_that_a_collect_takes_what_the_engine_builds(found: Found, job: Make, task: Make, consumes: str, *, holds: bool) -> None:
    data = job(
        task("split", "split", **SPLIT),
        task("all", consumes=consumes, collect={"over": "in"}),
        edges="in>split split>all all>out",
    )
    assert found(data) == ([] if holds else [("type-mismatch", "/workflow/1")])


def test_that_a_join_by_task_takes_what_the_engine_builds(found: Found, job: Make, task: Make) -> None:
    data = job(
        task("split", "split", **SPLIT),
        task("count", "count", consumes="list(string)", produces="integer", join="by-task"),
        edges="in>split split>count count>out",
    )
    assert ("type-mismatch", "/workflow/1") in found(data)
