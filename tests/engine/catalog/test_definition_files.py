"""What is read from a folder of definitions, and what is said of those that are broken."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from engine.catalog.definition_files import MOST_BYTES, read_definitions
from engine.model.definition import Argument
from engine.model.job_map import RunsOn
from engine.validation.arguments import first_flaw

if TYPE_CHECKING:
    from pathlib import Path

    from engine.problems import Problem

FIELD = {"name": "size", "type": "integer", "required": True}


def only_problem(folder: Path) -> Problem:
    (problem,) = read_definitions(folder, with_schema=False).problems
    return problem


def test_that_a_definition_is_found_by_the_folders_of_its_namespace(tmp_path: Path, write_definition: Any) -> None:
    write_definition(tmp_path, "geo/rasters/clip", title="Clip", runs="thread", fans_out=True, pure=True, version="2", example={"a": 1})
    found = read_definitions(tmp_path, with_schema=True)
    definition = found.definitions["geo.rasters", "clip"]
    assert found.problems == ()
    assert (definition.namespace, definition.name, definition.display_title) == ("geo.rasters", "clip", "Clip")
    assert (definition.consumes, definition.produces, definition.runs) == (("any",), ("map",), RunsOn.THREAD)
    assert (definition.fans_out, definition.pure, definition.version, definition.example) == (True, True, "2", {"a": 1})


def test_that_every_key_of_an_argument_is_read(tmp_path: Path, write_definition: Any) -> None:
    field = {**FIELD, "description": "in pixels", "default": 2, "enum": [1, 2], "minimum": 1, "maximum": 3, "format": "special"}
    write_definition(tmp_path, "geo/clip", init_args=[field])
    (argument,) = read_definitions(tmp_path, with_schema=True).definitions["geo", "clip"].init_args
    assert argument == Argument("size", "integer", True, "in pixels", 2, True, (1, 2), 1, 3, "special")  # noqa: FBT003  # a whole value


def test_that_a_missing_default_is_no_null_default(tmp_path: Path, write_definition: Any) -> None:
    write_definition(tmp_path, "geo/clip", init_args=[{**FIELD, "type": "any", "default": None}, {**FIELD, "name": "other"}])
    first, second = read_definitions(tmp_path, with_schema=True).definitions["geo", "clip"].init_args
    assert (first.has_default, second.has_default) == (True, False)


def test_that_a_folder_that_is_not_there_holds_no_definitions(tmp_path: Path) -> None:
    assert read_definitions(tmp_path / "nowhere", with_schema=True).definitions == {}


def test_that_a_broken_definition_leaves_the_others_usable(tmp_path: Path, write_definition: Any) -> None:
    write_definition(tmp_path, "geo/clip", consumes="any")
    write_definition(tmp_path, "geo/warp")
    found = read_definitions(tmp_path, with_schema=False)
    assert list(found.definitions) == [("geo", "warp")]
    assert [(problem.file, problem.pointer) for problem in found.problems] == [(str(tmp_path / "geo/clip.json"), "/consumes")]


@pytest.mark.parametrize(
    ("changes", "pointer", "message"),
    [
        ({"description": ...}, "", "'description' is a required property"),
        ({"name": "a b"}, "/name", "does not match"),
        ({"name": "clip\n"}, "/name", "does not match"),
        ({"name": "warp"}, "/name", 'the method is named "warp" and the file "clip.json"'),
        ({"description": ""}, "/description", "should be non-empty"),
        ({"title": 3}, "/title", "3 is not of type 'string'"),
        ({"consumes": []}, "/consumes", "should be non-empty"),
        ({"consumes": ["list(string"]}, "/consumes/0", "does not match"),
        ({"produces": [1]}, "/produces/0", "1 is not of type 'string'"),
        ({"runs": "gpu"}, "/runs", "'gpu' is not one of"),
        ({"runs": []}, "/runs", "[] is not one of"),
        ({"fans_out": "yes"}, "/fans_out", "'yes' is not of type 'boolean'"),
        ({"pure": 1}, "/pure", "1 is not of type 'boolean'"),
        ({"version": 1}, "/version", "1 is not of type 'string'"),
        ({"init_args": {}}, "/init_args", "{} is not of type 'array'"),
        ({"init_args": [3]}, "/init_args/0", "3 is not of type 'object'"),
        ({"init_args": [{"name": "a", "type": "string"}]}, "/init_args/0", "'required' is a required property"),
        ({"init_args": [{**FIELD, "type": "date"}]}, "/init_args/0/type", "does not match"),
        ({"init_args": [{**FIELD, "minimum": True}]}, "/init_args/0/minimum", "True is not of type 'number'"),
        ({"init_args": [{**FIELD, "enum": []}]}, "/init_args/0/enum", "should be non-empty"),
        ({"init_args": [FIELD, FIELD]}, "/init_args/1/name", 'a second argument named "size"'),
        ({"init_args": [{**FIELD, "default": "3"}]}, "/init_args/0/default", "the default '3' is not of type integer"),
        ({"init_args": [{**FIELD, "default": True}]}, "/init_args/0/default", "the default True is not of type integer"),
        ({"init_args": [{**FIELD, "default": 3, "enum": [1, 2]}]}, "/init_args/0/default", "the default 3 is none of the values allowed"),
        ({"init_args": [{**FIELD, "default": 3, "maximum": 2}]}, "/init_args/0/default", "the default 3 is greater than 2"),
        ({"init_args": [{**FIELD, "default": 0, "minimum": 1}]}, "/init_args/0/default", "the default 0 is less than 1"),
        ({"init_args": [{**FIELD, "enum": [1, "a"]}]}, "/init_args/0/enum/1", "'a' is not of type integer"),
        ({"init_args": [{**FIELD, "minimum": 2, "maximum": 1}]}, "/init_args/0/minimum", "the minimum is greater than the maximum"),
    ],
)
def test_that_a_spoiled_field_is_named_with_its_pointer_and_line(
    tmp_path: Path, write_definition: Any, changes: dict[str, Any], pointer: str, message: str
) -> None:
    write_definition(tmp_path, "geo/clip", **changes)
    problem = only_problem(tmp_path)
    assert problem.pointer == pointer
    assert message in problem.message
    assert problem.is_error
    assert problem.line is not None
    assert (problem.line > 1) == bool(pointer)


def test_that_the_line_is_that_of_the_spoiled_key(tmp_path: Path) -> None:
    path = tmp_path / "geo/clip.json"
    path.parent.mkdir()
    path.write_text('{"name": "clip", "description": "x",\n "consumes": ["any"],\n  "produces": 3, "init_args": []}', encoding="utf-8")
    assert (
        only_problem(tmp_path).describe() == f"{path}:3:3 /produces: 3 is not of type 'array' (A list of type names such as [\"string\"].)"
    )


@pytest.mark.parametrize("key", ["fan_out", "Title"])
def test_that_an_unknown_key_is_a_warning_and_kept(tmp_path: Path, write_definition: Any, key: str) -> None:
    write_definition(tmp_path, "geo/clip", **{key: 1})
    found = read_definitions(tmp_path, with_schema=True)
    assert found.definitions["geo", "clip"].extra == {key: 1}
    assert [(problem.is_error, problem.pointer) for problem in found.problems] == [(False, f"/{key}")]


def test_that_a_misspelt_key_is_answered_with_the_known_one(tmp_path: Path, write_definition: Any) -> None:
    write_definition(tmp_path, "geo/clip", fan_out=True)
    assert only_problem(tmp_path).hint == "did you mean 'fans_out'?"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"{", ""),
        (b'{"name": "clip", "name": "warp"}', "duplicate key"),
        (b'{"name": NaN}', "NaN"),
        (b"\xff{}", "not UTF-8"),
        (b"[" * 100_000, "deep"),
        (b" " * (MOST_BYTES + 1), "larger than"),
    ],
)
def test_that_a_file_that_is_no_strict_json_is_a_problem(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "geo/clip.json"
    path.parent.mkdir()
    path.write_bytes(content)
    problems = read_definitions(tmp_path, with_schema=False).problems
    assert problems
    assert all(problem.file == str(path) and problem.is_error for problem in problems)
    assert any(message in problem.message for problem in problems)


@pytest.mark.parametrize("place", ["clip", "geo/a-b", "a b/clip", "1st/clip"])
def test_that_a_definition_in_no_namespace_folder_is_a_problem(tmp_path: Path, write_definition: Any, place: str) -> None:
    write_definition(tmp_path, place, name="clip")
    assert only_problem(tmp_path).code == "definition-place"


@pytest.mark.parametrize("place", ["geo/class", "import/clip"])
def test_that_words_of_python_name_nothing(tmp_path: Path, write_definition: Any, place: str) -> None:
    write_definition(tmp_path, place)
    assert only_problem(tmp_path).code == "definition-name"


if hasattr(os, "mkfifo"):  # named pipes are of POSIX

    def test_that_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
        (tmp_path / "geo").mkdir()
        os.mkfifo(tmp_path / "geo/clip.json")
        assert only_problem(tmp_path).message == "not a regular file"


def test_that_hidden_files_and_folders_are_left_alone(tmp_path: Path, write_definition: Any) -> None:
    write_definition(tmp_path, "geo/.clip")
    write_definition(tmp_path, ".git/clip")
    found = read_definitions(tmp_path, with_schema=True)
    assert (found.definitions, found.problems) == ({}, ())


def test_that_what_a_schema_could_hide_is_neither_followed_nor_matched(
    tmp_path: Path, write_definition: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A definition is no schema: a pattern that takes for ever and a reference into the network are keys that mean nothing."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("the network was asked"))
    argument = {"name": "text", "type": "string", "required": True, "pattern": "(a+)+$", "$ref": "http://localhost:1/schema.json"}
    write_definition(tmp_path, "geo/clip", init_args=[argument], **{"$schema": "http://localhost:1/", "$ref": "http://localhost:1/"})
    start = time.process_time()
    found = read_definitions(tmp_path, with_schema=True)
    definition = found.definitions["geo", "clip"]
    assert first_flaw(definition.init_args[0], "a" * 50 + "b") is None
    assert time.process_time() - start < 5
    assert {(problem.code, problem.is_error) for problem in found.problems} == {("unknown-key", False)}
    assert {problem.pointer for problem in found.problems} == {"/$schema", "/$ref", "/init_args/0/pattern", "/init_args/0/$ref"}
