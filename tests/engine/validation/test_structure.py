from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.problems import Problem

    Found: TypeAlias = Callable[[dict[str, Any]], list[tuple[str, str]]]
    Make: TypeAlias = Callable[..., dict[str, Any]]


def test_that_a_sound_job_map_has_no_problems(found: Found, job: Make, task: Make) -> None:
    assert found(job(task("a"), edges="in>a a>out")) == []


def test_that_there_is_exactly_one_input(found: Found, job: Make, task: Make) -> None:
    data = job(task("a"), {"name": "in 2", "type": "input"}, edges="in>a a>out in>out in>a")
    data["workflow"].pop()
    assert found(data) == [("several-inputs", "/tasks/3")]
    assert found({**data, "tasks": data["tasks"][1:3], "workflow": [["a", "out"]]}) == [("no-input", "/tasks")]


def test_that_there_is_an_output(found: Found, job: Make) -> None:
    data = job(edges="")
    assert found({**data, "tasks": data["tasks"][:1]}) == [("no-output", "/tasks")]


def test_that_an_empty_job_map_is_told_what_it_lacks(found: Found, job: Make) -> None:
    assert found({**job(edges=""), "tasks": []}) == [("no-input", "/tasks"), ("no-output", "/tasks")]


def test_that_names_are_unique(problems: Callable[[dict[str, Any]], list[Problem]], job: Make, task: Make) -> None:
    first, second = problems(job(task("a"), task("a"), task("a"), edges="in>a a>out"))
    assert [each.pointer for each in (first, second)] == ["/tasks/3/name", "/tasks/4/name"]
    assert first.message == 'the name "a" is taken by /tasks/2'
    assert first.task == "a"


@pytest.mark.parametrize(("one", "other"), [("Filter", "filter"), ("caf\u00e9", "cafe\u0301"), ("STRASSE", "straße")])
def test_that_names_that_look_alike_are_kept_apart_and_warned_of(
    problems: Callable[[dict[str, Any]], list[Problem]], job: Make, task: Make, one: str, other: str
) -> None:
    (twin,) = problems(job(task(one), task(other), edges=f"in>{one} in>{other} {one}>out {other}>out"))
    assert (twin.code, twin.pointer, twin.is_error) == ("twin-names", "/tasks/3/name", False)


def test_that_a_task_has_a_name(found: Found, job: Make) -> None:
    data = job(edges="in>out")
    data["tasks"].append({"name": "", "type": "output"})
    assert ("empty-name", "/tasks/2/name") in found(data)


def test_that_ids_told_twice_are_warned_of(found: Found, job: Make) -> None:
    data = job(edges="in>out in>o2")
    data["tasks"][1]["id"] = "x"
    data["tasks"].append({"name": "o2", "type": "output", "id": "x"})
    assert found(data) == [("duplicate-id", "/tasks/2/id")]


def test_that_a_function_task_has_its_four_keys(found: Found, job: Make) -> None:
    data = job({"name": "a", "type": "function"}, edges="in>a a>out")
    keys = ("namespace", "method", "consumes", "produces")
    assert found(data) == [("missing-key", f"/tasks/2/{key}") for key in sorted(keys)]


@pytest.mark.parametrize(
    ("way", "pointer"),
    [
        ((), "/frobnicate"),
        (("policy",), "/policy/frobnicate"),
        (("tasks", 1), "/tasks/1/frobnicate"),
        (("tasks", 2), "/tasks/2/frobnicate"),
        (("tasks", 2, "policy"), "/tasks/2/policy/frobnicate"),
        (("tasks", 2, "collect"), "/tasks/2/collect/frobnicate"),
        (("layout",), "/layout/frobnicate"),
        (("layout", "notes", 0), "/layout/notes/0/frobnicate"),
        (("layout", "frames", 0), "/layout/frames/0/frobnicate"),
        (("datasource",), "/datasource/frobnicate"),
    ],
)
def test_that_unknown_keys_are_warned_of(
    problems: Callable[[dict[str, Any]], list[Problem]],
    job: Make,
    task: Make,
    way: tuple[str | int, ...],
    pointer: str,
) -> None:
    box = {"position": [0, 0], "size": [1, 1]}
    data = job(
        task("a", policy={}, consumes="map", collect={"over": "in"}),
        edges="in>a a>out",
        policy={},
        layout={"notes": [{"text": "", **box}], "frames": [{"title": "", **box}]},
    )
    holder: Any = data
    for step in way:
        holder = holder[step]
    holder["frobnicate"] = 1
    (warning,) = problems(data)
    assert (warning.code, warning.pointer, warning.is_error) == ("unknown-key", pointer, False)


def test_that_an_unknown_key_is_told_what_was_meant(problems: Callable[[dict[str, Any]], list[Problem]], job: Make, task: Make) -> None:
    (warning,) = problems(job(task("a", policy={"retrys": 1}), edges="in>a a>out"))
    assert warning.hint == "did you mean 'retries'?"


def test_that_keys_of_function_tasks_mean_nothing_elsewhere(found: Found, job: Make) -> None:
    data = job(edges="in>out")
    data["tasks"][0].update(namespace="words", join="any", collect=True, disabled=True)
    keys = ("collect", "disabled", "join", "namespace")
    assert found(data) == [("ignored-key", f"/tasks/0/{key}") for key in keys]
