from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import JobMapError
from engine.files import load_job_map, parse_job_map
from engine.model.job_map import Collect, Disabled, Join, Missing, OnError, RunsOn, TaskType, Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GONE = object()


def _spoil(data: dict[str, Any], way: str, value: object) -> None:
    *steps, last = [int(step) if step.isdigit() else step for step in way.split("/")[1:]]
    holder: Any = data
    for step in steps:
        holder = holder[step]
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value


SPOILED: list[tuple[str, object, str]] = [
    ("/name", GONE, "missing-key"),
    ("/name", None, "wrong-type"),
    ("/id", 5, "wrong-type"),
    ("/description", ["x"], "wrong-type"),
    ("/datasource", GONE, "missing-key"),
    ("/datasource", "direct", "wrong-type"),
    ("/datasource/source", GONE, "missing-key"),
    ("/datasource/source", 1, "wrong-type"),
    ("/tasks", GONE, "missing-key"),
    ("/tasks", {}, "wrong-type"),
    ("/tasks/0", None, "wrong-type"),
    ("/tasks/0/name", GONE, "missing-key"),
    ("/tasks/0/name", 5, "wrong-type"),
    ("/tasks/0/type", GONE, "missing-key"),
    ("/tasks/0/type", "inptu", "unknown-value"),
    ("/tasks/0/type", 3, "wrong-type"),
    ("/tasks/0/id", 3, "wrong-type"),
    ("/tasks/1/description", 3, "wrong-type"),
    ("/tasks/1/namespace", 3, "wrong-type"),
    ("/tasks/1/method", None, "wrong-type"),
    ("/tasks/1/consumes", ["string"], "wrong-type"),
    ("/tasks/1/produces", False, "wrong-type"),
    ("/tasks/1/init_args", [], "wrong-type"),
    ("/tasks/1/policy", 5, "wrong-type"),
    ("/tasks/1/policy/retries", -1, "out-of-range"),
    ("/tasks/1/policy/retries", 1.5, "wrong-type"),
    ("/tasks/1/policy/retries", True, "wrong-type"),
    ("/tasks/1/policy/retry_delay", -0.5, "out-of-range"),
    ("/tasks/1/policy/retry_delay", 1e300, "out-of-range"),
    ("/tasks/1/policy/retry_backoff", 0, "out-of-range"),
    ("/tasks/1/policy/timeout", 0, "out-of-range"),
    ("/tasks/1/policy/timeout", "60", "wrong-type"),
    ("/tasks/1/policy/on_error", "stopp", "unknown-value"),
    ("/tasks/1/policy/max_concurrent", 0, "out-of-range"),
    ("/tasks/1/policy/runs", "threads", "unknown-value"),
    ("/tasks/1/join", "by_task", "unknown-value"),
    ("/tasks/1/join", None, "wrong-type"),
    ("/tasks/1/collect", "in", "wrong-type"),
    ("/tasks/1/collect/over", 5, "wrong-type"),
    ("/tasks/1/collect/group_by", 5, "wrong-type"),
    ("/tasks/1/collect/window", 5, "wrong-type"),
    ("/tasks/1/collect/window/size", GONE, "missing-key"),
    ("/tasks/1/collect/window/size", 0, "out-of-range"),
    ("/tasks/1/collect/window/step", 0, "out-of-range"),
    ("/tasks/1/collect/missing", "dorp", "unknown-value"),
    ("/tasks/1/disabled", "of", "unknown-value"),
    ("/tasks/1/disabled", 1, "wrong-type"),
    ("/workflow", GONE, "missing-key"),
    ("/workflow", {}, "wrong-type"),
    ("/workflow/0", ["in"], "wrong-type"),
    ("/workflow/0", "in", "wrong-type"),
    ("/workflow/0/1", 5, "wrong-type"),
    ("/policy", [], "wrong-type"),
    ("/policy/max_concurrent", 0, "out-of-range"),
    ("/policy/fail_fast", 1, "wrong-type"),
    ("/layout", [], "wrong-type"),
    ("/layout/positions", [], "wrong-type"),
    ("/layout/positions/in", [1], "wrong-type"),
    ("/layout/positions/in", ["1", 2], "wrong-type"),
    ("/layout/positions/in/0", 1e10, "out-of-range"),
    ("/layout/notes", {}, "wrong-type"),
    ("/layout/notes/0", "x", "wrong-type"),
    ("/layout/notes/0/text", GONE, "missing-key"),
    ("/layout/notes/0/size/0", -1, "out-of-range"),
    ("/layout/frames/0/title", 5, "wrong-type"),
    ("/layout/frames/0/position", GONE, "missing-key"),
    ("/format_version", "1", "format-version"),
    ("/format_version", 0, "format-version"),
    ("/format_version", 2, "format-version"),
    ("/format_version", True, "format-version"),
    ("/format_version", None, "format-version"),
]


@pytest.mark.parametrize(("pointer", "value", "code"), SPOILED)
def test_that_a_spoiled_field_is_reported_at_its_place(
    write: Callable[[object], Path], full: dict[str, Any], pointer: str, value: object, code: str
) -> None:
    spoiled = copy.deepcopy(full)
    _spoil(spoiled, pointer, value)
    with pytest.raises(JobMapError) as raised:
        load_job_map(write(spoiled))
    (problem,) = raised.value.problems
    assert (problem.code, problem.pointer) == (code, pointer)
    holder, _, last = pointer.rpartition("/")
    lines = json.dumps(spoiled, indent=2).split("\n")
    assert problem.line is not None
    assert problem.column is not None
    at_place = lines[problem.line - 1][problem.column - 1 :]
    if value is GONE:
        assert at_place[:1] in ("{", '"'), "the place is that of the object which lacks the key"
    elif last.isdigit() and isinstance(_value_at(spoiled, holder), list):
        assert json.dumps(value)[:1] == at_place[:1]
    else:
        assert at_place.startswith(json.dumps(last))


def _value_at(data: Any, pointer: str) -> object:
    for step in pointer.split("/")[1:]:
        data = data[int(step) if isinstance(data, list) else step]
    return data


def test_that_a_problem_in_a_task_names_the_task(full: dict[str, Any]) -> None:
    full["tasks"][1]["policy"]["retries"] = -1
    with pytest.raises(JobMapError, match=r'/tasks/1/policy/retries \("work"\): expected at least 0, got -1'):
        parse_job_map(full)


def test_that_both_versions_are_named_where_the_format_is_newer(write: Callable[[object], Path], sound: dict[str, Any]) -> None:
    path = write({"format_version": 7, **sound, "tasks": "of another form"})
    before = path.read_bytes()
    with pytest.raises(JobMapError, match="reads format version 1; the job map says the number 7"):
        load_job_map(path)
    assert path.read_bytes() == before


def test_that_every_key_has_its_place_in_the_model(full: dict[str, Any]) -> None:
    job_map = parse_job_map(full)
    task = job_map.by_name["work"]
    assert task.join is Join.BY_TASK
    assert task.disabled is Disabled.OFF
    assert task.collect == Collect("in", "key", Window(3, 1, {"unknown": 0}), Missing.DROP, {"unknown": None})
    assert (task.policy.retries, task.policy.retry_delay, task.policy.timeout) == (2, 0.5, 60)
    assert (task.policy.on_error, task.policy.runs) == (OnError.STOP, RunsOn.LOOP)
    assert job_map.layout.positions["work"] == (224, -28)
    assert job_map.policy.fail_fast is True
    assert job_map.extra == {"unknown": {"deep": [{"er": 1}]}}
    assert [each.type for each in job_map.tasks] == [TaskType.INPUT, TaskType.FUNCTION, TaskType.OUTPUT]


@pytest.mark.parametrize(
    ("key", "value", "field"),
    [
        ("collect", True, Collect()),
        ("collect", {}, Collect()),
        ("collect", False, None),
        ("disabled", True, Disabled.BYPASS),
        ("disabled", False, None),
        ("join", "merge", Join.MERGE),
    ],
)
def test_that_short_forms_are_read(sound: dict[str, Any], key: str, value: object, field: object) -> None:
    sound["tasks"][1][key] = value
    assert getattr(parse_job_map(sound).tasks[1], key) == field


def test_that_a_whole_number_may_be_written_with_a_point(sound: dict[str, Any]) -> None:
    sound["tasks"][1]["policy"] = {"retries": 2.0}
    sound["format_version"] = 1.0
    assert repr(parse_job_map(sound).tasks[1].policy.retries) == "2"


def test_that_a_function_task_may_lack_what_the_validator_asks_for(sound: dict[str, Any]) -> None:
    sound["tasks"][1] = {"name": "split", "type": "function"}
    task = parse_job_map(sound).tasks[1]
    assert (task.namespace, task.method, task.consumes, task.produces, dict(task.init_args)) == ("", "", "", "", {})


def test_that_python_data_are_copied_and_tuples_taken_for_lists(sound: dict[str, Any]) -> None:
    sound["workflow"] = (("in", "split"), ("split", "out"))
    job_map = parse_job_map(sound)
    sound["datasource"]["content"]["input"] = "changed"
    assert job_map.workflow[0] == ("in", "split")
    assert job_map.datasource.options["content"] == {"input": "one two"}


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), "\ud800", {5: 1}, b"x", {"a": object()}])
def test_that_python_data_that_json_cannot_hold_are_refused(sound: dict[str, Any], value: object) -> None:
    sound["tasks"][1]["init_args"] = {"x": value}
    with pytest.raises(JobMapError) as raised:
        parse_job_map(sound)
    (problem,) = raised.value.problems
    assert problem.pointer.startswith("/tasks/1/init_args/x")


def test_that_python_data_that_hold_themselves_are_refused(sound: dict[str, Any]) -> None:
    ring: list[Any] = []
    ring.append(ring)
    sound["tasks"][1]["init_args"] = {"x": ring}
    with pytest.raises(JobMapError, match="nesting deeper than 200"):
        parse_job_map(sound)
