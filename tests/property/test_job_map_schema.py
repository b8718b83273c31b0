"""The published schema of the job map and the hand-written reader say the same of every map."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, TypeAlias

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.installation import RESOURCES
from engine.errors import JobMapError
from engine.files import job_map_to_data, parse_job_map
from engine.validation import validate

if TYPE_CHECKING:
    from engine.model.definition import Definition

SCHEMA = json.loads((RESOURCES / "schemas" / "job-map.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EXAMPLES = sorted(RESOURCES.glob("jobs/*/job.json"))

# What the validator says and the schema says, too: rules that need neither a catalogue nor two places of the map at once.
SHAPE_CODES = frozenset(
    {
        *("missing-key", "empty-name", "join-on-output", "collect-on-output", "unknown-datasource", "wrong-content"),
        *("wrong-type", "bad-path", "unknown-format"),
    }
)


class NoCatalog:
    """Nothing is installed."""

    problems = ()

    def definition(self, _namespace: str, _method: str) -> Definition | None:
        return None

    def namespaces(self) -> tuple[str, ...]:
        return ()

    def methods(self, _namespace: str) -> tuple[str, ...]:
        return ()


Data: TypeAlias = "dict[str, Any]"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4)
numbers = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | words
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6)
quantities = st.integers(0, 1_000_000_000) | st.floats(0, 1e9)
positive = st.integers(1, 1_000_000_000) | st.floats(0, 1e9, exclude_min=True)
counts = st.integers(1, 10**6) | st.integers(1, 10**6).map(float)
coordinates = st.integers(-1000, 1000) | st.floats(-1e9, 1e9)
positions = st.lists(coordinates, min_size=2, max_size=2)
sizes = st.lists(quantities, min_size=2, max_size=2)
unknown = st.dictionaries(words.map("x-{}".format), values, max_size=1)


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> st.SearchStrategy[Data]:
    known = st.fixed_dictionaries(required, optional=optional or {})
    return st.tuples(known, unknown).map(lambda parts: {**parts[1], **parts[0]})


windows = _object({"size": counts}, {"step": counts})
collects = st.booleans() | _object({}, {"over": words, "group_by": words, "window": windows, "missing": st.sampled_from(["skip", "drop"])})
task_policies = _object(
    {},
    {
        "retries": st.integers(0, 10**6) | st.just(2.0),
        "retry_delay": quantities,
        "retry_backoff": positive,
        "timeout": positive,
        "on_error": st.sampled_from(["continue", "stop"]),
        "max_concurrent": counts,
        "runs": st.sampled_from(["loop", "thread", "process", "dask"]),
    },
)
named = {"id": words, "description": words}
disabled = {"disabled": st.sampled_from(["bypass", "off", True, False])}
functions = _object(
    {"name": names, "type": st.just("function"), **dict.fromkeys(("namespace", "method", "consumes", "produces"), names)},
    {
        **named,
        **disabled,
        "init_args": st.dictionaries(words, values, max_size=3),
        "policy": task_policies,
        "join": st.sampled_from(["merge", "by-task", "any"]),
        "collect": collects,
    },
)
inputs = _object({"name": names, "type": st.just("input")}, {**named, **disabled, "policy": task_policies, "collect": collects})
outputs = _object({"name": names, "type": st.just("output")}, {**named, **disabled, "collect": st.just(value=False)})
paths = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=5)
contents = st.dictionaries(words, values, max_size=3)
datasources = st.one_of(
    _object({"source": st.just("direct"), "content": contents | st.lists(contents, max_size=2)}),
    _object({"source": st.just("file"), "path": paths}, {"format": st.sampled_from(["json", "jsonl", "csv"])}),
    _object({"source": st.just("files"), "folder": paths}, {"pattern": paths}),
    _object({"source": st.just("sample"), "name": paths}),
)
boxes = {"position": positions, "size": sizes}
layouts = _object(
    {},
    {
        "positions": st.dictionaries(words, positions, max_size=3),
        "notes": st.lists(_object({"text": words, **boxes}), max_size=2),
        "frames": st.lists(_object({"title": words, **boxes}), max_size=2),
    },
)
job_maps = _object(
    {
        "name": words,
        "datasource": datasources,
        "tasks": st.lists(functions | inputs | outputs, max_size=4),
        "workflow": st.lists(st.lists(words, min_size=2, max_size=2), max_size=3),
    },
    {
        **named,
        "format_version": st.sampled_from([1, 1.0]),
        "policy": _object({}, {"max_concurrent": counts, "fail_fast": st.booleans()}),
        "layout": layouts,
    },
)


def _reader_accepts(data: Data) -> bool:
    try:
        job_map = parse_job_map(data)
    except JobMapError:
        return False
    return not any(problem.is_error and problem.code in SHAPE_CODES for problem in validate(job_map, NoCatalog()))


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every container and step in the value."""
    steps = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for step in steps for place in ((value, step), *_places(value[step]))]


@given(job_maps)
def test_that_schema_and_reader_accept_every_sound_map(data: Data) -> None:
    assert list(VALIDATOR.iter_errors(data)) == []
    assert _reader_accepts(data)


@given(job_maps, st.data())
def test_that_schema_and_reader_agree_on_a_map_with_one_spoiled_field(data: Data, chance: st.DataObject) -> None:
    spoiled = copy.deepcopy(data)
    holder, step = chance.draw(st.sampled_from(_places(spoiled)))
    if chance.draw(st.booleans()):
        del holder[step]
    else:
        holder[step] = chance.draw(values | st.sampled_from(["", 0, -1, 1.5, True, "merge", "input", 1e300, []]))
    assert VALIDATOR.is_valid(spoiled) == _reader_accepts(spoiled)


@given(st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(SCHEMA["properties"])), inner)))
def test_that_schema_and_reader_agree_on_what_is_no_map_at_all(data: Any) -> None:
    assert VALIDATOR.is_valid(data) == _reader_accepts(data)


@given(job_maps)
def test_that_what_is_written_keeps_the_schema_and_every_unknown_key(data: Data) -> None:
    written = job_map_to_data(parse_job_map(data))
    assert list(VALIDATOR.iter_errors(written)) == []
    assert [key for key in written if key.startswith("x-")] == [key for key in data if key.startswith("x-")]


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.parent.name for path in EXAMPLES])
def test_that_the_example_jobs_keep_the_schema(path: Any) -> None:
    assert list(VALIDATOR.iter_errors(json.loads(path.read_text(encoding="utf-8")))) == []


def _keys(node: Any) -> list[tuple[str, Data]]:
    found = [] if not isinstance(node, dict) else [(key, each) for key, each in node.get("properties", {}).items()]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [*found, *(each for child in inner for each in _keys(child))]


def test_that_the_schema_explains_every_key() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for key, node in _keys(SCHEMA):
        if node in (False, {"const": False}) or node.keys() == {"const"}:
            continue  # a condition, not a description
        target = SCHEMA["$defs"][node["$ref"].rpartition("/")[2]] if "title" not in node else node
        assert target["title"], key
        assert target["description"], key


def test_that_the_schema_names_no_host() -> None:
    assert SCHEMA["$id"].startswith("urn:")
    assert all(ref.startswith("#/$defs/") for ref in _references(SCHEMA))


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [each for child in node for each in _references(child)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if "$ref" in node else []
    return [*own, *(each for child in node.values() for each in _references(child))]
