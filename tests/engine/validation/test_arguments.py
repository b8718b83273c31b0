from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from engine.validation.methods import ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.problems import Problem

    Found: TypeAlias = Callable[[dict[str, Any]], list[tuple[str, str]]]
    Make: TypeAlias = Callable[..., dict[str, Any]]
    Problems: TypeAlias = Callable[[dict[str, Any]], list[Problem]]


def _ask(job: Make, task: Make, **arguments: object) -> dict[str, Any]:
    return job(task("a", "ask", init_args={"text": "why", **arguments}), edges="in>a a>out")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", 1),
        ("count", 9),
        ("share", 1),
        ("share", 0.5),
        ("flag", False),
        ("table", {"a": [1]}),
        ("names", []),
        ("names", ["a"]),
        ("how", "slow"),
        ("anything", None),
        ("none", None),
        ("source", "../data/a.csv"),
        ("source", "/data/a.csv"),
        ("target", "plots/a.png"),
        ("text", {"$secret": "TOKEN"}),
        ("count", {"$secret": "TOKEN"}),
        ("how", {"$secret": "TOKEN"}),
        ("names", ["a", {"$secret": "TOKEN"}]),
        ("table", {"key": {"$secret": "TOKEN"}}),
    ],
)
def test_that_a_fitting_argument_is_accepted(found: Found, job: Make, task: Make, name: str, value: object) -> None:
    assert found(_ask(job, task, **{name: value})) == []


@pytest.mark.parametrize(
    ("name", "value", "code", "inner"),
    [
        ("text", 5, "wrong-argument-type", ""),
        ("text", None, "wrong-argument-type", ""),
        ("count", "5", "wrong-argument-type", ""),
        ("count", 1.0, "wrong-argument-type", ""),
        ("count", True, "wrong-argument-type", ""),
        ("share", "0.5", "wrong-argument-type", ""),
        ("share", False, "wrong-argument-type", ""),
        ("flag", 0, "wrong-argument-type", ""),
        ("table", [], "wrong-argument-type", ""),
        ("names", "a", "wrong-argument-type", ""),
        ("names", ["a", 5], "wrong-argument-type", "/1"),
        ("count", 0, "out-of-range", ""),
        ("count", 10, "out-of-range", ""),
        ("count", 10**400, "out-of-range", ""),
        ("how", "quick", "not-among-choices", ""),
        ("source", "a\0b", "bad-path", ""),
        ("target", "/etc/a", "bad-path", ""),
        ("target", "../a", "bad-path", ""),
        ("target", "C:\\a", "bad-path", ""),
        ("text", {"$secret": 5}, "wrong-argument-type", ""),
        ("anything", {"$secret": ""}, "wrong-argument-type", ""),
        ("table", {"key": {"$secret": "A", "more": 1}}, "wrong-argument-type", "/key"),
    ],
)
def test_that_a_spoiled_argument_is_reported_at_its_place(  # noqa: PLR0917  one row of the table, one parameter a column
    found: Found, job: Make, task: Make, name: str, value: object, code: str, inner: str
) -> None:
    assert found(_ask(job, task, **{name: value})) == [(code, f"/tasks/2/init_args/{name}{inner}")]


def test_that_all_spoiled_arguments_are_reported(found: Found, job: Make, task: Make) -> None:
    data = _ask(job, task, count=0, how="quick", frobnicate=1)
    del data["tasks"][2]["init_args"]["text"]
    assert found(data) == [
        ("out-of-range", "/tasks/2/init_args/count"),
        ("unknown-argument", "/tasks/2/init_args/frobnicate"),
        ("not-among-choices", "/tasks/2/init_args/how"),
        ("missing-argument", "/tasks/2/init_args/text"),
    ]


def test_that_an_unknown_argument_is_told_what_was_meant(problems: Problems, job: Make, task: Make) -> None:
    (problem,) = problems(_ask(job, task, tabel={}))
    assert problem.hint == "did you mean 'table'?"


def test_that_a_secret_never_shows_in_a_problem(problems: Problems, job: Make, task: Make) -> None:
    (problem,) = problems(_ask(job, task, table={"$secret": "A", "token": "hush"}))
    assert "hush" not in problem.describe()


@pytest.mark.parametrize(
    ("namespace", "method", "code", "hint"),
    [
        ("wrods", "split", "unknown-namespace", "did you mean 'words'?"),
        ("words", "spilt", "unknown-method", "did you mean 'split'?"),
        ("words", "open", "unknown-method", ELSEWHERE),
        ("os", "system", "unknown-namespace", ELSEWHERE),
        ("..words", "split", "unknown-namespace", "did you mean 'words'?"),
        ("http://example.org", "x", "unknown-namespace", ELSEWHERE),
        ("n" * 10_000, "m" * 10_000, "unknown-namespace", ELSEWHERE),
    ],
)
def test_that_what_is_not_installed_is_named(  # noqa: PLR0917  one row of the table, one parameter a column
    problems: Problems, job: Make, task: Make, namespace: str, method: str, code: str, hint: str
) -> None:
    data = job({**task("a"), "namespace": namespace, "method": method}, edges="in>a a>out")
    (problem,) = problems(data)
    assert (problem.code, problem.hint) == (code, hint)
    assert problem.pointer == f"/tasks/2/{code.removeprefix('unknown-')}"
    assert "is not installed" in problem.message
    assert len(problem.message) < 300
