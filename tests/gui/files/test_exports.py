"""Revert, pictures and scripts, by the ids of their actions."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication, QFileDialog, QListWidget, QPushButton, QToolButton

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.catalog.scaffolding import new_namespace, new_task
from engine.files import dump_job_map, load_job_map, parse_job_map, save_job_map
from engine.files.script import job_script
from engine.model.editing import describe, rename_task
from ephemeral_gui.main_window.banner import Banner
from ephemeral_gui.main_window.difference_window import DifferenceWindow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "job.json"
    path.write_bytes(SIMPLE.read_bytes())
    return path


def _edit(window: MainWindow, name: str = "Changed") -> None:
    assert window.document is not None
    window.document.change("Rename", describe(window.document.job_map, name=name, description=None))


def _dialog() -> QFileDialog | None:
    shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog) and each.isVisible()]
    return shown[0] if shown else None


async def _choose(path: Path, until: Until) -> None:
    await until(_dialog)
    dialog = _dialog()
    assert dialog is not None
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    dialog.accept()


def _run(script: Path) -> tuple[int, Any, str]:
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  our own
    return ended.returncode, json.loads(ended.stdout) if ended.stdout else None, ended.stderr


async def test_that_revert_takes_over_the_file_and_can_be_undone(file: Path) -> None:
    window = ephemeral_gui.open_window(file)
    action = window.actions_by_id["file.revert"]
    assert not action.isEnabled()
    _edit(window)
    assert action.isEnabled()
    action.trigger()
    assert window.document is not None
    assert window.document.job_map.name == "Simple example"
    assert not window.isWindowModified()
    assert not action.isEnabled()
    window.actions_by_id["edit.undo"].trigger()
    assert window.document.job_map.name == "Changed"


async def test_that_another_job_map_is_compared_and_leads_to_its_tasks(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    other = file.with_name("other.json")
    _write_other(file, other)
    window.actions_by_id["file.compare"].trigger()
    await _choose(other, until)
    bar = window.findChild(Banner, "difference_banner")
    assert bar is not None
    await until(bar.isVisible)
    assert bar.text == "Comparing with other.json: 1 changed"
    bar.findChild(QPushButton, "difference_banner_list").click()
    shown = window.findChild(DifferenceWindow)
    assert [change.describe() for change in shown.changes] == ['renamed task "greet" to "example"']
    listed = shown.findChild(QListWidget, "differences")
    listed.itemActivated.emit(listed.item(0))
    assert window.document is not None
    assert window.canvas is not None
    key = window.document.job_map.by_name["example"].key
    assert window.canvas.selected_keys() == [key]
    shown.close()
    item = window.canvas.task_item(key)
    assert item is not None
    assert item.difference == 'Renamed task "greet" to "example"'
    bar.findChild(QToolButton, "difference_banner_close").click()
    assert not bar.isVisible()
    assert item.difference == ""


def _write_other(file: Path, other: Path) -> None:
    job_map = load_job_map(file)
    save_job_map(rename_task(job_map, job_map.by_name["example"].key, "greet"), other)


async def test_that_a_revert_to_a_file_that_is_gone_is_refused(file: Path) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    _remove(file)
    window.actions_by_id["file.revert"].trigger()
    assert window.error_banner.text.startswith("Not reverted: ")
    assert window.isWindowModified()


def _remove(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(("name", "start"), [("picture.png", b"\x89PNG"), ("picture.svg", b"<?xml")])
async def test_that_a_picture_is_exported(file: Path, until: Until, name: str, start: bytes) -> None:
    window = ephemeral_gui.open_window(file)
    window.actions_by_id["file.export_picture"].trigger()
    await _choose(file.with_name(name), until)
    await until(file.with_name(name).exists)
    assert _bytes(file.with_name(name)).startswith(start)


async def test_that_a_picture_of_another_kind_is_refused_in_words(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    window.actions_by_id["file.export_picture"].trigger()
    await _choose(file.with_name("picture.gif"), until)
    await until(window.error_banner.isVisible)
    assert window.error_banner.text.startswith("No picture was written: ")


async def test_that_an_exported_script_runs_the_job_as_it_is_shown(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window, "Never saved")
    window.actions_by_id["file.export_script"].trigger()
    script = file.with_name("script.py")
    await _choose(script, until)
    await until(script.exists)
    code, results, said = _run(script)
    assert (code, said) == (0, "")
    assert results[0]["data"] == [{"input": "We got: This is a test!this is our test string input"}]
    assert b"Never saved" in _bytes(script)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def test_that_a_script_of_a_bad_job_says_so_with_its_code(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    data = {**json.loads(SIMPLE.read_text("utf-8")), "workflow": [["in", "nowhere"]]}
    script.write_text(job_script(parse_job_map(data)), encoding="utf-8")
    ended = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  our own
    assert ended.returncode == 65
    assert "nowhere" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_that_a_script_of_a_workspace_that_is_not_trusted_says_so(tmp_path: Path) -> None:
    new_namespace(tmp_path / "lab", "ocean")
    new_task(tmp_path / "lab", "ocean", "trend")
    data = json.loads(SIMPLE.read_text("utf-8"))
    data["tasks"][1] |= {"namespace": "ocean", "method": "trend", "consumes": "any", "produces": "map", "init_args": {}}
    script = tmp_path / "script.py"
    script.write_text(job_script(parse_job_map(data), workspace=tmp_path / "lab"), encoding="utf-8")
    code, _, said = _run(script)
    assert code == 1
    assert "lab is not trusted" in said
    assert "Traceback" not in said


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(['"""', "'''", "{job_map}", "\\", "\r\n", "#"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
)


@given(values, texts)
def test_that_the_data_of_a_script_are_the_job_map_and_its_code_is_always_the_same(value: Any, name: str) -> None:
    data = {
        "name": name,
        "datasource": {"source": "direct", "content": {"value": value}},
        "tasks": [{"name": name, "type": "function", "namespace": "main", "method": name, "init_args": {"value": value}}],
        "workflow": [],
    }
    job_map = parse_job_map(data)
    statements = ast.parse(job_script(job_map)).body
    (assigned,) = [each for each in statements if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "JOB_MAP"]
    assert dump_job_map(parse_job_map(ast.literal_eval(assigned.value))) == dump_job_map(job_map)
    plain = ast.parse(job_script(parse_job_map({**data, "name": "x", "tasks": [], "datasource": {"source": "direct"}}))).body
    others = [[ast.dump(each) for each in body if not isinstance(each, ast.Assign)] for body in (statements, plain)]
    assert others[0] == others[1]


def test_that_data_nested_deeper_than_a_literal_may_be_are_read_as_json() -> None:
    deep: Any = 1
    for _ in range(150):
        deep = [deep]
    job_map = parse_job_map({"name": "Deep", "datasource": {"source": "direct", "content": {"x": deep}}, "tasks": [], "workflow": []})
    text = job_script(job_map)
    compile(text, "script", "exec")
    assert "import json\n" in text
