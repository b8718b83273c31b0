from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from engine.errors import InputMissingError, JobMapError
from engine.execution import data_files
from engine.execution.data_files import DataFileError
from engine.execution.datasources import MOST_CHECKED, datasource_problems, open_datasource
from engine.model.job_map import Datasource, JobMap, Origin

if TYPE_CHECKING:
    from pathlib import Path


def _job_map(home: Path, source: str, **options: Any) -> JobMap:
    datasource = {"source": source, **options}
    text = json.dumps({"name": "job", "datasource": datasource}, indent=2)
    return JobMap("job", Datasource(source, options), origin=Origin(home / "job.json", text))


def _payloads(job_map: JobMap) -> list[dict[str, Any]]:
    return list(open_datasource(job_map).read())


def test_that_direct_content_is_the_payload_and_a_fresh_copy_each_time(tmp_path: Path) -> None:
    opened = open_datasource(_job_map(tmp_path, "direct", content={"input": "x", "list": [1]}))
    assert not opened.fans_out
    first, second = list(opened.read()), list(opened.read())
    assert first == second == [{"input": "x", "list": [1]}]
    assert first[0]["list"] is not second[0]["list"]


def test_that_a_list_of_direct_content_fans_out(tmp_path: Path) -> None:
    opened = open_datasource(_job_map(tmp_path, "direct", content=[{"n": 1}, {"n": 2}]))
    assert opened.fans_out
    assert list(opened.read()) == [{"n": 1}, {"n": 2}]


def test_that_an_object_of_json_is_one_payload_on_the_trunk(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"input": "x"}')
    opened = open_datasource(_job_map(tmp_path, "file", path="one.json"))
    assert not opened.fans_out
    assert list(opened.read()) == [{"input": "x"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("rows.json", '[{"n": "1"}, {"n": "2"}]'),
        ("rows.jsonl", '{"n": "1"}\n\n{"n": "2"}\n'),
        ("rows.NDJSON", '\ufeff{"n": "1"}\r\n{"n": "2"}'),
        ("rows.csv", "n\n1\n2\n"),
        ("rows.csv", '\ufeffn\r\n1\r\n\r\n"2"\r\n'),
    ],
)
def test_that_a_list_lines_and_rows_fan_out(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    opened = open_datasource(_job_map(tmp_path, "file", path=name))
    assert opened.fans_out
    assert list(opened.read()) == [{"n": "1"}, {"n": "2"}]


def test_that_a_format_named_in_the_map_goes_before_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "rows.dat").write_text("a,b\n1,2\n")
    assert _payloads(_job_map(tmp_path, "file", path="rows.dat", format="csv")) == [{"a": "1", "b": "2"}]


def test_that_a_cell_may_span_lines(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text('a,b\n"one\ntwo",3\n')
    assert _payloads(_job_map(tmp_path, "file", path="rows.csv")) == [{"a": "one\ntwo", "b": "3"}]


def test_that_files_are_sorted_and_only_files(tmp_path: Path) -> None:
    for name in ("b.nc", "a.nc", "c.txt", "sub/d.nc"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    (tmp_path / "in" / "folder.nc").mkdir()
    expected = [{"path": str(tmp_path / "in" / name)} for name in ("a.nc", "b.nc")]
    assert open_datasource(_job_map(tmp_path, "files", folder="in", pattern="*.nc")).fans_out
    assert _payloads(_job_map(tmp_path, "files", folder="in", pattern="*.nc")) == expected
    deep = _payloads(_job_map(tmp_path, "files", folder="in", pattern="**/*.nc"))
    assert deep == [*expected, {"path": str(tmp_path / "in" / "sub" / "d.nc")}]
    assert len(_payloads(_job_map(tmp_path, "files", folder="in"))) == 3


def test_that_a_sample_is_found_without_importing_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "iris_sample_data"]:
        monkeypatch.delitem(sys.modules, name)  # another test of this process may have imported it
    job_map = _job_map(tmp_path, "sample", name="ostia_monthly.nc")
    (payload,) = _payloads(job_map)
    assert os.path.getsize(payload["path"]) > 1_000_000  # noqa: PTH202  the payload holds text
    assert "iris_sample_data" not in sys.modules


def test_that_datasources_import_nothing_heavy() -> None:
    code = (
        "import sys, engine.execution.datasources; print(sorted({'numpy', 'xarray', 'dask', 'jsonschema', 'PySide6'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  our own code
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("datasource", "pointer", "message"),
    [
        ({"source": "fil"}, "/datasource/source", "there is no datasource \"fil\" (did you mean 'file'?)"),
        ({"source": "direct"}, "/datasource/content", 'the datasource lacks "content"'),
        ({"source": "direct", "content": [{}, "x"]}, "/datasource/content", "must be an object, or a list of objects"),
        ({"source": "file"}, "/datasource/path", 'the datasource lacks "path"'),
        ({"source": "file", "path": 7}, "/datasource/path", '"path" must be a text'),
        ({"source": "file", "path": "a\0b.csv"}, "/datasource/path", '"path" must be a text'),
        ({"source": "file", "path": "https://example.org/a.csv"}, "/datasource/path", "must be a path on this machine"),
        ({"source": "file", "path": "a.xls"}, "/datasource/path", 'add "format": one of json, jsonl, csv'),
        ({"source": "file", "path": "a", "format": "cvs"}, "/datasource/format", "did you mean 'csv'?"),
        ({"source": "files"}, "/datasource/folder", 'the datasource lacks "folder"'),
        ({"source": "files", "folder": ".", "pattern": "../*"}, "/datasource/pattern", "must stay in the folder"),
        ({"source": "files", "folder": ".", "pattern": "/etc/*"}, "/datasource/pattern", "must stay in the folder"),
        ({"source": "sample"}, "/datasource/name", 'the datasource lacks "name"'),
    ],
)
def test_that_a_wrong_description_is_a_problem_with_its_place(
    tmp_path: Path, datasource: dict[str, Any], pointer: str, message: str
) -> None:
    job_map = _job_map(tmp_path, **datasource)
    with pytest.raises(JobMapError) as caught:
        open_datasource(job_map)
    (problem,) = caught.value.problems
    assert problem.pointer == pointer
    assert message in problem.describe()
    assert problem.line is not None
    assert datasource_problems(job_map) == [problem]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("d.json", '[{"a": 1}, 2]', "item 1 must be an object, got a number"),
        ("d.json", '"text"', "the file must be an object, got a text"),
        ("d.json", '{"a": 1,\n "a": 2}', "d.json:2: duplicate key"),
        ("d.json", '{"a": NaN}', "d.json:1: "),
        ("d.json", "", "d.json:1: "),
        ("d.jsonl", '{"a": 1}\n[]\n', "d.jsonl:2: each line must be an object, got a list"),
        ("d.jsonl", '{"a": 1}\n{"a": \n', "d.jsonl:2: "),
        ("d.csv", "", "d.csv:1: a CSV file starts with a line of column names"),
        ("d.csv", "a,,b\n", "d.csv:1: column 2 has no name"),
        ("d.csv", "a,b,a\n", 'd.csv:1: two columns are named "a"'),
        ("d.csv", "a,b\n1,2\n\n1,2,3\n", "d.csv:4: the row has 3 cells, the header names 2"),
        ("d.csv", 'a,b\n1,"2', "d.csv:2: not CSV: unexpected end of data"),
        ("d.csv", b"a,b\n1,\xe9\n", "d.csv:2: not UTF-8: invalid byte 0xe9"),
    ],
)
def test_that_a_file_of_another_form_is_a_problem_that_names_the_line(tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (problem,) = datasource_problems(_job_map(tmp_path, "file", path=name))
    assert message in problem.message
    assert problem.pointer == "/datasource/path"


@pytest.mark.parametrize(
    ("datasource", "reason"),
    [
        ({"source": "file", "path": "gone.csv"}, "No such file"),
        ({"source": "file", "path": "folder.json"}, "is a folder, not a file"),
        ({"source": "file", "path": "pipe.json"}, "is no regular file"),
        ({"source": "files", "folder": "gone"}, "there is no such folder"),
        ({"source": "files", "folder": "empty.txt"}, "is a file, not a folder"),
        ({"source": "files", "folder": "folder.json"}, 'no file in it matches "*"'),
        ({"source": "sample", "name": "ostia_monthy.nc"}, "did you mean 'ostia_monthly.nc'?"),
        ({"source": "sample", "name": "../__init__.py"}, "there is no such sample"),
        ({"source": "sample", "name": "/etc/hostname"}, "there is no such sample"),
    ],
)
def test_that_a_missing_input_is_named(tmp_path: Path, datasource: dict[str, Any], reason: str) -> None:
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "empty.txt").touch()
    os.mkfifo(tmp_path / "pipe.json")
    job_map = _job_map(tmp_path, **datasource)
    with pytest.raises(InputMissingError) as caught:
        open_datasource(job_map)
    assert reason in str(caught.value)
    (problem,) = datasource_problems(job_map)
    assert problem.code == "input-missing"
    assert problem.message == str(caught.value)


def test_that_rows_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    rows = (f"{number}\n" for number in range(MOST_CHECKED + 5))
    (tmp_path / "rows.csv").write_text("n\n" + "".join(rows) + "1,2\n")
    payloads = open_datasource(_job_map(tmp_path, "file", path="rows.csv")).read()
    assert list(itertools.islice(payloads, 2)) == [{"n": "0"}, {"n": "1"}]
    with pytest.raises(DataFileError, match=f"rows.csv:{MOST_CHECKED + 7}: the row has 2 cells"):
        list(payloads)


def test_that_an_object_that_became_a_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text("{}")
    opened = open_datasource(_job_map(tmp_path, "file", path="one.json"))
    (tmp_path / "one.json").write_text("[{}, {}]")
    with pytest.raises(DataFileError, match="held an object when the job was built, and holds a list now"):
        list(opened.read())


def test_that_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_files, "LARGEST_LINE", 1024 * 1024)
    (tmp_path / "rows.jsonl").write_text('{"a": "' + "x" * 1024 * 1024 + '"}')
    (problem,) = datasource_problems(_job_map(tmp_path, "file", path="rows.jsonl"))
    assert "rows.jsonl:1: the line is longer than 1 MiB" in problem.message


def test_that_paths_of_a_map_from_no_file_start_at_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert _payloads(JobMap("job", Datasource("file", {"path": "one.json"}))) == [{}]
