"""Small replacements that lead from one text to another."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ephemeral_gui.json_view.text_edits import Edit, edits_between, merged

LINES = st.lists(st.sampled_from(["a\n", "b\n", "bb\n", "{\n", "\N{GRINNING FACE}\n", "\x85", ""]), max_size=12).map("".join)


def _applied(text: str, edits: list[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.inserted + text[edit.end :]
    return text


@given(LINES, LINES)
def test_that_the_edits_lead_from_one_text_to_the_other(old: str, new: str) -> None:
    edits = edits_between(old, new)
    assert _applied(old, edits) == new
    assert all(one.end <= other.start for one, other in pairwise(edits))


@given(LINES, LINES)
def test_that_what_nobody_else_changed_is_kept_as_it_was_typed(base: str, mine: str) -> None:
    assert merged(base, mine, base) == mine


def test_that_changes_of_different_lines_are_both_kept() -> None:
    base = "one\ntwo\nthree\nfour\n"
    assert merged(base, "one\ntw\nthree\nfour\n", "one\ntwo\nthree\nFOUR\nfive\n") == "one\ntw\nthree\nFOUR\nfive\n"
    assert merged(base, "one\ntwo\nthree\nfour!\n", "zero\none\ntwo\nthree\nfour\n") == "zero\none\ntwo\nthree\nfour!\n"


def test_that_changes_of_one_line_are_a_conflict() -> None:
    assert merged("one\ntwo\nthree\n", "one\ntw\nthree\n", "one\ntwo!\nthree\n") is None


def test_that_a_change_far_from_others_touches_only_its_own_characters() -> None:
    old = "".join(f"line {number}\n" for number in range(5_000))
    assert edits_between(old, old.replace("line 4000\n", "line X000\n")) == [Edit(old.index("4000"), 1, "X")]


LONG = "".join(f"line {number}\n" for number in range(2_000))


@given(LINES, LINES, LINES, LINES)
def test_that_the_edits_lead_from_one_long_text_to_the_other(one: str, two: str, three: str, four: str) -> None:
    old, new = f"first\n{one}{LONG}{two}last\n", f"FIRST\n{three}{LONG}{four}LAST\n"
    edits = edits_between(old, new)
    assert _applied(old, edits) == new
    assert all(one.end <= other.start for one, other in pairwise(edits))
    assert sum(edit.removed for edit in edits) < 100


def test_that_a_change_at_both_ends_of_a_long_text_leaves_what_is_between() -> None:
    new = LONG.replace("line 3\n", "line 3\nanother\n").replace("line 1990\n", "")
    assert edits_between(LONG, new) == [Edit(LONG.index("line 4\n"), 0, "another\n"), Edit(LONG.index("line 1990\n"), 10, "")]


def test_that_what_changes_in_many_places_is_replaced_as_one() -> None:
    (edit,) = edits_between(LONG, LONG.replace("line", "LINE"))
    assert _applied(LONG, [edit]) == LONG.replace("line", "LINE")
