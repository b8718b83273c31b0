"""What mends a problem by one click, and that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from engine.files import job_map_to_data, parse_job_map
from engine.model.definition import Argument, Definition
from engine.problems import Problem
from engine.validation import validate
from engine.validation.fixes import Fix, find_fix, last_drawn_first

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.model.job_map import JobMap

    Make: TypeAlias = Callable[..., dict[str, Any]]


@pytest.fixture
def fixes(catalog: Any) -> Callable[[dict[str, Any]], list[tuple[Problem, Fix | None]]]:
    """Return each problem of a job map given as data with its fix."""

    def of(data: dict[str, Any]) -> list[tuple[Problem, Fix | None]]:
        job_map = parse_job_map(data)
        return [(problem, find_fix(problem, job_map, catalog)) for problem in validate(job_map, catalog)]

    return of


@pytest.fixture
def mended(fixes: Any, catalog: Any) -> Callable[..., tuple[str, JobMap]]:
    """Take the fix of the first problem of a code and return its words and the job map, which has one such problem less."""

    def mend(code: str, data: dict[str, Any]) -> tuple[str, JobMap]:
        found = [(problem, fix) for problem, fix in fixes(data) if problem.code == code]
        assert found, f"the map has no {code}"
        fix = found[0][1]
        assert fix is not None
        left = [problem for problem in validate(fix.job_map, catalog) if problem.code == code]
        assert len(left) < len(found)
        return fix.text, fix.job_map

    return mend


@pytest.mark.parametrize(
    ("arguments", "code", "text", "after"),
    [
        ({"text": "x", "how": "slwo"}, "not-among-choices", 'Set to "slow"', {"text": "x", "how": "slow"}),
        ({"text": "x", "count": 0}, "out-of-range", "Set to 1", {"text": "x", "count": 1}),
        ({"text": "x", "count": 12}, "out-of-range", "Set to 9", {"text": "x", "count": 9}),
        ({"text": "x", "count": "3"}, "wrong-argument-type", "Set to 3", {"text": "x", "count": 3}),
        ({"text": "x", "count": 3.0}, "wrong-argument-type", "Set to 3", {"text": "x", "count": 3}),
        ({"text": 3}, "wrong-argument-type", 'Set to "3"', {"text": "3"}),
        ({"text": "x", "names": "a"}, "wrong-argument-type", 'Set to ["a"]', {"text": "x", "names": ["a"]}),
        ({"text": "x", "cuont": 3}, "unknown-argument", "Rename to count", {"text": "x", "count": 3}),
        ({"text": "x", "cuont": 3, "count": 4}, "unknown-argument", "Remove cuont", {"text": "x", "count": 4}),
        ({"text": "x", "zzz": 3}, "unknown-argument", "Remove zzz", {"text": "x"}),
    ],
)
def test_that_an_argument_is_mended(  # noqa: PLR0917  one row of the table, one parameter a column
    mended: Any, job: Make, task: Make, arguments: dict[str, Any], code: str, text: str, after: dict[str, Any]
) -> None:
    said, job_map = mended(code, job(task("a", "ask", init_args=arguments), edges="in>a a>out"))
    assert said == text
    assert job_map.by_name["a"].init_args == after


def test_that_a_missing_argument_gets_its_default() -> None:
    class OneMethod:
        problems = ()

        def definition(self, namespace: str, method: str) -> Definition | None:
            del namespace, method
            return Definition("n", "m", "", ("any",), ("any",), (Argument("size", "integer", required=True, default=4, has_default=True),))

        def namespaces(self) -> tuple[str, ...]:
            return ("n",)

        def methods(self, namespace: str) -> tuple[str, ...]:
            return (namespace and "m",)

    task = {"name": "a", "type": "function", "namespace": "n", "method": "m", "consumes": "any", "produces": "any", "init_args": {}}
    ends = [{"name": "in", "type": "input"}, {"name": "out", "type": "output"}]
    data = {"name": "j", "datasource": {"source": "direct", "content": {}}, "tasks": [*ends, task], "workflow": [["in", "a"], ["a", "out"]]}
    job_map = parse_job_map(data)
    (problem,) = validate(job_map, OneMethod())
    fix = find_fix(problem, job_map, OneMethod())
    assert fix is not None
    assert (fix.text, dict(fix.job_map.by_name["a"].init_args)) == ("Set to 4", {"size": 4})


def test_that_a_missing_argument_without_a_default_is_left_to_a_person(fixes: Any, job: Make, task: Make) -> None:
    ((problem, fix),) = fixes(job(task("a", "ask"), edges="in>a a>out"))
    assert (problem.code, fix) == ("missing-argument", None)


@pytest.mark.parametrize(
    ("edges", "code", "text", "after"),
    [
        ("in>abc abc>out abc>abd", "unknown-task", 'Rename to "abc"', None),
        ("in>abc abc>out abc>zzzzz", "unknown-task", "Remove this edge", "in>abc abc>out"),
        ("in>abc abc>out abcd>out", "unknown-task", "Remove this edge", "in>abc abc>out"),
        ("in>abc acb>out", "unknown-task", 'Rename to "abc"', "in>abc abc>out"),
        ("in>abc abc>out in>abc", "double-edge", "Remove this edge", "in>abc abc>out"),
        ("in>abc abc>abc abc>out", "self-edge", "Remove this edge", "in>abc abc>out"),
        ("in>abc abc>in abc>out", "edge-into-input", "Remove this edge", "in>abc abc>out"),
        ("in>abc abc>out out>abc", "edge-out-of-output", "Remove this edge", "in>abc abc>out"),
    ],
)
def test_that_an_edge_is_mended(  # noqa: PLR0917  one row of the table, one parameter a column
    mended: Any, job: Make, task: Make, edges: str, code: str, text: str, after: str | None
) -> None:
    said, job_map = mended(code, job(task("abc"), edges=edges))
    assert said == text
    assert after is None or [f"{source}>{target}" for source, target in job_map.workflow] == after.split()


def test_that_each_task_of_a_cycle_offers_to_break_it_at_its_own_edge(fixes: Any, catalog: Any, job: Make, task: Make) -> None:
    found = fixes(job(task("a"), task("b"), task("c"), edges="in>a a>b b>c c>a c>out"))
    assert [fix.text for _, fix in found] == ['Remove "a" > "b"', 'Remove "b" > "c"', 'Remove "c" > "a"']
    assert validate(found[2][1].job_map, catalog) == []


@pytest.mark.parametrize(
    ("edges", "first"), [("in>a a>b b>c c>a c>out", "c"), ("in>a b>c c>a c>out a>b", "a"), ("a>b c>a in>a b>c c>out", "b")]
)
def test_that_the_wire_drawn_last_is_the_first_that_a_cycle_is_broken_at(
    catalog: Any, job: Make, task: Make, edges: str, first: str
) -> None:
    job_map = parse_job_map(job(task("b"), task("a"), task("c"), edges=edges))
    found = validate(job_map, catalog)
    ordered = last_drawn_first(found, job_map, catalog)
    assert [problem.task for problem in ordered] == [first, *(name for name in ("b", "a", "c") if name != first)]
    assert sorted(map(id, ordered)) == sorted(map(id, found))


def test_that_problems_apart_from_cycles_keep_their_places(catalog: Any, job: Make, task: Make) -> None:
    job_map = parse_job_map(
        job(task("x", "nowhere"), task("b"), task("a"), task("y", "nowhere"), edges="in>x x>y y>out in>a b>a a>b b>out")
    )
    found = validate(job_map, catalog)
    ordered = last_drawn_first(found, job_map, catalog)
    assert [problem.task for problem in found] == ["x", "b", "a", "y"]
    assert [problem.task for problem in ordered] == ["x", "a", "b", "y"]


def test_that_a_wire_between_other_types_takes_a_type_that_the_method_offers(mended: Any, job: Make, task: Make) -> None:
    tasks = (task("a", "split", consumes="string", produces="list(string)"), task("b", "pass", consumes="map"))
    text, job_map = mended("type-mismatch", job(*tasks, edges="in>a a>b b>out"))
    assert (text, job_map.by_name["b"].consumes) == ("Let it take any", "any")


def test_that_a_wire_that_no_type_mends_is_taken_away(mended: Any, job: Make, task: Make) -> None:
    tasks = (
        task("a", "split", consumes="string", produces="list(string)"),
        task("b", "split", consumes="string", produces="list(string)"),
    )
    text, job_map = mended("type-mismatch", job(*tasks, edges="in>a a>b b>out"))
    assert (text, job_map.workflow) == ("Remove this edge", (("in", "a"), ("b", "out")))


@pytest.mark.parametrize(
    ("field", "text", "after"), [("consumes", "Take list(string)", "list(string)"), ("produces", "Give integer", "integer")]
)
def test_that_a_type_that_is_not_offered_becomes_one_that_fits(  # noqa: PLR0917  one row of the table, one parameter a column
    mended: Any, job: Make, task: Make, field: str, text: str, after: str
) -> None:
    split = task("split", consumes="string", produces="list(string)")
    count = {**task("c", "count", consumes="list", produces="integer"), field: "dataset"}
    said, job_map = mended(
        "type-not-offered", job(split | {"method": "split", "namespace": "words"}, count, edges="in>split split>c c>out")
    )
    assert (said, getattr(job_map.by_name["c"], field)) == (text, after)


def test_that_a_mistyped_method_is_renamed(mended: Any, job: Make, task: Make) -> None:
    text, job_map = mended("unknown-method", job(task("a", "pas"), edges="in>a a>out"))
    assert (text, job_map.by_name["a"].method) == ("Rename to pass", "pass")


def test_that_a_mistyped_namespace_is_renamed(mended: Any, job: Make, task: Make) -> None:
    text, job_map = mended("unknown-namespace", job(task("a", namespace="flwo"), edges="in>a a>out"))
    assert (text, job_map.by_name["a"].namespace) == ("Rename to flow", "flow")


def test_that_the_second_task_of_a_name_gets_another(mended: Any, job: Make, task: Make) -> None:
    text, job_map = mended("duplicate-name", job(task("a"), task("a"), edges="in>a a>out"))
    assert text == 'Rename to "a 2"'
    assert [each.name for each in job_map.tasks] == ["in", "out", "a", "a 2"]
    assert job_map.workflow == (("in", "a"), ("a", "out"))


def test_that_an_output_is_added_behind_what_ends_nowhere(mended: Any, job: Make, task: Make) -> None:
    data = job(task("a"), task("b"), edges="in>a in>b", layout={"positions": {"a": [0, 0], "b": [0, 100]}})
    del data["tasks"][1]
    text, job_map = mended("no-output", data)
    assert text == "Add an output"
    assert job_map.workflow[-2:] == (("a", "out"), ("b", "out"))
    assert job_map.layout.positions["out"] == (224.0, 50.0)


def test_that_an_output_is_added_behind_a_dead_end(mended: Any, job: Make, task: Make) -> None:
    _, job_map = mended("dead-end", job(task("a"), edges="in>a in>out"))
    assert job_map.workflow[-1] == ("a", "out 2")


def test_that_the_input_is_added_before_what_nothing_leads_to(mended: Any, job: Make, task: Make) -> None:
    data = job(task("a"), edges="a>out")
    del data["tasks"][0]
    _, job_map = mended("no-input", data)
    assert job_map.workflow == (("a", "out"), ("in", "a"))


def test_that_what_a_second_input_feeds_is_wired_to_the_first(mended: Any, job: Make, task: Make) -> None:
    data = job(task("a"), edges="in>out other>a a>out")
    data["tasks"].append({"name": "other", "type": "input"})
    _, job_map = mended("several-inputs", data)
    assert job_map.workflow == (("in", "out"), ("a", "out"), ("in", "a"))


def test_that_a_mistyped_datasource_is_renamed(mended: Any, job: Make) -> None:
    text, job_map = mended("unknown-datasource", job(edges="in>out", datasource={"source": "direkt", "content": {}}))
    assert (text, job_map.datasource.source) == ("Rename to direct", "direct")


def test_that_a_collect_over_a_mistyped_task_is_mended(mended: Any, job: Make, task: Make) -> None:
    data = job(task("split", "fan"), task("b", collect={"over": "splti"}), edges="in>split split>b b>out")
    text, job_map = mended("unknown-task", data)
    assert (text, job_map.by_name["b"].collect.over) == ('Collect over "split"', "split")


def test_that_a_fix_touches_nothing_but_what_it_says(mended: Any, job: Make, task: Make) -> None:
    data = job(task("a", "ask", init_args={"text": "x", "how": "slwo"}, note=[1]), edges="in>a a>out", mine={"kept": True})
    _, job_map = mended("not-among-choices", data)
    data["tasks"][2]["init_args"]["how"] = "slow"
    assert job_map_to_data(job_map) == job_map_to_data(parse_job_map(data))


@pytest.mark.parametrize(
    "pointer", ["", "/tasks", "/tasks/99/name", "/tasks/x/name", "/workflow/99", "/datasource", "/tasks/0/init_args/a"]
)
@pytest.mark.parametrize(
    "code",
    ["missing-argument", "unknown-argument", "not-among-choices", "cycle", "self-edge", "type-mismatch", "duplicate-name", "unknown-task"],
)
def test_that_a_problem_that_fits_the_job_map_no_longer_has_no_fix_or_a_harmless_one(
    catalog: Any, job: Make, code: str, pointer: str
) -> None:
    job_map = parse_job_map(job(edges="in>out"))
    fix = find_fix(Problem(code, "", pointer), job_map, catalog)
    assert fix is None or len(fix.job_map.tasks) == len(job_map.tasks)
