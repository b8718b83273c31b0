"""A person without a mouse: from the gallery to a result that is read, by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QTreeView

import ephemeral_gui
from engine.files import load_job_map

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[..., Awaitable[None]]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")  # the offscreen platform says so of lists that open


def focus() -> Any:
    return QApplication.focusWidget()


@pytest.fixture
def no_mouse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the mouse away from the person."""
    for name in ("mouseClick", "mousePress", "mouseMove", "mouseRelease", "mouseDClick"):
        monkeypatch.delattr(QTest, name)


async def test_that_a_job_is_opened_extended_saved_run_and_read_by_keys_alone(
    person: Callable[[MainWindow], Any], until: Until, no_mouse: None, tmp_path: Path
) -> None:
    window = ephemeral_gui.open_window()
    await until(lambda: window.panels.palette)
    someone = person(window)
    await _open_example(someone, until)
    await _extend(someone, until)
    await _save(someone, tmp_path / "mine.json", until)
    runs = window.runs
    assert runs is not None
    await someone.press("F5")
    await until(lambda: runs.is_running or runs.last_result)
    await until(lambda: runs.last_result, 60)
    await someone.press("Ctrl+K")
    await someone.type("Results")
    await someone.press("Return")
    read = await _read(someone)
    assert "longest 2 payloads" in read
    assert "lengths 5 items   7, 10, 7, 5, 5" in read


async def _open_example(someone: Any, until: Until) -> None:
    await someone.press("Ctrl+Shift+N")
    await until(lambda: QApplication.activeWindow() is not someone.window)
    await someone.type("branching")
    await someone.press("Return")
    await until(lambda: someone.window.document)


async def _extend(someone: Any, until: Until) -> None:
    """Add a task behind another one, set its argument, and wire it and one more to a new output."""
    document = someone.window.document
    await someone.press("Ctrl+K")
    await someone.type("capitalize")
    await someone.press("Return")
    await someone.press("Tab")
    await someone.type("Filter by length")
    await someone.press("Return")
    assert ("capitalize", "Filter by length") in document.job_map.workflow
    await someone.press("Return")
    await until(lambda: focus().objectName() == "argument.word_length")
    await someone.type("9")
    assert document.job_map.by_name["Filter by length"].init_args["word_length"] == 9
    await someone.press("Shift+F6")
    assert someone.window.canvas.isAncestorOf(focus())
    await someone.press("Tab")
    await someone.type("Output")
    await someone.press("Return")
    await someone.type("longest")
    await someone.press("Return")
    await someone.press("Shift+C")
    await someone.type("count-long")
    await someone.press("Return")
    assert {("Filter by length", "longest"), ("count-long", "longest")} <= set(document.job_map.workflow)


async def _save(someone: Any, path: Path, until: Until) -> None:
    await someone.press("Ctrl+S")
    await until(lambda: isinstance(QApplication.activeWindow(), QFileDialog))
    await someone.type(str(path))
    await someone.press("Return")
    await until(lambda: not someone.window.document.modified)
    await someone.come_back()
    assert ("Filter by length", "longest") in load_job_map(path).workflow


async def _read(someone: Any) -> list[str]:
    """Open and go down the rows of a tree as a screen reader does; return what it would say."""
    said = []
    tree = focus()
    assert isinstance(tree, QTreeView)
    await someone.press("Home")
    for _ in range(100):
        index = tree.currentIndex()
        said.append(" ".join(str(index.siblingAtColumn(column).data()) for column in range(tree.model().columnCount())))
        await someone.press("Right")  # opens
        await someone.press("Down")
        if tree.currentIndex() == index:
            break
    return said
