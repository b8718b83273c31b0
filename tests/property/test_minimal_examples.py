"""Small jobs on which engine and reference once disagreed, each under the rule that it is about."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import JobMapError
from engine.model.job_map import Collect, Disabled, Join, Missing, TaskPolicy, Window
from tests.jobs_in_memory import make_map
from tests.property.comparing import START
from tests.property.driving import Driven

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tests.property.comparing import Meaning
    from tests.property.tokens import Function

SEEDS = range(20)


def marks(name: str) -> Function:
    return lambda payload, _: {**payload, name: 1}


def opens(name: str, count: int) -> Function:
    return lambda payload, _: [{**payload, name: index} for index in range(count)]


def gives(name: str, count: int) -> Function:
    return lambda payload, _: iter([{**payload, name: index} for index in range(count)])


def breaks_off(payload: Any, _: int) -> Any:
    yield payload
    raise ValueError("broke off")


def clashes(payload: Any, _: int) -> Any:
    return {**payload, "x": 1 + payload.get("split", 0)}


def fails(_payload: Any, _attempt: int) -> Any:
    raise ValueError("fails")


def fails_where(key: str, value: int) -> Function:
    return lambda payload, attempt: fails(payload, attempt) if payload.get(key) == value else payload


def agreed(edges: str, functions: Mapping[str, Function], fans_out: Collection[str] = (), **fields: Any) -> Meaning:
    """Return what engine and reference make of the job alike, in whatever order its bodies end."""
    job_map = make_map(edges, START, **fields)
    known = {task.name: functions.get(task.name, marks(task.name)) for task in job_map.tasks if task.is_function}
    meant = Driven(job_map, known, fans_out).expected()
    for seed in SEEDS:
        driven = Driven(job_map, known, fans_out, seed=seed)
        for limit in (1, 2, 100):
            driven.skipped.clear()
            result = asyncio.run(driven.run(driven.build(), max_concurrent=limit))
            assert driven.meaning_of(result, meant) == meant
    return meant


def test_that_a_collect_whose_own_join_failed_is_skipped_because_of_itself() -> None:
    meaning = agreed("in>split>clash>all>out split>all", {"split": opens("split", 2), "clash": clashes}, all={"collect": Collect("split")})
    assert meaning.failed == [("all", (("split", 0),)), ("all", (("split", 1),))]
    assert meaning.skipped == [("all", (), "all"), ("out", (), "all")]


def test_that_a_window_is_skipped_because_of_the_parent_that_failed_in_it() -> None:
    functions = {"split": opens("split", 2), "one": fails_where("split", 1), "two": fails_where("split", 0)}
    meaning = agreed("in>split>one>all>out split>two>all", functions, all={"collect": Collect("split", window=Window(1))})
    skipped = [("all", (("all", 0),), "two"), ("all", (("all", 1),), "one")]
    assert [skip for skip in meaning.skipped if skip[0] == "all"] == skipped


def test_that_a_collect_behind_a_generator_and_a_join_of_any_runs_once() -> None:
    functions = {"give": gives("give", 2), "split": opens("split", 2)}
    meaning = agreed("in>start>give>split>all>out give>all", functions, all={"join": Join.ANY, "collect": Collect("start")})
    assert len(meaning.outputs["out"]) == 1
    assert '"count": 6' in meaning.outputs["out"][0]


def test_that_a_collect_within_another_joins_what_comes_by_several_ways() -> None:
    fields: dict[str, Any] = {
        "inner": {"join": Join.ANY, "collect": Collect("in")},
        "both": {"join": Join.ANY},
        "all": {"collect": Collect("in")},
    }
    meaning = agreed("in>one>inner>both>all>out in>inner in>both", {}, **fields)
    assert '"count": 2' in meaning.outputs["out"][0]


def test_that_each_way_of_a_join_of_any_is_collected_for_itself() -> None:
    meaning = agreed("in>one>both>all>out in>both", {}, both={"join": Join.ANY}, all={"collect": Collect("both")})
    assert len(meaning.outputs["out"]) == 2


def test_that_windows_come_in_branch_order_where_several_tasks_open_the_branches() -> None:
    functions = {"split": opens("split", 3), "again": gives("again", 2)}
    fields: dict[str, Any] = {
        "whole": {"collect": Collect("split")},
        "all": {"join": Join.ANY, "collect": Collect("split", window=Window(1))},
    }
    meaning = agreed("in>split>whole>again>all>out split>all", functions, **fields)
    assert ['"again"' in output for output in meaning.outputs["out"]] == [False, False, False, True, True]


def test_that_the_nearest_fan_out_is_one_that_is_not_passed_by() -> None:
    functions = {"far": opens("far", 2), "near": opens("near", 2)}
    fields: dict[str, Any] = {"near": {"disabled": Disabled.BYPASS}, "all": {"collect": Collect()}}
    meaning = agreed("in>far>near>all>out", functions, ("far", "near"), **fields)
    assert '"count": 2' in meaning.outputs["out"][0]


def test_that_a_task_that_is_off_is_no_way_to_wait_for() -> None:
    fields: dict[str, Any] = {"one": {"disabled": Disabled.OFF}, "all": {"join": Join.ANY, "collect": Collect("in")}}
    meaning = agreed("in>one>all>out in>two>all in>three>all", {}, **fields)
    assert '"count": 2' in meaning.outputs["out"][0]


def test_that_a_generator_that_breaks_off_is_one_more_failed_branch() -> None:
    meaning = agreed("in>split>all>out", {"split": breaks_off}, all={"collect": Collect("split", missing=Missing.DROP)})
    assert (meaning.failed, meaning.skipped) == ([("split", ())], [])
    assert '"count": 1' in meaning.outputs["out"][0]


def test_that_a_collect_that_comes_too_late_is_refused() -> None:
    fields: dict[str, Any] = {"whole": {"collect": Collect("far")}, "late": {"collect": Collect("near")}}
    with pytest.raises(JobMapError, match="gathered further out"):
        agreed("in>far>near>whole>late>out", {"far": opens("far", 2), "near": opens("near", 2)}, **fields)


def test_that_two_parents_that_fan_out_apart_fail_the_join_once_wherever_others_part_further_in() -> None:
    functions = {"left": opens("left", 2), "one": opens("one", 2), "two": opens("two", 2), "right": opens("right", 2)}
    meaning = agreed("in>left>one>join>out left>two>join in>right>join", functions)
    assert meaning.failed == [("join", ())]


def test_that_two_parents_that_fan_out_apart_fail_the_join_though_a_third_comes_last() -> None:
    functions = {"left": opens("left", 2), "right": opens("right", 2)}
    meaning = agreed("in>left>join>behind>out in>right>join in>slow>slower>join", functions)
    assert meaning.failed == [("join", ())]
    assert meaning.skipped == [("behind", (), "join"), ("out", (), "behind")]


def test_that_a_join_behind_a_join_of_any_fails_where_a_fan_out_lies_on_some_of_its_ways_alone() -> None:
    fields: dict[str, Any] = {"any": {"join": Join.ANY}}
    meaning = agreed("in>split>any>join>out in>any split>join", {"split": opens("split", 2)}, **fields)
    assert meaning.failed == [("join", ())]


def test_that_parents_behind_one_join_of_any_meet_on_each_of_its_branches() -> None:
    fields: dict[str, Any] = {"any": {"join": Join.ANY}}
    meaning = agreed("in>split>any>one>join>out in>any>two>join", {"split": opens("split", 2)}, **fields)
    assert (meaning.failed, len(meaning.outputs["out"])) == ([], 3)


def test_that_parents_that_part_on_one_branch_join_on_the_others_though_a_third_comes_last() -> None:
    def opens_there(name: str) -> Function:
        return lambda payload, _: [{**payload, name: index} for index in range(2)] if payload["split"] == 1 else payload

    functions = {"split": opens("split", 3), "left": opens_there("left"), "right": opens_there("right")}
    meaning = agreed("in>split>left>join>out split>right>join split>all>join", functions, all={"collect": Collect("split")})
    assert (meaning.failed, len(meaning.outputs["out"])) == ([("join", (("split", 1),))], 2)


def test_that_what_is_behind_a_join_whose_parents_fanned_out_apart_is_skipped_in_one() -> None:
    functions = {"split": opens("split", 3), "inner": opens("inner", 2)}
    fields: dict[str, Any] = {
        "cut": {"collect": Collect("split", window=Window(1))},
        "late": {"collect": Collect("inner", window=Window(1))},
    }
    meaning = agreed("in>split>inner>cut>join>late>out inner>join>pair split>late split>pair>out", functions, **fields)
    assert meaning.failed == [("join", ())]
    assert [skip for skip in meaning.skipped if skip[0] in ("late", "pair")] == [("late", (), "join"), ("pair", (), "join")]


def test_that_a_collect_that_drops_failures_is_skipped_where_a_join_before_it_failed_further_out_than_its_fan_out() -> None:
    def at_last(payload: Any, attempt: int) -> Any:
        return {**payload, "over": 1} if attempt == 3 else fails(payload, attempt)

    functions = {"split": opens("split", 2), "other": opens("other", 2), "over": at_last}
    fields: dict[str, Any] = {"over": {"policy": TaskPolicy(retries=2)}, "late": {"collect": Collect("over", missing=Missing.DROP)}}
    meaning = agreed("in>split>over>join>late>out in>other>join split>late", functions, **fields)
    assert meaning.failed == [("join", ())]
    assert meaning.skipped == [("late", (), "join"), ("out", (), "late")]


def test_that_a_join_does_not_fail_further_in_than_one_before_it_did() -> None:
    functions = {name: opens(name, 2) for name in ("split", "left", "right", "other")}
    meaning = agreed("in>split>left>late>out split>right>late split>join>late in>other>join", functions)
    assert meaning.failed == [("join", ())]
    assert meaning.skipped == [("late", (), "join"), ("out", (), "late")]


def test_that_news_of_a_failed_join_changes_nothing_on_the_other_ways_of_a_join_of_any() -> None:
    """The other ways lead further in than the news lies: they are joined there, and the news is skipped where it is."""
    functions = {name: opens(name, 2) for name in ("split", "one", "other")}
    fields: dict[str, Any] = {"any": {"join": Join.ANY}}
    meaning = agreed("in>split>one>apart>any>join>out in>other>apart one>any split>join", functions, **fields)
    assert meaning.failed == [("apart", ())]
    assert meaning.skipped == [("any", (("any", 0),), "apart"), ("join", (("any", 0),), "any"), ("out", (("any", 0),), "join")]
    assert len(meaning.outputs["out"]) == 4


def test_that_a_fan_out_on_some_ways_of_a_join_of_any_parts_its_parents_also_where_only_news_comes_by_the_others() -> None:
    functions = {name: opens(name, 2) for name in ("split", "left", "right")}
    fields: dict[str, Any] = {"any": {"join": Join.ANY}}
    meaning = agreed("in>left>apart>any>join>out in>right>apart in>split>one>any split>join", functions, **fields)
    assert meaning.failed == [("apart", ()), ("join", ())]


def test_that_a_join_behind_a_collecting_join_of_any_is_skipped_where_the_news_is() -> None:
    functions = {name: opens(name, 2) for name in ("far", "split", "other")}
    fields: dict[str, Any] = {"any": {"join": Join.ANY, "collect": Collect("split", missing=Missing.DROP)}}
    meaning = agreed("in>far>split>mark>any in>other>apart>any split>apart any>pair>out far>pair", functions, **fields)
    assert meaning.failed == [("apart", ())]
    assert meaning.skipped == [("any", (("any", 1),), "apart"), ("out", (("any", 1),), "pair"), ("pair", (("any", 1),), "any")]


def test_that_a_collect_over_a_collecting_join_of_any_is_skipped_with_it() -> None:
    functions = {"split": opens("split", 2), "other": opens("other", 2)}
    fields: dict[str, Any] = {
        "open": {"join": Join.ANY},
        "any": {"join": Join.ANY, "collect": Collect("open")},
        "late": {"collect": Collect("any")},
    }
    meaning = agreed("in>split>open>any>late>out in>other>apart>any open>apart split>mark>open", functions, **fields)
    assert [skip for skip in meaning.skipped if skip[0] in ("any", "late")] == [
        ("any", (("any", 1),), "apart"),
        ("late", (("any", 1),), "any"),
    ]


def test_that_a_collect_is_skipped_once_where_its_fan_out_was_by_however_many_ways_the_news_comes() -> None:
    functions = {"split": opens("split", 2), "bad": fails_where("split", 1)}
    fields: dict[str, Any] = {
        "any": {"join": Join.ANY, "collect": Collect("over")},
        "all": {"collect": Collect("split", missing=Missing.DROP)},
    }
    meaning = agreed("in>split>bad>over>one>any>all>out over>two>any", functions, **fields)
    assert [skip for skip in meaning.skipped if skip[0] == "any"] == [("any", (("split", 1),), "one")]
    assert '"count": 1' in meaning.outputs["out"][0]


def test_that_a_collect_waits_for_ways_that_come_to_it_past_its_fan_out() -> None:
    fields: dict[str, Any] = {"any": {"join": Join.ANY}, "whole": {"collect": Collect("split")}, "late": {"collect": Collect("whole")}}
    meaning = agreed("in>split>one>any>whole>late>out split>any any>late", {"split": opens("split", 2)}, **fields)
    assert len(meaning.outputs["out"]) == 1
    assert meaning.outputs["out"][0].startswith('{"count": 4')


def test_that_a_collect_that_drops_failures_is_skipped_where_a_join_failed_past_its_fan_out() -> None:
    functions = {"split": opens("split", 2), "clash": clashes}
    fields: dict[str, Any] = {
        "any": {"join": Join.ANY},
        "whole": {"collect": Collect("split", missing=Missing.DROP)},
        "late": {"collect": Collect("whole")},
    }
    meaning = agreed("in>split>clash>join>any>whole>late>out split>join split>any any>late", functions, **fields)
    assert meaning.failed == [("join", (("split", 0),)), ("join", (("split", 1),))]
    assert meaning.outputs["out"] == []


def test_that_a_collect_over_a_join_whose_parents_fanned_out_apart_is_skipped_in_one_also_where_it_cuts_windows() -> None:
    functions = {"left": opens("left", 2), "right": opens("right", 2)}
    fields: dict[str, Any] = {"cut": {"collect": Collect("join", window=Window(1))}, "late": {"collect": Collect("deep")}}
    meaning = agreed("in>left>deep>join>cut>late>out in>right>join", functions, **fields)
    assert meaning.skipped == [("cut", (), "join"), ("late", (), "cut"), ("out", (), "late")]


def test_that_a_collect_is_skipped_where_one_of_its_ways_leads_from_a_join_that_failed_further_out() -> None:
    functions = {"left": opens("left", 2), "right": opens("right", 2)}
    fields: dict[str, Any] = {"all": {"join": Join.ANY, "collect": Collect("over", missing=Missing.DROP)}}
    meaning = agreed("in>left>over>join>all>out over>all in>right>join", functions, **fields)
    assert (meaning.failed, meaning.outputs["out"]) == ([("join", ())], [])
    assert meaning.skipped == [("all", (("all", 0),), "join"), ("out", (("all", 0),), "all")]
