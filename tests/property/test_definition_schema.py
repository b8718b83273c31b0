"""The published schema of a definition and the quick reader agree on every input."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.definition_reader import ARGUMENT_KEYS, DEFINITION_KEYS, read_definition
from engine.catalog.installation import DEFINITIONS
from engine.catalog.schema_check import DEFINITION_SCHEMA, schema_problems

SOUND_FIELD = {"name": "size", "type": "integer", "required": True, "minimum": 1, "maximum": 2.5, "enum": [1, 2], "format": "path"}
SOUND: dict[str, Any] = {
    "name": "clip",
    "title": "Clip",
    "description": "Clips.",
    "consumes": ["any"],
    "produces": ["list(string)"],
    "init_args": [{**SOUND_FIELD, "default": 1, "description": "in pixels"}],
    "runs": "thread",
    "fans_out": True,
    "pure": False,
    "version": "1",
    "example": {},
}
WORDS = [
    "clip",
    "list",
    "list(string)",
    "list(list)",
    "list(list(string))",
    "any",
    "loop",
    "dask",
    "",
    "\n",
    "a\n",
    "list(string)\n",
    "é",
    "x" * 101,
]
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(ARGUMENT_KEYS)), inner, max_size=4),
    max_leaves=8,
)


def agree(data: Any) -> bool:
    return (read_definition(data, "geo") is not None) == (not schema_problems(data))


@given(VALUES)
def test_that_any_json_value_is_judged_alike(data: Any) -> None:
    assert agree(data)


@given(
    st.dictionaries(st.sampled_from(sorted(DEFINITION_KEYS)), VALUES, max_size=2),
    st.sets(st.sampled_from(sorted(DEFINITION_KEYS)), max_size=1),
)
def test_that_a_definition_with_spoiled_keys_is_judged_alike(changes: dict[str, Any], missing: set[str]) -> None:
    assert agree({key: value for key, value in {**SOUND, **changes}.items() if key not in missing})


@given(
    st.dictionaries(st.sampled_from(sorted(ARGUMENT_KEYS)), VALUES, max_size=2), st.sets(st.sampled_from(sorted(ARGUMENT_KEYS)), max_size=1)
)
def test_that_an_argument_with_spoiled_keys_is_judged_alike(changes: dict[str, Any], missing: set[str]) -> None:
    field = {key: value for key, value in {**SOUND_FIELD, **changes}.items() if key not in missing}
    assert agree({**SOUND, "init_args": [field]})


def test_that_the_sound_definition_is_judged_sound() -> None:
    assert schema_problems(SOUND) == []
    assert read_definition(SOUND, "geo") is not None


def test_that_the_schema_is_itself_of_draft_2020_12_and_names_every_known_key() -> None:
    from jsonschema import Draft202012Validator  # noqa: PLC0415  # this test alone needs it

    schema = json.loads(DEFINITION_SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == DEFINITION_KEYS
    assert set(schema["$defs"]["argument"]["properties"]) == ARGUMENT_KEYS


def test_that_every_built_in_definition_satisfies_the_published_schema() -> None:
    files = list(DEFINITIONS.rglob("*.json"))
    assert files
    assert {str(path): schema_problems(json.loads(path.read_text(encoding="utf-8"))) for path in files} == {str(path): [] for path in files}
