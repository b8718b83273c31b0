from __future__ import annotations

import csv
import datetime as dt
import enum
import json
import math
import os
import subprocess
import sys
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # it brings no types
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from engine.execution.output_folder import OutputFolder
from engine.execution.result_files import escaped_cell
from engine.execution.results import JsonResults, results_to_json
from engine.execution.secrets import Secrets
from engine.files.strict_json import read_json_bytes

if TYPE_CHECKING:
    from engine.execution.result import Output


class Colour(enum.StrEnum):
    RED = "red"


class Unprintable:
    @override
    def __str__(self) -> str:
        raise RuntimeError("no text")


@pytest.fixture
def folder(tmp_path: Path) -> OutputFolder:
    return OutputFolder(tmp_path / "out", "job")


def _convert(folder: OutputFolder, *payloads: dict[str, Any], secrets: Secrets | None = None) -> JsonResults:
    outputs: list[Output] = [{"id": "7", "name": "out", "type": "output", "data": list(payloads)}]
    return results_to_json(outputs, folder, secrets or Secrets({}))


def _value(folder: OutputFolder, value: Any) -> Any:
    return _convert(folder, {"value": value}).outputs[0]["data"][0]["value"]


def test_that_outputs_keep_their_form_and_write_nothing_where_json_says_it_all(folder: OutputFolder) -> None:
    payload = {"text": "ä", "number": 1, "real": 0.5, "yes": True, "none": None, "list": [1, ["x"]], "dict": {"a": {}}}
    results = _convert(folder, payload)
    assert results.outputs == [{"id": "7", "name": "out", "type": "output", "data": [payload]}]
    assert results.warnings == ()
    assert folder.made is None
    assert json.loads(results.dump()) == results.outputs


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.float64(0.25), 0.25),
        (np.longdouble(2), 2.0),
        (np.int16(-3), -3),
        (np.uint64(2**63), 2**63),
        (np.bool_(True), True),  # noqa: FBT003  the value under test
        (np.str_("text"), "text"),
        (np.array(7), 7),
        (math.nan, {"$float": "nan"}),
        (math.inf, {"$float": "inf"}),
        (np.float32(-math.inf), {"$float": "-inf"}),
        (PurePosixPath("a/b"), "a/b"),
        ((1, (2,)), [1, [2]]),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (Colour.RED, "red"),
        (10**30, 10**30),
    ],
)
def test_that_plain_values_get_their_json_form_without_a_warning(folder: OutputFolder, value: object, expected: object) -> None:
    results = _convert(folder, {"value": value})
    found = results.outputs[0]["data"][0]["value"]
    assert found == expected
    assert type(found) in (type(expected), bool)
    assert results.warnings == ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (dt.date(2026, 11, 23), {"$type": "datetime.date", "$text": "2026-11-23"}),
        ({3}, {"$type": "set", "$text": "{3}"}),
        (b"\x00", {"$type": "bytes", "$text": "b'\\x00'"}),
        (1j, {"$type": "complex", "$text": "1j"}),
        (np.datetime64("2026-11-23"), {"$type": "numpy.datetime64", "$text": "2026-11-23"}),
        (np.array([object()]), "numpy.ndarray"),
        (np.ma.MaskedArray([1, 2], [True, False]), "numpy.ma"),
        (Unprintable(), "Unprintable that has no text>"),
    ],
)
def test_that_anything_else_is_its_type_and_text_with_a_warning(folder: OutputFolder, value: object, expected: object) -> None:
    results = _convert(folder, {"value": value})
    found = results.outputs[0]["data"][0]["value"]
    if isinstance(expected, str):
        assert expected in found["$type"] + found["$text"]
    else:
        assert found == expected
    (warning,) = results.warnings
    assert warning.startswith('output "out" at /0/value: ')
    assert "was written as text" in warning


def test_that_a_number_too_long_to_be_read_back_is_no_number(folder: OutputFolder) -> None:
    assert _value(folder, 10**5000) == {"$type": "int", "$text": "<int that has no text>"}


def test_that_a_million_rows_warn_once(folder: OutputFolder) -> None:
    rows = [{"day": dt.date(2026, 11, 1 + number)} for number in range(20)]
    assert len(_convert(folder, *rows).warnings) == 1


def test_that_a_value_that_holds_itself_ends(folder: OutputFolder) -> None:
    ring: list[Any] = [1]
    ring.append(ring)
    assert _value(folder, ring) == [1, {"$type": "list", "$text": "[1, [...]]"}]


def test_that_a_value_too_deep_for_json_readers_is_cut(folder: OutputFolder) -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    results = _convert(folder, {"value": deep})
    assert len(results.warnings) == 1
    json.loads(results.dump())


def test_that_an_array_becomes_a_file_that_is_read_without_pickle(folder: OutputFolder) -> None:
    array = np.arange(6.0).reshape(2, 3)
    reference = _value(folder, array)
    assert reference["$type"] == "numpy.ndarray"
    assert Path(reference["$file"]).is_relative_to(folder.path())
    np.testing.assert_array_equal(np.load(reference["$file"], allow_pickle=False), array)


def test_that_a_mere_look_writes_nothing() -> None:
    outputs: list[Output] = [{"id": "out", "name": "out", "type": "output", "data": [{"value": np.arange(2)}]}]
    results = results_to_json(outputs, None)
    assert results.outputs[0]["data"] == [{"value": {"$type": "numpy.ndarray", "$text": "[0 1]"}}]
    assert results.warnings == ()


@pytest.mark.parametrize("kind", ["DataArray", "Dataset"])
def test_that_a_dataset_becomes_a_netcdf_file(folder: OutputFolder, kind: str) -> None:
    array = xr.DataArray(np.arange(3.0), dims="time", name="sea")
    reference = _value(folder, array if kind == "DataArray" else array.to_dataset())
    assert reference["$type"] == f"xarray.{kind}"
    with xr.open_dataset(reference["$file"]) as dataset:
        np.testing.assert_array_equal(dataset["sea"], array)


def test_that_a_table_becomes_csv_whose_cells_are_no_formulas(folder: OutputFolder) -> None:
    table = pd.DataFrame(
        {"=name": ["=cmd|' /C calc'!A0", "+1", "@x", "plain", None], "n": [-1, 2, 3, 4, 5]}, index=["a", "-b", "c", "d", "e"]
    )
    reference = _value(folder, table)
    assert reference["$type"] == "pandas.DataFrame"
    with Path(reference["$file"]).open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == ["", "'=name", "n"]
    assert rows[1] == ["a", "'=cmd|' /C calc'!A0", "-1"]
    assert [row[0] for row in rows[1:]] == ["a", "'-b", "c", "d", "e"]
    assert [row[1] for row in rows[2:]] == ["'+1", "'@x", "plain", ""]
    assert list(table.columns) == ["=name", "n"]


def test_that_a_series_becomes_csv(folder: OutputFolder) -> None:
    reference = _value(folder, pd.Series([1.5, 2.5], name="sea"))
    assert Path(reference["$file"]).read_text() == ",sea\n0,1.5\n1,2.5\n"


@given(st.text())
def test_that_an_escaped_cell_is_read_back_without_loss(text: str) -> None:
    escaped = escaped_cell(text)
    assert isinstance(escaped, str)
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert escaped.removeprefix("'") == text


def test_that_one_value_in_several_places_is_one_file(folder: OutputFolder) -> None:
    array = np.arange(3)
    first, second = _convert(folder, {"a": array, "b": array}).outputs[0]["data"][0].values()
    assert first == second
    assert len(list((folder.path() / "results").iterdir())) == 1


def test_that_names_of_files_are_safe_and_unique(folder: OutputFolder) -> None:
    payload = _convert(folder, {"../../a": np.arange(1), "../..//a": np.arange(2)}).outputs[0]["data"][0]
    assert [len(np.load(reference["$file"])) for reference in payload.values()] == [1, 2]
    assert {path.parent for path in map(Path, (each["$file"] for each in payload.values()))} == {folder.path() / "results"}


def test_that_no_secret_is_in_results(folder: OutputFolder) -> None:
    secrets = Secrets({"TOKEN": "hunter2"})
    results = _convert(folder, {"a hunter2": ["x hunter2"], "p": PurePosixPath("hunter2"), "s": {"hunter2"}}, secrets=secrets)
    assert b"hunter2" not in results.dump()
    assert "hunter2" not in " ".join(results.warnings)


def test_that_keys_that_are_no_text_become_text_with_a_warning(folder: OutputFolder) -> None:
    results = _convert(folder, {"value": {1: "a", ("x",): "b"}})
    assert results.outputs[0]["data"][0]["value"] == {"1": "a", "('x',)": "b"}
    assert len(results.warnings) == 2


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.binary() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner),
    max_leaves=10,
)


@given(_VALUES)
def test_that_results_are_json_that_the_strict_reader_takes(value: Any) -> None:
    results = _convert(OutputFolder(Path(os.devnull), "job"), {"value": value})
    document = read_json_bytes(results.dump())
    assert document.problems == ()


def test_that_no_heavy_library_is_imported_for_plain_results() -> None:
    code = "import sys, engine.execution.results; print(sorted({'numpy', 'xarray', 'pandas'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  our own code
    assert answer.stdout.strip() == "[]"
