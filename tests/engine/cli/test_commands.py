"""The commands that list and make things, and what all commands share."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from engine.cli.console import printable, printable_lines
from engine.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ephemeral = Callable[..., Any]
    MakeJob = Callable[..., Path]


def test_that_help_fits_a_screen_and_names_every_command(ephemeral: Ephemeral) -> None:
    answer = ephemeral("--help")
    assert answer.code == ExitCode.DONE
    assert len(answer.out.splitlines()) <= 25
    assert max(map(len, answer.out.splitlines())) <= 120
    for command in ("run", "validate", "gui", "tasks", "examples", "picture", "new", "check"):
        assert f"  {command}" in answer.out
        assert ephemeral(command, "--help").code == ExitCode.DONE


@pytest.mark.parametrize(
    "arguments", [["fly"], ["run"], ["run", "a", "b"], ["run", "a", "--resul", "x"], ["new"], ["new", "namespace", "x"], ["--fly"]]
)
def test_that_a_wrong_call_is_a_usage_error(ephemeral: Ephemeral, arguments: list[str]) -> None:
    answer = ephemeral(*arguments)
    assert answer.code == ExitCode.USAGE
    assert "Traceback" not in answer.err


def test_that_the_version_is_said(ephemeral: Ephemeral) -> None:
    assert ephemeral("--version").out.startswith("ephemeral 0.")


def test_that_tasks_are_listed_by_namespace(ephemeral: Ephemeral, workspace: Path) -> None:
    answer = ephemeral("tasks", "--workspace", workspace)
    assert answer.code == ExitCode.DONE
    assert "main\n  example(example_property)\n" in answer.out
    assert "lab\n" in answer.out


def test_that_tasks_are_listed_as_json(ephemeral: Ephemeral) -> None:
    data = {(each["namespace"], each["method"]): each for each in json.loads(ephemeral("tasks", "--json").out)}
    split = data["main.parsing.split", "split_list"]
    assert split["fans_out"] is True
    assert [argument["name"] for argument in split["init_args"]] == ["list_key", "key_name"]


def test_that_examples_are_listed_and_copied_but_overwrite_nothing(ephemeral: Ephemeral, tmp_path: Path) -> None:
    assert "simple-example" in ephemeral("examples").out
    answer = ephemeral("examples", "--copy", "simple-example", tmp_path / "mine")
    assert answer.code == ExitCode.DONE
    assert answer.out == f"{tmp_path}/mine/job.json\n"
    assert ephemeral("run", tmp_path / "mine" / "job.json").code == ExitCode.DONE
    assert ephemeral("examples", "--copy", "simple-example", tmp_path / "mine").code == ExitCode.CANNOT_CREATE
    answer = ephemeral("examples", "--copy", "simple-exampel", tmp_path)
    assert answer.code == ExitCode.INPUT_MISSING
    assert "simple-example" in answer.err


def test_that_what_is_made_loads_runs_and_keeps_the_rules(ephemeral: Ephemeral, tmp_path: Path) -> None:
    home = tmp_path / "mine"
    assert ephemeral("new", "namespace", "geo.rasters", "--workspace", home).code == ExitCode.DONE
    answer = ephemeral("new", "task", "geo.rasters", "clip", "--workspace", home)
    assert answer.code == ExitCode.DONE
    assert str(home / "definitions" / "geo" / "rasters" / "clip.json") in answer.out
    assert ephemeral("check", "--workspace", home).code == ExitCode.DONE
    assert any(each["method"] == "clip" for each in json.loads(ephemeral("tasks", "--json", "--workspace", home).out))
    task = {"name": "clip", "type": "function", "namespace": "geo.rasters", "method": "clip", "consumes": "any", "produces": "map"}
    job = {
        "name": "Clip",
        "datasource": {"source": "direct", "content": {"a": 1}},
        "tasks": [{"name": "in", "type": "input"}, task, {"name": "out", "type": "output"}],
        "workflow": [["in", "clip"], ["clip", "out"]],
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    answer = ephemeral("run", tmp_path / "job.json", "--workspace", home, "--trust", "--results", "-")
    assert json.loads(answer.out)[0]["data"] == [{"a": 1}]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["namespace", "1geo"], ExitCode.USAGE),
        (["namespace", "main.mine"], ExitCode.USAGE),
        (["namespace", "../geo"], ExitCode.USAGE),
        (["task", "nowhere", "clip"], ExitCode.INPUT_MISSING),
        (["task", "geo", "not a name"], ExitCode.USAGE),
    ],
)
def test_that_what_cannot_be_made_is_said(ephemeral: Ephemeral, tmp_path: Path, arguments: list[str], code: ExitCode) -> None:
    answer = ephemeral("new", *arguments, "--workspace", tmp_path)
    assert answer.code == code
    assert answer.err.startswith("ephemeral: ")


def test_that_the_built_in_namespaces_keep_the_rules(ephemeral: Ephemeral) -> None:
    assert (ephemeral("check").code, ephemeral("check", "main.strings").code) == (ExitCode.DONE, ExitCode.DONE)
    assert ephemeral("check", "nowhere").code == ExitCode.INPUT_MISSING


def test_that_a_breach_of_the_rules_is_named_with_file_and_line(ephemeral: Ephemeral, tmp_path: Path) -> None:
    ephemeral("new", "namespace", "geo", "--workspace", tmp_path)
    code = tmp_path / "task_namespaces" / "geo" / "tasks.py"
    code.write_text(code.read_text() + "\nprint('hello')\n")
    answer = ephemeral("check", "geo", "--workspace", tmp_path)
    assert answer.code == ExitCode.BAD_JOB_MAP
    assert answer.out.startswith(f"{code}:")
    (problem,) = json.loads(ephemeral("check", "--json", "--workspace", tmp_path).out)
    assert problem["file"] == str(code)


def test_that_a_missing_workspace_is_named(ephemeral: Ephemeral, tmp_path: Path) -> None:
    for command in (["tasks"], ["check"]):
        answer = ephemeral(*command, "--workspace", tmp_path / "gone")
        assert answer.code == ExitCode.INPUT_MISSING
        assert "gone" in answer.err


def test_that_a_picture_must_be_png_or_svg(ephemeral: Ephemeral, job: MakeJob, tmp_path: Path) -> None:
    answer = ephemeral("picture", job("pass_on"), tmp_path / "canvas.bmp")
    assert answer.code == ExitCode.USAGE
    assert ".png or .svg" in answer.err


def test_that_without_qt_the_builder_says_what_lacks(ephemeral: Ephemeral, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    for command in ([], ["gui"]):
        answer = ephemeral(*command)
        assert answer.code == ExitCode.USAGE
        assert "pip install PySide6-Essentials" in answer.err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ä 漢 [red]", "plain ä 漢 [red]"),
        ("\x1b[31m\x07\r\n\t", "\\x1b[31m\\x07\\r\\n\\t"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
        ("\ud800\x00\x9b", "\\ud800\\x00\\x9b"),
    ],
)
def test_that_no_text_steers_the_terminal(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_that_lines_of_a_text_stay_lines() -> None:
    assert printable_lines("one\ntwo\x1b", "  ") == "one\n  two\\x1b"
