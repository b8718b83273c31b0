"""The tasks on words: example, main.parsing and main.strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from engine.tasks import PayloadError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    RunMethod = Callable[..., Awaitable[Any]]


async def test_that_example_puts_its_property_before_the_text(run_method: RunMethod) -> None:
    result = await run_method("main", "example", {"input": " and a text"}, example_property="a property")
    assert result == {"input": "We got: a property and a text"}


async def test_that_example_joins_a_list_of_texts_by_spaces(run_method: RunMethod) -> None:
    assert await run_method("main", "example", {"input": ["one", "two"]}, example_property="") == {"input": "We got: one two"}


async def test_that_split_string_splits_at_any_white_space(run_method: RunMethod) -> None:
    result = await run_method("main.parsing.strings", "split_string", {"input": "  one\ttwo\n three "})
    assert result == {"strings": ["one", "two", "three"]}


async def test_that_an_empty_text_has_no_words(run_method: RunMethod) -> None:
    assert await run_method("main.parsing.strings", "split_string", {"input": ""}) == {"strings": []}


@pytest.mark.parametrize(("comparison", "kept"), [("greater", ["three"]), ("less", ["one", "two"])])
async def test_that_words_of_the_very_length_are_kept_by_neither_comparison(
    run_method: RunMethod, comparison: str, kept: list[str]
) -> None:
    payload = {"strings": ["one", "two", "three", "four"]}
    result = await run_method("main.parsing.strings", "filter_string_length", payload, word_length=4, comparison=comparison)
    assert result == {"strings": kept}


async def test_that_split_list_copies_all_other_keys_into_each_branch(run_method: RunMethod) -> None:
    payload = {"a": 1, "seasons": ["winter", {"name": "summer"}], "b": None}
    result = await run_method("main.parsing.split", "split_list", payload, list_key="seasons", key_name="season")
    assert result == [{"a": 1, "b": None, "season": "winter"}, {"a": 1, "b": None, "season": {"name": "summer"}}]
    assert payload == {"a": 1, "seasons": ["winter", {"name": "summer"}], "b": None}


async def test_that_split_list_may_put_the_element_under_the_key_of_the_list(run_method: RunMethod) -> None:
    result = await run_method("main.parsing.split", "split_list", {"x": [1, 2]}, list_key="x", key_name="x")
    assert result == [{"x": 1}, {"x": 2}]


async def test_that_an_empty_list_opens_no_branch(run_method: RunMethod) -> None:
    assert await run_method("main.parsing.split", "split_list", {"x": []}, list_key="x", key_name="y") == []


async def test_that_words_are_capitalized_counted_and_combined(run_method: RunMethod) -> None:
    operations = "main.strings.operations"
    assert await run_method(operations, "capitalize_words", {"strings": ["el", "niño"]}) == {"strings": ["El", "Niño"]}
    assert await run_method(operations, "char_count", {"strings": ["El", "Niño", ""]}) == {"lengths": [2, 4, 0]}
    payload = {"b": "tmax", "a": "spring", "c": "unused"}
    assert await run_method(operations, "combine_words", payload, dict_keys=["a", "b"], final_key="combined") == {"combined": "springtmax"}


@pytest.mark.parametrize(
    ("namespace", "method", "payload", "message"),
    [
        ("main", "example", {"text": "x"}, 'the payload lacks "input"; it holds "text"'),
        ("main", "example", {"input": 5}, '"input" must be text, got int: 5'),
        ("main", "example", {"input": ["a", 5]}, '"input[1]" must be text, got int: 5'),
        ("main.parsing.strings", "split_string", {}, 'the payload lacks "input"; it holds nothing'),
        ("main.parsing.strings", "split_string", {"input": None}, '"input" must be text, got null'),
        ("main.parsing.strings", "filter_string_length", {"strings": "abc"}, "\"strings\" must be a list, got str: 'abc'"),
        ("main.parsing.split", "split_list", {"seasons": {}}, '"seasons" must be a list, got dict: {}'),
        ("main.strings.operations", "char_count", {"strings": ["a", None]}, '"strings[1]" must be text, got null'),
        ("main.strings.operations", "combine_words", {"a": "x", "d": "y"}, 'the payload lacks "b"; it holds "a", "d"'),
    ],
)
async def test_that_a_wrong_payload_is_named_with_what_came(
    run_method: RunMethod, namespace: str, method: str, payload: dict[str, Any], message: str
) -> None:
    init_args = {
        "example_property": "p", "word_length": 4, "comparison": "less", "list_key": "seasons", "key_name": "season",
        "dict_keys": ["a", "b"], "final_key": "c",
    }  # fmt: skip
    with pytest.raises(PayloadError) as raised:
        await run_method(namespace, method, payload, **init_args)
    assert str(raised.value) == message


async def test_that_an_unknown_comparison_is_refused(run_method: RunMethod) -> None:
    with pytest.raises(ValueError, match='must be "greater" or "less", got \'equal\''):
        await run_method("main.parsing.strings", "filter_string_length", {"strings": []}, word_length=4, comparison="equal")
