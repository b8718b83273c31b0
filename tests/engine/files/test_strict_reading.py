from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import hypothesis
import hypothesis.strategies as st
import pytest

from engine.errors import InputMissingError, JobMapError
from engine.files import load_job_map
from engine.files.json_scanner import scan
from engine.files.nesting import DEEPEST_NESTING
from engine.files.strict_json import LARGEST_FILE, read_json_file, read_json_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.problems import Problem


def _only_problem(path: Path) -> Problem:
    with pytest.raises(JobMapError) as raised:
        load_job_map(path)
    (problem,) = raised.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "code", "pointer", "place"),
    [
        ("", "not-json", "", (1, 1)),
        ("  \n ", "not-json", "", (2, 2)),
        ("null", "wrong-type", "", (1, 1)),
        ("\n []", "wrong-type", "", (2, 2)),
        ('"x"', "wrong-type", "", (1, 1)),
        ("{}{}", "not-json", "", (1, 3)),
        ('{"name": "x",}', "not-json", "", (1, 14)),
        ('{"tasks": [1,\n]}', "not-json", "/tasks", (2, 1)),
        ('{\n// why\n"name": "x"}', "not-json", "", (2, 1)),
        ("{'name': 'x'}", "not-json", "", (1, 2)),
        ('{"name" "x"}', "not-json", "/name", (1, 9)),
        ('{"name": x}', "not-json", "/name", (1, 10)),
        ('{"name": "x" "id": "y"}', "not-json", "/name", (1, 14)),
        ('{"name": "x', "not-json", "/name", (1, 10)),
        ('{"name": "\t"}', "not-json", "/name", (1, 11)),
        ('{"name": "\\x"}', "not-json", "/name", (1, 11)),
        ('{"tasks": [01]}', "not-json", "/tasks", (1, 13)),
        ('{"tasks": [nul]}', "not-json", "/tasks/0", (1, 12)),
    ],
)
def test_that_text_that_is_no_json_object_is_refused_with_its_place(
    write: Callable[[object], Path], text: str, code: str, pointer: str, place: tuple[int, int]
) -> None:
    problem = _only_problem(write(text))
    assert (problem.code, problem.pointer, (problem.line, problem.column)) == (code, pointer, place)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("NaN", "not-a-number"),
        ("Infinity", "not-a-number"),
        ("-Infinity", "not-a-number"),
        ("1e999", "number-too-large"),
        ("-1e999", "number-too-large"),
        ("1e99999999999999999999", "number-too-large"),
        ("0.1234567890123456789012345", "inexact-number"),
        ("1e-999", "inexact-number"),
        ("1e-99999999999999999999", "inexact-number"),
        ('"\\ud800"', "lone-surrogate"),
        ('"\\udc00\\ud800"', "lone-surrogate"),
        ('{"\\udfff": 1}', "lone-surrogate"),
        ('{"a": 1, "a": 1}', "duplicate-key"),
    ],
)
def test_that_what_would_not_be_written_back_as_it_was_is_refused(
    write: Callable[[object], Path], sound: dict[str, Any], value: str, code: str
) -> None:
    text = json.dumps(sound).replace('"one two"', value)
    problem = _only_problem(write(text))
    assert problem.code == code
    assert problem.pointer.startswith("/datasource/content/input")
    assert problem.line == 1


def test_that_an_integer_longer_than_python_reads_is_refused(write: Callable[[object], Path], sound: dict[str, Any]) -> None:
    digits = "9" * (sys.get_int_max_str_digits() + 1)
    problem = _only_problem(write(json.dumps(sound).replace('"one two"', digits)))
    assert (problem.code, problem.pointer) == ("number-too-long", "/datasource/content/input")


@pytest.mark.parametrize("number", ["9007199254740993", "1" + "0" * 400, "-0.0", "0.30000000000000004", "1.50", "1E5", "5e-324", "0e99999"])
def test_that_numbers_are_kept_exactly(write: Callable[[object], Path], sound: dict[str, Any], number: str) -> None:
    job_map = load_job_map(write(json.dumps(sound).replace('"one two"', number)))
    kept = job_map.datasource.options["content"]
    assert isinstance(kept, dict)
    assert repr(kept["input"]) == repr(json.loads(number))


def test_that_a_duplicate_key_names_the_place_of_the_first(write: Callable[[object], Path], sound: dict[str, Any]) -> None:
    text = json.dumps(sound, indent=2).replace('"name": "split",', '"name": "split",\n      "name": "split",')
    problem = _only_problem(write(text))
    assert problem.describe("job.json") == 'job.json:16:7 /tasks/1/name ("split"): duplicate key, first at 15:7'


def test_that_a_byte_order_mark_is_accepted_and_not_part_of_the_text(write: Callable[[object], Path], sound: dict[str, Any]) -> None:
    job_map = load_job_map(write(b"\xef\xbb\xbf" + json.dumps(sound).encode()))
    assert job_map.origin.text == json.dumps(sound)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_that_other_encodings_are_named(write: Callable[[object], Path], sound: dict[str, Any], encoding: str) -> None:
    problem = _only_problem(write(json.dumps(sound).encode(encoding)))
    assert problem.message == f"not UTF-8 but {encoding.upper()}"


def test_that_an_invalid_byte_is_reported_by_offset_line_and_column(write: Callable[[object], Path]) -> None:
    problem = _only_problem(write('{\n "ü": "'.encode() + "ü".encode("latin-1") + b'"}'))
    assert problem.message == "not UTF-8: invalid byte 0xfc at byte offset 10"
    assert (problem.line, problem.column) == (2, 8)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_that_deep_nesting_is_refused_at_once(write: Callable[[object], Path], opening: str) -> None:
    path = write(opening * 100_000)
    start = time.process_time()
    problem = _only_problem(path)
    assert time.process_time() - start < 0.5
    assert problem.message == "nesting deeper than 200"
    assert problem.column == 200 * len(opening) + 1


@pytest.mark.parametrize("depth", [DEEPEST_NESTING + 1, 500, 900, 5_000])
def test_that_closed_nesting_beyond_the_limit_is_refused_alike(depth: int) -> None:
    document = read_json_text("[" * depth + "]" * depth)
    assert [problem.code for problem in document.problems] == ["too-deep"]


def test_that_nesting_up_to_the_limit_is_read_even_on_a_full_stack() -> None:
    text = "[" * DEEPEST_NESTING + "]" * DEEPEST_NESTING

    def read_below(frames: int) -> object:
        return read_below(frames - 1) if frames else read_json_text(text)

    nearly_full = sys.getrecursionlimit() - 150
    assert read_below(nearly_full - len_of_stack()) == read_json_text(text)


def len_of_stack() -> int:
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth


def test_that_a_file_over_the_limit_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    document = read_json_file(path)
    assert [problem.code for problem in document.problems] == ["too-large"]
    assert document.text is None


def test_that_all_flaws_are_reported_with_those_of_shape(write: Callable[[object], Path]) -> None:
    text = '{"name": 5, "name": NaN,\n "datasource": {"source": []},\n "tasks": [{"name": "\\ud800"}], "workflow": [1.5]}'
    with pytest.raises(JobMapError) as raised:
        load_job_map(write(text))
    found = [(problem.code, problem.pointer) for problem in raised.value.problems]
    assert found == [
        ("duplicate-key", "/name"),
        ("wrong-type", "/name"),
        ("not-a-number", "/name"),
        ("wrong-type", "/datasource/source"),
        ("missing-key", "/tasks/0/type"),
        ("lone-surrogate", "/tasks/0/name"),
        ("wrong-type", "/workflow/0"),
    ]


def test_that_at_most_a_hundred_problems_are_reported(write: Callable[[object], Path], sound: dict[str, Any]) -> None:
    sound["tasks"] = [5] * 1_000
    with pytest.raises(JobMapError) as raised:
        load_job_map(write(sound))
    assert len(raised.value.problems) == 100


def test_that_a_missing_file_and_a_folder_are_missing_input(tmp_path: Path) -> None:
    with pytest.raises(InputMissingError, match="no such file"):
        load_job_map(tmp_path / "nothing.json")
    with pytest.raises(InputMissingError, match="is a folder"):
        load_job_map(tmp_path)
    with pytest.raises(InputMissingError, match="cannot be read"):
        load_job_map(tmp_path / "a\0b")


def test_that_the_scanner_reads_what_the_fast_reader_reads(full: dict[str, Any]) -> None:
    for text in (json.dumps(full), json.dumps(full, indent="\t"), " [ ] ", '{ "a" : [ [ ] , { } , "\\ud83d\\ude00" ] }', "-1", "[0.5e+3]"):
        scanned = scan(text)
        assert scanned.value == json.loads(text)
        assert scanned.complete
        assert not scanned.problems


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        '{"a:b": "c:d", "e": [{"f": "::"}]}',
        '{"caf\\u00e9": "12:30", "b": {"c": ":"}}',
        '{"a" : "\\u003a", "b": ":"}',
        '[":", {"a": [[":"]]}, "\\":\\""]',
        '":"',
        "[]",
        "1",
    ],
)
def test_that_a_colon_in_a_string_is_no_sign_of_a_lost_member(text: str) -> None:
    document = read_json_text(text)
    assert (document.problems, document.value) == ((), json.loads(text))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 2}',
        '{"a" : 1, "a": ":"}',
        '{"a": ":", "a": 1}',
        '{"a": "\\u003a", "a": 1}',
        '{"a": "\\u003a\\u003a", "b": ":", "b": ":"}',
        '[{"b": {"c": ":", "c": "\\u003a"}}]',
        '{"\\u0061": 1, "a": "\\u003A"}',
    ],
)
def test_that_no_colon_hides_a_lost_member(text: str) -> None:
    assert [problem.code for problem in read_json_text(text).problems] == ["duplicate-key"]


@hypothesis.given(st.data())
def test_that_a_duplicate_key_is_found_wherever_it_stands(data: st.DataObject) -> None:
    """Members, strings and escapes drawn so that colons are everywhere: quick proof and exact reading agree on all of them."""
    texts = st.text(alphabet=':"\\ua3é{', max_size=4)
    value = data.draw(
        st.recursive(
            texts | st.integers() | st.booleans(),
            lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(texts, inner), max_size=4).map(_Members),
            max_leaves=12,
        )
    )
    text = _spelled(value, ascii_only=data.draw(st.booleans()), colon=data.draw(st.sampled_from([":", ": ", " : "])))
    found = {problem.code for problem in read_json_text(text).problems}
    assert found == {problem.code for problem in scan(text).problems}
    assert found <= {"duplicate-key"}


class _Members(list[tuple[str, Any]]):
    """The members of an object, in which a key may come twice."""


def _spelled(value: Any, *, ascii_only: bool, colon: str) -> str:
    if isinstance(value, _Members):
        members = (
            f"{json.dumps(key, ensure_ascii=ascii_only)}{colon}{_spelled(item, ascii_only=ascii_only, colon=colon)}" for key, item in value
        )
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_spelled(item, ascii_only=ascii_only, colon=colon) for item in value) + "]"
    text = json.dumps(value, ensure_ascii=ascii_only)
    return text.replace(":", "\\u003a") if ascii_only else text
