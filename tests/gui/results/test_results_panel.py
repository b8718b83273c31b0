from __future__ import annotations

import json
import time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from typing_extensions import override

from engine.execution.failure import Failure
from engine.execution.progress import ProgressSnapshot, RunStatus
from engine.execution.result import Output, RunResult
from ephemeral_gui.results.files import openable
from ephemeral_gui.results.panel import ResultsPanel
from ephemeral_gui.results.text import MOST_CHARACTERS_SHOWN, as_json, in_a_row
from ephemeral_gui.widgets.theme import Look

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = '<img src="file:///etc/passwd">'
FAILURE = Failure("work", (("split", 2),), 2, "ValueError", HOSTILE, "Traceback (most recent call last):\n  ...\nValueError: no")


def result(data: list[dict[str, Any]], folder: Path | None = None, failures: tuple[Failure, ...] = ()) -> RunResult:
    status = RunStatus.FAILED if failures else RunStatus.DONE
    output = Output(id="out", name="out", type="output", data=data)
    return RunResult("run", status, [output], failures, ProgressSnapshot("run", status, 3.2, {}), folder)


@pytest.fixture
def panel(qtbot: QtBot) -> ResultsPanel:
    made = ResultsPanel(Look())
    qtbot.addWidget(made)
    made.resize(1_000, 400)
    made.show()
    return made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def take(url: QUrl) -> bool:  # the desktop is the seam
        found.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    return found


def go(panel: ResultsPanel, *names: str) -> QModelIndex:
    """Make the row at this path of names current and return it."""
    model, index = panel.tree.model(), QModelIndex()
    for name in names:
        while model.canFetchMore(index):
            model.fetchMore(index)
        index = next(each for row in range(model.rowCount(index)) if (each := model.index(row, 0, index)).data() == name)
    panel.tree.setCurrentIndex(index)
    return index


def test_that_before_any_run_the_panel_says_so(panel: ResultsPanel) -> None:
    panel.show_result(None)
    assert panel._stack.currentIndex() == 0


def test_that_each_output_tells_its_payloads(panel: ResultsPanel) -> None:
    panel.show_result(result([{"value": 1}, {"value": 2}]))
    assert panel.summary.text() == "Done in 3.2 s: 1 output, 2 payloads"
    index = go(panel, "out")
    assert index.siblingAtColumn(1).data() == "2 payloads"


def test_that_a_value_is_reached_through_the_tree(panel: ResultsPanel) -> None:
    panel.show_result(result([{"seasons": ["winter", HOSTILE]}]))
    index = go(panel, "out", "0", "seasons", "1")
    assert index.siblingAtColumn(1).data() == HOSTILE
    assert panel.text.toPlainText() == HOSTILE


def test_that_the_selection_is_copied_as_json(panel: ResultsPanel) -> None:
    data = [{"mean": np.float64(14.5), "bad": float("nan"), "path": Path("maps") / "a.png"}]
    panel.show_result(result(data))
    go(panel, "out")
    QTest.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied == [{"mean": 14.5, "bad": {"$float": "nan"}, "path": str(Path("maps") / "a.png")}]


def test_that_a_hundred_thousand_items_open_at_once_and_are_reached(panel: ResultsPanel) -> None:
    panel.show_result(result([{"items": list(range(100_000))}]))
    begun = time.process_time()
    index = go(panel, "out", "0")
    panel.tree.expand(index)
    items = panel.tree.model().index(0, 0, index)
    panel.tree.setCurrentIndex(items)
    panel.tree.expand(items)
    panel.tree.repaint()
    assert time.process_time() - begun < 1
    assert panel.tree.model().rowCount(items) <= 2_000
    assert go(panel, "out", "0", "items", "99999").siblingAtColumn(1).data() == "99999"


def test_that_failures_are_listed_with_a_folded_traceback(panel: ResultsPanel) -> None:
    panel.show_result(result([], failures=(FAILURE,)))
    assert panel.summary.text() == "Failed in 3.2 s: 1 output, 0 payloads, 1 failure"
    index = go(panel, "Failures", "work")
    assert index.siblingAtColumn(1).data() == f"ValueError: {HOSTILE}"
    assert not panel.tree.isExpanded(index)
    assert panel.text.text == f'task "work" on branch split[2], attempt 2: ValueError: {HOSTILE}\n\n{FAILURE.traceback}'
    assert go(panel, "Failures", "work", "Branch").siblingAtColumn(1).data() == "split[2]"
    go(panel, "Failures", "work", "Traceback")
    assert panel.text.toPlainText() == FAILURE.traceback


def test_that_a_report_opens_by_a_click_only(panel: ResultsPanel, opened: list[str], tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<html>", encoding="utf-8")
    panel.show_result(result([{"report": "report.html"}], tmp_path))
    go(panel, "out", "0", "report")
    assert opened == []
    link = next(button for button in panel._files.findChildren(QPushButton) if button.text() == "report.html")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.open_button, Qt.MouseButton.LeftButton)
    assert opened == [str(tmp_path / "report.html")] * 2


@pytest.mark.parametrize(
    "named", ["../secret.html", "/etc/passwd", "file:///etc/passwd", "http://example.org/a.html", "link.html", "run.sh", "", "a\0b"]
)
def test_that_nothing_else_can_be_opened(tmp_path: Path, named: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "secret.html").write_text("x", encoding="utf-8")
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    (folder / "run.sh").write_text("x", encoding="utf-8")
    assert openable(named, folder) is None


def test_that_a_file_moved_out_after_it_was_listed_is_not_opened(panel: ResultsPanel, opened: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "report.html").write_text("x", encoding="utf-8")
    (tmp_path / "secret.html").write_text("x", encoding="utf-8")
    panel.show_result(result([], folder))
    (folder / "report.html").unlink()
    (folder / "report.html").symlink_to(tmp_path / "secret.html")
    link = next(button for button in panel._files.findChildren(QPushButton) if button.text() == "report.html")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert opened == []


class Rude:
    """A value whose text cannot be had."""

    @override
    def __str__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({}, "0 keys"),
        ({"a": 1, "b": [1]}, "2 keys   a: 1, b: […]"),
        ([1, 2], "2 items   1, 2"),
        ("two\nlines", "two lines"),
        (None, "null"),
        (np.zeros((2, 3)), "ndarray of shape (2, 3)"),
        (Rude(), "Rude"),
    ],
)
def test_that_a_row_is_short(value: object, text: str) -> None:
    assert in_a_row(value) == text


def test_that_foreign_values_become_text_in_json() -> None:
    assert json.loads(as_json([Rude(), {1, 2} and np.array([1, 2])])) == ["Rude", "ndarray of shape (2,)"]


def test_that_json_of_a_huge_value_is_cut_before_it_is_made() -> None:
    begun = time.process_time()
    assert len(as_json(list(range(1_000_000)), 1_000)) < 1_100
    assert time.process_time() - begun < 1


def test_that_a_long_value_is_copied_whole_and_without_indents() -> None:
    value = [{"n": number, "rest": (1, None)} for number in range(10_000)]
    assert as_json(value) == json.dumps(value)


def test_that_a_long_value_with_what_json_cannot_say_is_copied_whole_too() -> None:
    copied = json.loads(as_json([*range(30_000), float("nan"), np.float32(0.5), MappingProxyType(dict.fromkeys(map(str, range(30_000))))]))
    assert (len(copied), copied[-3], copied[-2], len(copied[-1])) == (30_003, {"$float": "nan"}, 0.5, 30_000)


def test_that_a_text_of_millions_of_letters_is_shown_by_its_beginning(panel: ResultsPanel) -> None:
    panel.show_result(result([{"text": "x" * 5_000_000}]))
    go(panel, "out", "0", "text")
    assert panel.text.text == "x" * (MOST_CHARACTERS_SHOWN - 1) + "…"
