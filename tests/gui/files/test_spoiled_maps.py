"""Each spoiled job map in the window: a page or a list that says what is wrong and where, no traceback, and the file as it was."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QLabel, QListWidget, QWidget

import ephemeral_gui
from engine.catalog.installation import JOBS
from ephemeral_gui.main_window.broken_page import BrokenPage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SPOILED = Path(__file__).parents[2] / "spoiled_maps"
INDEX: list[dict[str, Any]] = json.loads((SPOILED / "index.json").read_text("utf-8"))
SIMPLE: Any = json.loads((JOBS / "simple-example" / "job.json").read_text("utf-8"))
HUGE = 64 * 2**20 + 1


def _with(**changes: Any) -> bytes:
    """Return the simple example with one task or key otherwise."""
    task = {**SIMPLE["tasks"][1], **changes}
    return json.dumps({**SIMPLE, "tasks": [SIMPLE["tasks"][0], task, SIMPLE["tasks"][2]]}).encode()


MORE = {
    "spaces": (b" \n ", "not-json"),
    "null": (b"null", "wrong-type"),
    "list": (b"[]", "wrong-type"),
    "text": (b'"x"', "wrong-type"),
    "deep": (b"[" * 100_000, "too-deep"),
    "deep objects": (b'{"a":' * 100_000, "too-deep"),
    "huge": (b" " * HUGE, "too-large"),
    "utf-16": (json.dumps(SIMPLE).encode("utf-16"), "not-utf-8"),
    "infinite": (_with(init_args={"example_property": 1}).replace(b": 1}", b": 1e999}"), "number-too-large"),
    "control": (b'{"a": "\x01"}', "not-json"),
    "nul": (b"\0" * 5_000, "not-json"),
    "newest": (json.dumps({"format_version": 99, **SIMPLE}).encode(), "format-version"),
    "oldest": (json.dumps({"format_version": 0, **SIMPLE}).encode(), "format-version"),
}
"""What faults.md names beyond the spoiled files: the bytes, and the code of the problem that is expected."""


@pytest.fixture
def put(tmp_path: Path) -> Callable[[bytes], Path]:
    def put(data: bytes) -> Path:
        path = tmp_path / "job.json"
        path.write_bytes(data)
        return path

    return put


@pytest.fixture(autouse=True)
def _no_complaint(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where the window logs an error of its own."""
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def _seen(window: MainWindow) -> str:
    """Return all words of labels and lists that are seen in the window."""
    words = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    for found in window.findChildren(QListWidget, "broken_problems"):
        words += [found.item(row).text() for row in range(found.count())]
    return "\n".join(words)


async def _open(path: Path, until: Until) -> MainWindow:
    """Open the file and wait until its problems are found."""
    data = path.read_bytes()  # noqa: ASYNC240  a small file of the test
    window = ephemeral_gui.open_window(path)
    await until(lambda: window.panels.shown_problems)
    assert not window.grab().isNull()
    assert not window.had_bug
    assert path.read_bytes() == data  # noqa: ASYNC240
    assert "Traceback" not in _seen(window)
    assert not window.isWindowModified()
    return window


@pytest.mark.parametrize("entry", INDEX, ids=[entry["file"] for entry in INDEX])
async def test_that_a_spoiled_map_shows_its_problem_with_its_place(
    put: Callable[[bytes], Path], until: Until, entry: dict[str, Any]
) -> None:
    path = put((SPOILED / entry["file"]).read_bytes())
    window = await _open(path, until)
    problem = next(each for each in window.panels.shown_problems if each.code == entry["code"] and each.pointer == entry["pointer"])
    assert (problem.line, problem.column) == (entry["line"], entry["column"])
    _assert_shown(window, problem.message)
    if isinstance(window.tabs.currentWidget(), BrokenPage):
        assert f"{problem.line}:{problem.column}" in _seen(window)
        assert "job.json cannot be opened" in _seen(window)
    else:
        assert window.canvas is not None
        await _assert_on_the_node(window, problem.task, until)


def _assert_shown(window: MainWindow, message: str) -> None:
    """Assert that the problems panel has the message in a row."""
    view = window.panels.problems
    model = next(model for model in (each.model() for each in view.findChildren(QWidget) if hasattr(each, "model")) if model is not None)
    rows = [str(model.index(row, column).data()) for row in range(model.rowCount()) for column in range(3)]
    assert any(message[:40] in row for row in rows), rows


async def _assert_on_the_node(window: MainWindow, task: str | None, until: Until) -> None:
    """Assert that the node of the task says that it has a problem."""
    document, canvas = window.document, window.canvas
    assert document is not None
    assert canvas is not None
    found = document.job_map.by_name.get(task) if task else None
    if found is not None:
        item = canvas.task_item(found.key)
        assert item is not None
        await until(lambda: item.face.problems)


@pytest.mark.parametrize(("data", "code"), MORE.values(), ids=MORE)
async def test_that_what_is_no_job_map_opens_as_a_page_that_says_so(
    put: Callable[[bytes], Path], until: Until, data: bytes, code: str
) -> None:
    window = await _open(put(data), until)
    assert isinstance(window.tabs.currentWidget(), BrokenPage)
    (problem,) = [each for each in window.panels.shown_problems if each.code == code][:1]
    assert problem.message in _seen(window)


async def test_that_a_mark_of_the_byte_order_is_taken_and_not_written_again(put: Callable[[bytes], Path], until: Until) -> None:
    path = put(b"\xef\xbb\xbf" + json.dumps(SIMPLE).encode())
    window = ephemeral_gui.open_window(path)
    document = window.document
    assert document is not None
    document.change("Again", document.job_map)
    document.mark_unsaved()
    window.actions_by_id["file.save"].trigger()
    await until(lambda: not document.modified)
    assert path.read_bytes().startswith(b"{")


async def test_that_a_method_that_is_not_installed_is_a_node_that_keeps_its_data_and_is_not_run(
    put: Callable[[bytes], Path], until: Until
) -> None:
    data = _with(namespace="main.geo", method="clip", init_args={"by": {"deep": [1]}}, unknown={"kept": True})
    window = await _open(put(data), until)
    document, canvas, runs = window.document, window.canvas, window.runs
    assert document is not None
    assert canvas is not None
    assert runs is not None
    item = canvas.task_item(document.job_map.by_name["example"].key)
    assert item is not None
    assert item.state == "missing"
    window.actions_by_id["run.start"].trigger()
    await until(lambda: not window.docks["problems"].visibleRegion().isEmpty())
    assert runs.progress is None
    document.mark_unsaved()
    window.actions_by_id["file.save"].trigger()
    await until(lambda: not document.modified)
    saved = json.loads(_text(document.path))
    assert saved["tasks"][1] == json.loads(data)["tasks"][1]


def _text(path: Path | None) -> str:
    assert path is not None
    return path.read_text("utf-8")


async def test_that_names_that_look_alike_are_kept_apart(put: Callable[[bytes], Path]) -> None:
    names = ["caf\u00e9", "cafe\u0301", "Cafe\u0301", "CAF\u00c9"]
    tasks = [{**SIMPLE["tasks"][1], "name": name} for name in names]
    edges = [edge for name in names for edge in (["in", name], [name, "out"])]
    path = put(json.dumps({**SIMPLE, "tasks": [SIMPLE["tasks"][0], *tasks, SIMPLE["tasks"][2]], "workflow": edges}).encode())
    window = ephemeral_gui.open_window(path)
    assert window.document is not None
    assert window.canvas is not None
    items = [window.canvas.task_item(window.document.job_map.by_name[name].key) for name in names]
    assert len(set(map(id, items))) == len(names)
    assert None not in items
    assert not [problem for problem in window.panels.shown_problems if problem.is_error]


@pytest.mark.parametrize("length", [1, 2, 1_000])
async def test_that_a_cycle_is_shown_on_its_nodes(put: Callable[[bytes], Path], until: Until, length: int) -> None:
    names = [f"t{number}" for number in range(length)]
    tasks = [{**SIMPLE["tasks"][1], "name": name} for name in names]
    ring = [[one, other] for one, other in zip(names, [*names[1:], names[0]], strict=True)]
    edges = [["in", names[0]], *ring, [names[-1], "out"]]
    data = json.dumps({**SIMPLE, "tasks": [SIMPLE["tasks"][0], *tasks, SIMPLE["tasks"][2]], "workflow": edges, "layout": {}}).encode()
    window = await _open(put(data), until)
    found = [problem for problem in window.panels.shown_problems if problem.code in ("cycle", "self-edge")]
    assert found
    await _assert_on_the_node(window, found[0].task, until)
