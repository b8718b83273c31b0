"""What a run means: passing on, branches, joins, collects, failures."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from engine.errors import JobMapError
from engine.execution.progress import RunStatus, TaskState
from engine.model.job_map import Collect, Disabled, JobPolicy, Join, Missing, OnError, TaskPolicy, Window

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from engine.execution import Job

    Make = Callable[..., Job]
    Data = Callable[..., dict[str, list[Any]]]


def fan(count: int) -> Any:
    async def run_task(payload: dict[str, Any]) -> list[dict[str, Any]]:
        return [{**payload, "i": index} for index in range(count)]

    return run_task


def mark(key: str, value: Any = 1) -> Any:
    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        return {**payload, key: value}

    return run_task


def fails_at(*places: int) -> Any:
    async def run_task(payload: dict[str, Any]) -> dict[str, Any]:
        if payload.get("i") in places:
            raise ValueError(f"at {payload['i']}")
        return payload

    return run_task


async def end(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return []


async def generate(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return ({"i": index} for index in range(3))


async def generate_slowly(payload: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
    for index in range(3):
        await asyncio.sleep(0)
        yield {"i": index}


async def break_off(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def items() -> Iterator[dict[str, Any]]:
        yield {"i": 0}
        raise ValueError("broken off")

    return items()


async def test_that_a_dict_is_passed_to_every_child(make_job: Make, data: Data) -> None:
    result = await make_job("in>a>out1 a>out2", {"a": mark("a")}).run()
    assert data(result) == {"out1": [{"n": 0, "a": 1}], "out2": [{"n": 0, "a": 1}]}
    assert result.ok


async def test_that_a_list_opens_branches_whose_results_stay_in_order(make_job: Make, data: Data) -> None:
    async def later_first(payload: dict[str, Any]) -> dict[str, Any]:
        for _ in range(5 - payload["i"]):
            await asyncio.sleep(0)
        return payload

    result = await make_job("in>f>a>out", {"f": fan(5), "a": later_first}).run()
    assert [payload["i"] for payload in data(result)["out"]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("source", [generate, generate_slowly])
async def test_that_generators_open_branches(make_job: Make, data: Data, source: Any) -> None:
    result = await make_job("in>g>a>out", {"g": source}).run()
    assert data(result) == {"out": [{"i": 0}, {"i": 1}, {"i": 2}]}


async def test_that_an_empty_list_ends_the_branch_with_success(make_job: Make, data: Data) -> None:
    result = await make_job("in>e>a>out", {"e": end}).run()
    assert (result.status, data(result)) == (RunStatus.DONE, {"out": []})
    assert result.progress.tasks["a"].state is TaskState.DONE


async def test_that_children_do_not_share_plain_containers(make_job: Make, data: Data) -> None:
    async def spoil(payload: dict[str, Any]) -> dict[str, Any]:
        payload["list"].append(payload["dict"].pop("key"))
        return payload

    content = {"list": [1], "dict": {"key": 2}}
    result = await make_job("in>a>out1 in>b>out2 in>out3", {"a": spoil, "b": spoil}, content=content).run()
    spoiled = {"list": [1, 2], "dict": {}}
    assert data(result) == {"out1": [spoiled], "out2": [spoiled], "out3": [content]}


async def test_that_a_payload_that_holds_itself_is_copied(make_job: Make, data: Data) -> None:
    async def knot(payload: dict[str, Any]) -> dict[str, Any]:
        payload["self"] = [payload]
        return payload

    result = await make_job("in>a>out1 a>out2", {"a": knot}).run()
    one, other = data(result)["out1"][0], data(result)["out2"][0]
    assert one is not other
    assert (one["self"][0] is one, other["self"][0] is other) == (True, True)


async def test_that_a_join_merges_in_the_order_of_the_workflow(make_job: Make, data: Data) -> None:
    result = await make_job("in>b>j in>a>j j>out", {"a": mark("a"), "b": mark("b")}).run()
    assert [list(payload) for payload in data(result)["out"]] == [["n", "b", "a"]]


async def test_that_a_join_shares_the_payload_of_the_trunk_with_every_branch(make_job: Make, data: Data) -> None:
    result = await make_job("in>f>j in>a>j j>out", {"f": fan(3), "a": mark("a")}).run()
    assert data(result)["out"] == [{"n": 0, "i": index, "a": 1} for index in range(3)]


async def test_that_two_values_for_one_key_fail_the_join_and_name_key_and_tasks(make_job: Make) -> None:
    result = await make_job("in>a>j in>b>j j>out", {"a": mark("x", 1), "b": mark("x", 2)}).run()
    (failure,) = result.failures
    assert failure.describe() == 'task "j": join-conflict: the tasks "a" and "b" give different values for the key "x"'


async def test_that_not_a_number_equals_itself_in_a_join(make_job: Make) -> None:
    nan = {"x": [float("nan")]}
    assert (await make_job("in>a>j in>b>j j>out", {"a": mark("x", nan), "b": mark("x", {"x": [float("nan")]})}).run()).ok


async def test_that_parents_that_fanned_out_apart_fail_the_join_once(make_job: Make, data: Data) -> None:
    result = await make_job("in>f>j in>g>j j>out in>out2", {"f": fan(3), "g": fan(2)}).run()
    assert [failure.error_type for failure in result.failures] == ["join-of-two-fan-outs"]
    assert data(result) == {"out": [], "out2": [{"n": 0}]}


async def test_that_a_join_by_task_keeps_payloads_apart(make_job: Make, data: Data) -> None:
    result = await make_job("in>a>j in>b>j j>out", {"a": mark("x", 1), "b": mark("x", 2)}, j={"join": Join.BY_TASK}).run()
    assert data(result)["out"] == [{"a": {"n": 0, "x": 1}, "b": {"n": 0, "x": 2}}]


async def test_that_a_join_of_any_runs_for_what_arrives(make_job: Make, data: Data) -> None:
    bodies = {"a": mark("x", 1), "b": fails_at(None), "c": mark("x", 3)}  # type: ignore[arg-type]  # the trunk has no i
    result = await make_job("in>a>j in>b>j in>c>j j>out", bodies, j={"join": Join.ANY}).run()
    assert [payload["x"] for payload in data(result)["out"]] == [1, 3]


async def test_that_a_collect_gathers_in_branch_order(make_job: Make, data: Data) -> None:
    result = await make_job("in>f>a>c>out", {"f": fan(3)}, c={"collect": Collect("f")}).run()
    assert data(result)["out"] == [{"items": [{"n": 0, "i": 0}, {"n": 0, "i": 1}, {"n": 0, "i": 2}], "count": 3}]


async def test_that_a_collect_of_nothing_runs_once_with_count_0(make_job: Make, data: Data) -> None:
    result = await make_job("in>e>c>out", {"e": end}, c={"collect": Collect("e")}).run()
    assert data(result)["out"] == [{"items": [], "count": 0}]


async def test_that_a_collect_over_the_outer_of_two_fan_outs_gathers_all(make_job: Make, data: Data) -> None:
    bodies = {"f": fan(3), "g": fan(2)}
    result = await make_job("in>f>g>inner>out1 g>all>out2", bodies, inner={"collect": Collect("g")}, all={"collect": Collect("f")}).run()
    assert [payload["count"] for payload in data(result)["out1"]] == [2, 2, 2]
    assert [payload["count"] for payload in data(result)["out2"]] == [6]


async def test_that_each_branch_can_be_joined_with_what_all_of_them_gave(make_job: Make, data: Data) -> None:
    result = await make_job(
        "in>f>c>m>j f>j j>out", {"f": fan(3), "m": mark("mean", 1)}, c={"collect": Collect("f")}, j={"join": Join.BY_TASK}
    ).run()
    assert [payload["f"]["i"] for payload in data(result)["out"]] == [0, 1, 2]
    assert [payload["m"]["count"] for payload in data(result)["out"]] == [3, 3, 3]


@pytest.mark.parametrize(("missing", "expected"), [(Missing.SKIP, []), (Missing.DROP, [2])])
async def test_that_a_failed_branch_skips_a_collect_or_is_dropped(
    make_job: Make, data: Data, missing: Missing, expected: list[int]
) -> None:
    result = await make_job("in>f>a>c>out", {"f": fan(3), "a": fails_at(1)}, c={"collect": Collect("f", missing=missing)}).run()
    assert [payload["count"] for payload in data(result)["out"]] == expected


async def test_that_groups_come_in_order_of_first_appearance(make_job: Make, data: Data) -> None:
    async def parity(payload: dict[str, Any]) -> dict[str, Any]:
        return {"i": payload["i"], "odd": bool((payload["i"] + 1) % 2)}

    result = await make_job("in>f>p>c>out", {"f": fan(5), "p": parity}, c={"collect": Collect("f", group_by="odd")}).run()
    assert [[item["i"] for item in payload["items"]] for payload in data(result)["out"]] == [[0, 2, 4], [1, 3]]


@pytest.mark.parametrize(
    ("window", "expected"),
    [(Window(2), [[0, 1], [2, 3], [4]]), (Window(3, 1), [[0, 1, 2], [1, 2, 3], [2, 3, 4]]), (Window(1, 2), [[0], [2], [4]])],
)
async def test_that_windows_slide_over_the_branches(make_job: Make, data: Data, window: Window, expected: list[list[int]]) -> None:
    result = await make_job("in>f>c>out", {"f": fan(5)}, c={"collect": Collect("f", window=window)}).run()
    assert [[item["i"] for item in payload["items"]] for payload in data(result)["out"]] == expected


async def test_that_a_window_runs_before_later_branches_are_opened(make_job: Make) -> None:
    seen: list[str] = []

    async def items(payload: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        for index in range(4):
            seen.append(f"item {index}")
            yield {"i": index}

    async def window(payload: dict[str, Any]) -> dict[str, Any]:
        seen.append("window")
        return payload

    await make_job("in>f>c>out", {"f": items, "c": window}, c={"collect": Collect("f", window=Window(2))}).run()
    assert seen == ["item 0", "item 1", "window", "item 2", "item 3", "window"]


async def test_that_a_failure_ends_its_branch_alone_and_names_it(make_job: Make, data: Data) -> None:
    result = await make_job("in>f>a>b>out", {"f": fan(3), "a": fails_at(1)}).run()
    assert result.status is RunStatus.FAILED
    assert [payload["i"] for payload in data(result)["out"]] == [0, 2]
    assert [failure.describe() for failure in result.failures] == ['task "a" on branch f[1]: ValueError: at 1']
    assert "raise ValueError" in result.failures[0].traceback
    assert result.progress.tasks["b"].skipped == 1


async def test_that_a_generator_that_breaks_off_leaves_its_branches_running(make_job: Make, data: Data) -> None:
    result = await make_job("in>g>a>out g>c>out2", {"g": break_off}, c={"collect": Collect("g", missing=Missing.DROP)}).run()
    assert data(result) == {"out": [{"i": 0}], "out2": [{"items": [{"i": 0}], "count": 1}]}
    assert [failure.message for failure in result.failures] == ["broken off"]


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "result: expected a dict, got None"),
        ("text", "result: expected a dict, got str"),
        ({1, 2}, "result: expected a dict, got set"),
        ([{}] * 7 + [3], "result[7]: expected a dict, got int"),
        ({1: 2}, "result: expected text as keys, got the key 1 (int)"),
        ([{}, {None: 2}], "result[1]: expected text as keys, got the key None (None)"),
    ],
)
async def test_that_a_wrong_result_is_named_exactly(make_job: Make, returned: Any, message: str) -> None:
    async def wrong(payload: dict[str, Any]) -> Any:
        return returned

    result = await make_job("in>a>out in>out2", {"a": wrong}).run()
    assert [(failure.error_type, failure.message) for failure in result.failures] == [("invalid-result", message)]
    assert len(result.outputs[1]["data"]) == 1


class UnreadableError(BaseException):
    @override
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    "error",
    [
        KeyboardInterrupt(),
        SystemExit(3),
        GeneratorExit(),
        UnreadableError(),
        asyncio.CancelledError(),
        ExceptionGroup("g", [ValueError()]),
        ValueError("x" * 10**6),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_that_whatever_a_body_raises_is_a_failure_of_that_invocation(make_job: Make, data: Data, error: BaseException) -> None:
    async def raises(payload: dict[str, Any]) -> dict[str, Any]:
        raise error

    result = await make_job("in>a>out in>out2", {"a": raises}).run()
    assert (result.status, data(result)["out2"]) == (RunStatus.FAILED, [{"n": 0}])
    assert len(result.failures[0].message) < 20_000


@pytest.mark.parametrize("policy", [{"policy": JobPolicy(fail_fast=True)}, {"a": {"policy": TaskPolicy(on_error=OnError.STOP)}}])
async def test_that_a_run_can_end_with_its_first_failure(make_job: Make, data: Data, policy: dict[str, Any]) -> None:
    async def wait(payload: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(60)
        return payload

    result = await make_job("in>a>out in>b>out2", {"a": fails_at(None), "b": wait}, **policy).run()  # type: ignore[arg-type]
    assert result.status is RunStatus.FAILED
    assert result.progress.tasks["b"].state is TaskState.CANCELLED


async def test_that_a_task_passed_by_lets_the_payload_through(make_job: Make, data: Data) -> None:
    result = await make_job("in>a>out", {"a": mark("a")}, a={"disabled": Disabled.BYPASS}).run()
    assert (data(result)["out"], result.progress.tasks["a"].state) == ([{"n": 0}], TaskState.DISABLED)


async def test_that_a_task_that_is_passed_by_has_no_time_limit(make_job: Make, data: Data) -> None:
    """Its method is left out: on a busy machine what is left would now and then be too late."""
    task = {"disabled": Disabled.BYPASS, "policy": TaskPolicy(timeout=1e-9)}
    assert data(await make_job("in>a>out", {"a": mark("a")}, a=task).run())["out"] == [{"n": 0}]


async def test_that_a_task_switched_off_ends_what_depends_on_it(make_job: Make, data: Data) -> None:
    result = await make_job("in>a>b>j in>c>j j>out c>out2", a={"disabled": Disabled.OFF}).run()
    assert (result.ok, data(result)) == (True, {"out": [], "out2": [{"n": 0}]})
    assert {name for name, task in result.progress.tasks.items() if task.state is TaskState.DISABLED} == {"a", "b", "j", "out"}


async def test_that_a_job_runs_any_number_of_times(make_job: Make, data: Data) -> None:
    job = make_job("in>f>a>c>out", {"f": fan(2)}, c={"collect": Collect("f")})
    results = await asyncio.gather(*(job.run() for _ in range(3)))
    assert [data(result)["out"][0]["count"] for result in results] == [2, 2, 2]
    assert len({result.run_id for result in results}) == 3


@pytest.mark.parametrize("limit", [1, 2])
async def test_that_nested_fan_outs_finish_within_any_limit(make_job: Make, limit: int) -> None:
    live = most = 0

    async def count(payload: dict[str, Any]) -> dict[str, Any]:
        nonlocal live, most
        live += 1
        most = max(most, live)
        await asyncio.sleep(0)
        live -= 1
        return payload

    bodies = {"f": fan(4), "g": fan(4), "h": fan(4), "a": count}
    result = await make_job("in>f>g>h>a>c>out", bodies, c={"collect": Collect("f")}).run(max_concurrent=limit)
    assert (result.ok, result.outputs[0]["data"][0]["count"], most) == (True, 64, limit)


async def test_that_a_task_keeps_to_its_own_limit(make_job: Make) -> None:
    live = most = 0

    async def count(payload: dict[str, Any]) -> dict[str, Any]:
        nonlocal live, most
        live += 1
        most = max(most, live)
        await asyncio.sleep(0)
        live -= 1
        return payload

    result = await make_job("in>f>a>out", {"f": fan(500), "a": count}, a={"policy": TaskPolicy(max_concurrent=3)}).run()
    assert (result.ok, most, len(result.outputs[0]["data"])) == (True, 3, 500)


async def test_that_branches_are_opened_deep_before_wide(make_job: Make) -> None:
    open_now = most = 0

    async def count(payload: dict[str, Any]) -> list[dict[str, Any]]:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        return [{"j": index} for index in range(10)]

    async def close(payload: dict[str, Any]) -> list[dict[str, Any]]:
        nonlocal open_now
        open_now -= payload["j"] == 9
        return []

    result = await make_job("in>f>g>a>out", {"f": fan(2_000), "g": count, "a": close}).run()
    assert (result.ok, result.progress.tasks["a"].succeeded) == (True, 20_000)
    assert most <= 100


async def test_that_a_join_behind_a_join_of_any_runs_for_each_of_its_payloads(make_job: Make, data: Data) -> None:
    bodies = {"a": mark("a"), "b": mark("b"), "c": mark("c"), "f": fan(2)}
    any_join = {"join": Join.ANY}
    shared = await make_job("in>a>y in>b>y y>j in>c>j j>out", bodies, y=any_join).run()
    assert data(shared)["out"] == [{"n": 0, "a": True, "c": True}, {"n": 0, "b": True, "c": True}]
    paired = await make_job("in>f>y in>b>y y>j y>c>j j>out", bodies, y=any_join).run()
    assert [(payload.get("i"), payload.get("b"), payload["c"]) for payload in data(paired)["out"]] == [
        (0, None, True),
        (1, None, True),
        (None, True, True),
    ]


async def test_that_a_join_whose_parents_part_at_a_join_of_any_fails_wherever_a_fan_out_turns_up(make_job: Make, data: Data) -> None:
    plain = make_job("in>f>y in>y y>j f>j j>out", y={"join": Join.ANY})
    assert [len(each) for each in data(await plain.run()).values()] == [2]
    result = await make_job("in>f>y in>y y>j f>j j>out", {"f": fan(2)}, y={"join": Join.ANY}).run()
    assert [(failure.task, failure.branch_path, failure.error_type) for failure in result.failures] == [("j", (), "join-of-two-fan-outs")]
    assert data(result) == {"out": []}


async def test_that_parents_said_to_part_are_refused_before_anything_runs(make_job: Make) -> None:
    fields: dict[str, Any] = {"x": {"join": Join.ANY}, "y": {"join": Join.ANY}}
    with pytest.raises(JobMapError) as raised:
        make_job("in>a>x in>x in>b>y in>y x>j y>j j>out", **fields)
    assert [problem.code for problem in raised.value.problems] == ["two-fan-outs"]
