from __future__ import annotations

import json
import math
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import JobMapError
from engine.files import dump_job_map, job_map_to_data, load_job_map, parse_job_map, save_job_map
from engine.files.indenting import indented
from engine.files.job_map_text import JobMapText
from engine.model.editing import rename_task, replace_task, set_argument
from engine.model.job_map import NO_LAYOUT, empty_job_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_that_a_job_map_is_written_as_it_was_read(full: dict[str, Any], sound: dict[str, Any]) -> None:
    for data in (full, sound):
        written = json.loads(dump_job_map(parse_job_map(data)))
        assert json.dumps(written, sort_keys=True) == json.dumps(data, sort_keys=True)


def test_that_keys_stand_in_canonical_order_and_unknown_ones_behind(full: dict[str, Any]) -> None:
    reversed_keys = dict(reversed(full.items()))
    assert dump_job_map(parse_job_map(reversed_keys)) == dump_job_map(parse_job_map(full))
    data = job_map_to_data(parse_job_map(reversed_keys))
    assert list(data) == [
        *("format_version", "id", "name", "description", "datasource", "policy", "tasks", "workflow", "layout"),
        "unknown",
    ]
    assert list(data["tasks"][0]["unknown"]) == ["b", "a"]


def test_that_the_text_is_indented_by_two_and_ends_with_a_line_break() -> None:
    text = dump_job_map(empty_job_map("Größe"))
    assert text.startswith('{\n  "name": "Größe",\n')
    assert text.endswith("}\n")
    assert not text.endswith("\n\n")


def test_that_a_saved_job_map_is_read_back_and_saved_with_the_same_bytes(tmp_path: Path, full: dict[str, Any]) -> None:
    path = tmp_path / "job.json"
    job_map = parse_job_map(full)
    save_job_map(job_map, path)
    first = path.read_bytes()
    loaded = load_job_map(path)
    save_job_map(loaded, path)
    assert loaded == job_map
    assert path.read_bytes() == first


def test_that_a_byte_order_mark_is_not_saved(write: Callable[[object], Path], sound: dict[str, Any]) -> None:
    path = write(b"\xef\xbb\xbf" + json.dumps(sound).encode())
    save_job_map(load_job_map(path), path)
    assert path.read_bytes().startswith(b"{")


def test_that_unknown_keys_live_through_an_edit_of_another_task(full: dict[str, Any]) -> None:
    job_map = parse_job_map(full)
    edited = rename_task(job_map, job_map.by_name["in"].key, "start")
    data = job_map_to_data(edited)
    assert data["tasks"][1] == {**full["tasks"][1], "collect": {**full["tasks"][1]["collect"], "over": "start"}}
    assert data["tasks"][0] == {**full["tasks"][0], "name": "start"}
    assert data["unknown"] == full["unknown"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {"\udfff": 1}, b"bytes"])
def test_that_what_json_cannot_hold_is_refused_with_its_pointer(sound: dict[str, Any], value: Any) -> None:
    job_map = parse_job_map(sound)
    spoiled = set_argument(job_map, job_map.tasks[1].key, "x", value)
    with pytest.raises(JobMapError) as raised:
        dump_job_map(spoiled)
    assert raised.value.problems[0].pointer.startswith("/tasks/1/init_args/x")


def test_that_nesting_that_would_not_be_read_back_is_refused(sound: dict[str, Any]) -> None:
    deep: Any = 1
    for _ in range(250):
        deep = [deep]
    job_map = parse_job_map(sound)
    with pytest.raises(JobMapError, match="nesting deeper than 200"):
        dump_job_map(set_argument(job_map, job_map.tasks[1].key, "x", deep))


def test_that_a_job_map_that_cannot_be_written_leaves_the_file_alone(tmp_path: Path, sound: dict[str, Any]) -> None:
    path = tmp_path / "job.json"
    job_map = parse_job_map(sound)
    save_job_map(job_map, path)
    before = path.read_bytes()
    with pytest.raises(JobMapError):
        save_job_map(set_argument(job_map, job_map.tasks[1].key, "x", float("nan")), path)
    assert path.read_bytes() == before


def test_that_empty_parts_are_left_out(sound: dict[str, Any]) -> None:
    job_map = parse_job_map({**sound, "layout": {"positions": {}}, "policy": {}})
    bare = replace_task(job_map, job_map.tasks[1].key, namespace="")
    assert "namespace" not in job_map_to_data(bare)["tasks"][1]
    assert not {"layout", "policy", "format_version"} & job_map_to_data(replace(job_map, id=None)).keys()


def test_that_an_integer_longer_than_python_writes_is_refused(sound: dict[str, Any]) -> None:
    job_map = parse_job_map(sound)
    with pytest.raises(JobMapError, match="more digits than Python writes"):
        dump_job_map(set_argument(job_map, job_map.tasks[1].key, "x", 10**5000))


@pytest.mark.parametrize(
    "value",
    [1, True, 2**70, 0.1, -0.0, 1e22, "ä\u2028\n", (1, ("b",)), {1: None}, HTTPStatus.OK, [], {}, [{}], {"a": []}],
    ids=repr,
)
def test_that_lines_are_those_of_the_standard_library_for_every_kind_of_value(value: Any) -> None:
    assert indented({"a": [value]}) == json.dumps({"a": [value]}, indent=2, ensure_ascii=False)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_that_no_line_holds_what_is_no_number(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        indented([value])


def test_that_the_text_of_job_maps_that_follow_each_other_is_what_each_is_saved_as(full: dict[str, Any]) -> None:
    text = JobMapText()
    first = parse_job_map(full)
    key = first.tasks[1].key
    for job_map in (first, rename_task(first, key, "another"), replace(first, tasks=()), first, replace(first, layout=NO_LAYOUT)):
        assert text.of(job_map) == dump_job_map(job_map)


def test_that_the_text_of_a_job_map_that_no_file_can_hold_is_refused_as_saving_it_is() -> None:
    job_map = empty_job_map()
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    for value in (math.nan, "\ud800", deep):
        bad = replace(job_map, tasks=(replace(job_map.tasks[0], extra={"x": value}),))
        with pytest.raises(JobMapError) as refused:
            JobMapText().of(bad)
        with pytest.raises(JobMapError) as saved:
            dump_job_map(bad)
        assert refused.value.problems == saved.value.problems
