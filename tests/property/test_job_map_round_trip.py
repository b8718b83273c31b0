"""Reading and writing lose nothing, whatever a job map holds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import JobMapError
from engine.files import dump_job_map, parse_job_map
from engine.files.indenting import indented
from engine.files.job_map_text import JobMapText
from engine.files.job_maps import read_job_map
from engine.files.json_scanner import scan
from engine.files.places import locate
from engine.files.strict_json import read_json_bytes, read_json_text
from engine.model.job_map import JobMap
from engine.problems import pointer_to

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
any_text_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=2), inner, max_size=3),
)


def _job(value: Any, name: str) -> dict[str, Any]:
    function = {"name": name, "type": "function", "init_args": {"value": value}, "extra " + name: value}
    return {
        "name": name,
        "datasource": {"source": "direct", "content": {"value": value}},
        "tasks": [{"name": "in", "type": "input", "x": value}, function, {"name": "out", "type": "output"}],
        "workflow": [["in", name], [name, "out"]],
        "layout": {"positions": {name: [1, 2.5]}, "x": value},
        "x": value,
    }


def _read(text: str) -> JobMap:
    job_map, problems = read_job_map(read_json_bytes(text.encode()))
    assert problems == []
    assert job_map is not None
    return job_map


@given(values, texts)
def test_that_a_saved_job_map_is_the_same_when_it_is_loaded_and_saved_again(value: Any, name: str) -> None:
    job_map = parse_job_map(_job(value, name))
    text = dump_job_map(job_map)
    loaded = _read(text)
    assert loaded == job_map
    assert dump_job_map(loaded) == text


@given(values)
def test_that_lines_are_those_of_the_standard_library(value: Any) -> None:
    assert indented(value) == json.dumps(value, indent=2, ensure_ascii=False)


@given(st.lists(values, min_size=1, max_size=3), texts)
def test_that_the_text_of_an_edited_job_map_is_what_it_is_saved_as(edits: list[Any], name: str) -> None:
    job_map = parse_job_map(_job(None, name))
    text = JobMapText()
    for value in edits:
        assert text.of(job_map) == dump_job_map(job_map)
        task = replace(job_map.tasks[1], init_args={"value": value})
        job_map = replace(job_map, tasks=(job_map.tasks[0], task, *job_map.tasks[2:]), extra={"x": value})
    assert text.of(job_map) == dump_job_map(job_map)


@given(values, texts)
def test_that_every_value_is_kept(value: Any, name: str) -> None:
    data = _job(value, name)
    assert repr(json.loads(dump_job_map(parse_job_map(data)))["x"]) == repr(value)


@given(any_text_values)
@example("\U0001f600 \ud83d \ude00")
def test_that_fast_reader_and_scanner_agree(value: Any) -> None:
    readable = json.dumps(value, ensure_ascii=False, indent=1).encode(errors="replace").decode()
    for text in (json.dumps(value), readable):
        scanned = scan(text)
        document = read_json_text(text)
        assert document.problems == scanned.problems
        if not scanned.problems:
            assert repr(document.value) == repr(scanned.value) == repr(json.loads(text))


@given(st.text(st.sampled_from('{}[],:"\\ \n01-.eE+truefalsnNaI\ud800/*é'), max_size=30))
def test_that_any_text_is_read_as_python_reads_it_or_refused(text: str) -> None:
    document = read_json_text(text)
    try:
        value = json.loads(text)
    except ValueError:
        assert not document.complete
    else:
        assert document.complete
        assert document.problems or repr(document.value) == repr(value)


@given(st.binary(max_size=40))
def test_that_any_bytes_are_read_or_refused_with_a_place(data: bytes) -> None:
    document = read_json_bytes(data)
    assert document.complete or document.problems
    assert all(problem.line and problem.column for problem in document.problems)


@given(values)
def test_that_what_dumps_refuses_is_a_job_map_error(value: Any) -> None:
    job_map = parse_job_map(_job(value, "a"))
    broken = JobMap(**{**vars(job_map), "extra": {"x": float("nan"), "y": value}})
    with pytest.raises(JobMapError) as raised:
        dump_job_map(broken)
    assert [problem.pointer for problem in raised.value.problems] == ["/x"]


def _pointers(value: Any, *steps: str | int) -> list[tuple[str, Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(pointer_to(*steps), value), *(each for step, child in inner for each in _pointers(child, *steps, step))]


@given(values)
def test_that_every_value_is_found_at_its_place(value: Any) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    lines = text.split("\n")
    places = locate(text, [pointer for pointer, _ in _pointers(value)])
    for pointer, found in _pointers(value):
        line, column = places[pointer]
        at_place = lines[line - 1][column - 1 :]
        key = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        starts = (json.dumps(found, ensure_ascii=False)[:1], json.dumps(key, ensure_ascii=False))
        assert at_place.startswith(starts)
