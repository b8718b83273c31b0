"""Runs that start at given tasks with given payloads, and runs that end after given tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import JobMapError
from engine.execution.progress import TaskState
from engine.model.job_map import Collect, Disabled, Join

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution import Job, RunResult

    MakeJob = Callable[..., Job]
    Data = Callable[[RunResult], dict[str, list[Any]]]


async def add_one(payload: dict[str, Any]) -> dict[str, Any]:
    return {"n": payload["n"] + 1}


async def never(payload: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError("no part of the run")


async def split(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"n": payload["n"] * 10 + index} for index in range(3)]


async def total(payload: dict[str, Any]) -> dict[str, Any]:
    return {"n": sum(item["n"] for item in payload["items"])}


def said(refused: pytest.ExceptionInfo[JobMapError]) -> list[str]:
    return [problem.message for problem in refused.value.problems]


async def test_that_a_run_starts_at_a_task_with_its_payload(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>a>b>out", {"a": never, "b": add_one})
    result = await job.run(start_at={"b": [{"n": 5}]})
    assert data(result) == {"out": [{"n": 6}]}
    assert result.progress.tasks["a"].state is TaskState.DISABLED
    assert data(await make_job("in>a>out", {"a": add_one}).run()) == {"out": [{"n": 1}]}


async def test_that_several_payloads_are_a_branch_each_and_stay_in_order(make_job: MakeJob, data: Data) -> None:
    result = await make_job("in>a>b>out", {"a": never, "b": add_one}).run(start_at={"b": [{"n": number} for number in range(5)]})
    assert data(result) == {"out": [{"n": number + 1} for number in range(5)]}


async def test_that_no_payload_ends_the_run_at_once(make_job: MakeJob, data: Data) -> None:
    result = await make_job("in>a>out", {"a": never}).run(start_at={"a": []})
    assert result.ok
    assert data(result) == {"out": []}


async def test_that_the_given_payload_is_not_touched(make_job: MakeJob) -> None:
    async def spoil(payload: dict[str, Any]) -> dict[str, Any]:
        payload["list"].append(1)
        return payload

    given: dict[str, Any] = {"list": []}
    await make_job("in>a>out", {"a": spoil}).run(start_at={"a": [given]})
    assert given == {"list": []}


async def test_that_a_run_ends_after_a_task_and_gives_what_it_gave(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>a>b>out in>c>out", {"a": add_one, "b": never, "c": never})
    result = await job.run(end_after=["a"])
    assert result.ok
    assert result.outputs == [{"id": "a", "name": "a", "type": "function", "data": [{"n": 1}]}]
    assert result.progress.tasks["b"].succeeded == 0


async def test_that_what_a_fan_out_gives_is_every_branch_in_order(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>split>a>out", {"split": split, "a": add_one})
    assert data(await job.run(end_after=["split"])) == {"split": [{"n": 0}, {"n": 1}, {"n": 2}]}
    both = await job.run(end_after=["split", "out"])
    assert data(both) == {"split": [{"n": 0}, {"n": 1}, {"n": 2}], "out": [{"n": 1}, {"n": 2}, {"n": 3}]}
    assert data(await job.run()) == {"out": [{"n": 1}, {"n": 2}, {"n": 3}]}


async def test_that_what_is_kept_is_not_what_the_children_get(make_job: MakeJob, data: Data) -> None:
    async def spoil(payload: dict[str, Any]) -> dict[str, Any]:
        payload["list"].append(1)
        return payload

    job = make_job("in>a>b>out", {"b": spoil}, content={"list": []})
    assert data(await job.run(end_after=["a", "b"])) == {"a": [{"list": []}], "b": [{"list": [1]}]}


async def test_that_a_part_between_two_tasks_runs_alone(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>a>b>c>d>out", {"a": never, "b": add_one, "c": add_one, "d": never})
    assert data(await job.run(start_at={"b": [{"n": 1}]}, end_after=["c"])) == {"c": [{"n": 3}]}


async def test_that_a_failed_task_gives_nothing_to_keep(make_job: MakeJob, data: Data) -> None:
    result = await make_job("in>a>out", {"a": never}).run(end_after=["a"])
    assert not result.ok
    assert data(result) == {"a": []}


async def test_that_a_join_whose_parents_are_all_started_joins(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>a>join in>b>join join>out")
    assert data(await job.run(start_at={"a": [{"x": 1}], "b": [{"y": 2}]})) == {"out": [{"x": 1, "y": 2}]}
    assert data(await job.run(start_at={"join": [{"z": 3}]})) == {"out": [{"z": 3}]}


async def test_that_a_join_with_a_parent_outside_is_refused(make_job: MakeJob) -> None:
    job = make_job("in>a>join in>b>join join>out")
    with pytest.raises(JobMapError) as refused:
        job.start(start_at={"a": [{}]})
    assert said(refused) == ['"join" joins "b", which is no part of the run']
    assert refused.value.problems[0].hint == 'start at "b" too, or at "join" itself'


async def test_that_a_join_that_the_run_does_not_come_to_may_lack_parents(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>a>join in>b>join join>out")
    assert data(await job.run(start_at={"a": [{"x": 1}]}, end_after=["a"])) == {"a": [{"x": 1}]}


async def test_that_joins_of_any_and_outputs_take_what_comes(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>a>any in>b>any any>out b>out", {"b": never}, any={"join": Join.ANY})
    assert data(await job.run(start_at={"a": [{"x": 1}]})) == {"out": [{"x": 1}]}


async def test_that_a_start_that_leads_to_no_end_is_not_called(make_job: MakeJob, data: Data) -> None:
    job = make_job("in>a>out in>b>out", {"a": add_one, "b": never})
    assert data(await job.run(start_at={"a": [{"n": 1}], "b": [{"n": 1}]}, end_after=["a"])) == {"a": [{"n": 2}]}


async def test_that_a_collect_runs_where_its_fan_out_is_started_and_is_refused_where_not(make_job: MakeJob, data: Data) -> None:
    collect = {"collect": Collect(over="split")}
    job = make_job("in>split>a>sum>out", {"split": split, "a": add_one, "sum": total}, sum=collect)
    assert data(await job.run(start_at={"split": [{"n": 1}, {"n": 2}]})) == {"out": [{"n": 36}, {"n": 66}]}
    assert data(await job.run(start_at={"sum": [{"items": [{"n": 4}]}]})) == {"out": [{"n": 4}]}
    with pytest.raises(JobMapError) as refused:
        job.start(start_at={"a": [{"n": 1}]})
    assert said(refused) == ['"sum" collects over "split", which is no part of the run']


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ({"start_at": {"alpah": [{}]}}, 'start_at: there is no task "alpah"', "did you mean 'alpha'?"),
        ({"end_after": ["alpah"]}, 'end_after: there is no task "alpah"', "did you mean 'alpha'?"),
        ({"end_after": "alpha"}, 'end_after takes several names, not one text: write ["alpha"]', None),
        ({"start_at": {"in": [{}]}}, 'start_at: "in" is an input: a run starts at function tasks', None),
        ({"start_at": {"out": [{}]}}, 'start_at: "out" is an output: a run starts at function tasks', None),
        ({"start_at": {"alpha": {}}}, 'start_at: "alpha" takes a list of payloads, got dict', None),
        ({"start_at": {"alpha": [1]}}, 'start_at["alpha"][0]: expected a dict, got int', None),
        (
            {"start_at": {"alpha": [{}], "beta": [{}]}},
            'start_at: "beta" also stands behind "alpha": it would get payloads from both',
            None,
        ),
        (
            {"start_at": {"beta": [{}]}, "end_after": ["alpha"]},
            'end_after: "alpha" does not stand behind a task that the run starts at',
            None,
        ),
    ],
)
async def test_that_a_part_that_cannot_be_is_named(make_job: MakeJob, options: dict[str, Any], message: str, hint: str | None) -> None:
    with pytest.raises(JobMapError) as refused:
        make_job("in>alpha>beta>out").start(**options)
    assert said(refused) == [message]
    assert refused.value.problems[0].hint == hint


async def test_that_a_task_that_is_switched_off_cannot_be_started(make_job: MakeJob) -> None:
    with pytest.raises(JobMapError) as refused:
        make_job("in>a>out in>out", a={"disabled": Disabled.OFF}).start(start_at={"a": [{}]})
    assert said(refused) == ['start_at: "a" is switched off: a run starts at function tasks']
