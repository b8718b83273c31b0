"""A spoiled file is reported as a whole: text, shape and meaning at once, and nothing twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import engine
from engine.catalog import load_catalog
from engine.errors import InputMissingError
from engine.validation import check_file

if TYPE_CHECKING:
    from collections.abc import Callable

JOB = Path(engine.__file__).parent.parent / "resources" / "jobs" / "branching-strings" / "job.json"


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], object]], list[tuple[str, str]]]:
    """Spoil the branching job and return the (code, pointer) of what is found, all with a line."""

    def check(spoil: Callable[[dict[str, Any]], object]) -> list[tuple[str, str]]:
        data = json.loads(JOB.read_text(encoding="utf-8"))
        spoil(data)
        path = tmp_path / "job.json"
        path.write_text(json.dumps(data, indent=2), encoding="utf-8")
        problems = check_file(path, load_catalog())
        assert all(problem.line for problem in problems)
        return [(problem.code, problem.pointer) for problem in problems]

    return check


def spoil_everything(data: dict[str, Any]) -> None:
    del data["name"]
    data["tasks"][2]["method"] = "capitalise_words"
    data["tasks"][3]["init_args"]["word_length"] = "four"
    data["tasks"][4]["policy"] = {"retries": -1}
    data["tasks"][5]["consumes"] = "list(integer)"
    data["workflow"] += [["in", "nowhere"], ["capitalize", "capitalize"], "edge"]


def test_that_shape_and_meaning_are_reported_together_in_the_order_of_the_text(spoiled: Callable[..., Any]) -> None:
    assert spoiled(spoil_everything) == [
        ("missing-key", "/name"),
        ("unknown-method", "/tasks/2/method"),
        ("wrong-argument-type", "/tasks/3/init_args/word_length"),
        ("out-of-range", "/tasks/4/policy/retries"),
        ("type-not-offered", "/tasks/5/consumes"),
        ("type-mismatch", "/workflow/4"),
        ("unknown-task", "/workflow/8/1"),
        ("self-edge", "/workflow/9"),
        ("wrong-type", "/workflow/10"),
    ]


def test_that_pointers_stay_true_behind_a_task_that_cannot_be_read(spoiled: Callable[..., Any]) -> None:
    def spoil(data: dict[str, Any]) -> None:
        data["tasks"][1] = "split"
        data["tasks"][2]["method"] = "capitalise_words"

    assert spoiled(spoil) == [("wrong-type", "/tasks/1"), ("unknown-method", "/tasks/2/method")]


@pytest.mark.parametrize("spoiled_type", [7, "imput", None])
def test_that_a_lost_type_is_not_complained_of_as_a_missing_input(spoiled: Callable[..., Any], spoiled_type: object) -> None:
    found = spoiled(lambda data: data["tasks"][0].update(type=spoiled_type))
    assert [pointer for _, pointer in found] == ["/tasks/0/type"]


def test_that_a_file_without_any_shape_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_text("[1, 2", encoding="utf-8")
    assert [(problem.pointer, problem.line) for problem in check_file(path, load_catalog())] == [("", 1)]


def test_that_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError):
        check_file(tmp_path / "gone.json", load_catalog())
