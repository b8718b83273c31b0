from __future__ import annotations

import json

import pytest

from engine.files.places import Lines, locate, with_places
from engine.problems import Problem

TEXT = '{\n  "a": [10, {"b/c": true}],\n  "~": {"": 1},\n  "ü": "x"\n}\n'


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", (1, 1)),
        ("/a", (2, 3)),
        ("/a/0", (2, 9)),
        ("/a/1", (2, 13)),
        ("/a/1/b~1c", (2, 14)),
        ("/~0", (3, 3)),
        ("/~0/", (3, 9)),
        ("/ü", (4, 3)),
    ],
)
def test_that_a_member_stands_at_its_key_and_an_item_at_its_start(pointer: str, place: tuple[int, int]) -> None:
    assert locate(TEXT, [pointer]) == {pointer: place}


@pytest.mark.parametrize(("pointer", "nearest"), [("/a/7", "/a"), ("/a/1/x/y", "/a/1"), ("/z", ""), ("/ü/x", "/ü")])
def test_that_what_is_not_there_stands_where_it_is_missing(pointer: str, nearest: str) -> None:
    assert locate(TEXT, [pointer])[pointer] == locate(TEXT, [nearest])[nearest]


def test_that_many_pointers_are_found_in_one_walk() -> None:
    text = json.dumps({"tasks": [{"name": str(index)} for index in range(1_000)]}, indent=1)
    places = locate(text, [f"/tasks/{index}/name" for index in range(1_000)])
    assert [place.line for place in places.values()] == [4 + 3 * index for index in range(1_000)]


def test_that_a_flaw_in_the_text_leaves_what_stands_before_it() -> None:
    assert locate('{"a": 1, "b": ]', ["/a", "/b/c"]) == {"/a": (1, 2), "/b/c": (1, 10)}
    assert locate("", ["/a"]) == {"/a": (1, 1)}


def test_that_problems_keep_a_place_that_they_have() -> None:
    known = Problem("x", "x", "/a", line=7, column=8)
    assert with_places([known, Problem("y", "y", "/ü")], TEXT) == [known, Problem("y", "y", "/ü", line=4, column=3)]


def test_that_columns_count_characters() -> None:
    assert str(Lines("ü\n😀x").place(3)) == "2:2"
