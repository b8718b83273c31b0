"""A person's whole way: open, add, wire, set, save, open again, run, and see what became of every task."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeView, QWidget

import ephemeral_gui
from engine.catalog.installation import JOBS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from PySide6.QtCore import QMimeData

    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

LEFT, NO_BUTTON, NO_KEYS = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "job.json"
    path.write_bytes((JOBS / "simple-example" / "job.json").read_bytes())
    return path


def _canvas(window: MainWindow) -> Canvas:
    assert window.canvas is not None
    return window.canvas


def _item(window: MainWindow, name: str) -> TaskItem:
    assert window.document is not None
    item = _canvas(window).task_item(window.document.job_map.by_name[name].key)
    assert item is not None
    return item


def _take_from_palette(window: MainWindow, title: str) -> QMimeData:
    """What a drag of the palette's row carries."""
    tree = window.docks["palette"].findChild(QTreeView)
    assert tree is not None
    model = tree.model()
    found = model.match(model.index(0, 0), Qt.ItemDataRole.DisplayRole, title, 1, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert found, f"the palette does not offer {title}"
    return model.mimeData(found)


def _drop(canvas: Canvas, mime: QMimeData, point: QPointF) -> None:
    viewport, place = canvas.viewer.viewport(), canvas.viewer.view_point(point)
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(viewport, QDragEnterEvent(place, copy, mime, LEFT, NO_KEYS))
    QApplication.sendEvent(viewport, QDragMoveEvent(place, copy, mime, LEFT, NO_KEYS))
    QApplication.sendEvent(viewport, QDropEvent(QPointF(place), copy, mime, LEFT, NO_KEYS))


def _wire(window: MainWindow, source: str, target: str) -> None:
    """Drag with the mouse from the one's output to the other's input."""
    start, end = _item(window, source).output_point(), _item(window, target).input_point()
    assert start is not None
    assert end is not None
    viewer = _canvas(window).viewer
    viewport = viewer.viewport()
    QTest.mousePress(viewport, LEFT, NO_KEYS, viewer.view_point(start))
    for step in range(1, 6):
        place = viewer.view_point(start + (end - start) * (step / 5))
        at = QPointF(viewport.mapToGlobal(place))
        QApplication.sendEvent(viewport, QMouseEvent(QMouseEvent.Type.MouseMove, QPointF(place), at, NO_BUTTON, LEFT, NO_KEYS))
    QTest.mouseRelease(viewport, LEFT, NO_KEYS, viewer.view_point(end))


def _type(widget: QWidget, text: str) -> None:
    widget.setFocus()
    if isinstance(widget, QLineEdit):
        widget.selectAll()
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, Qt.Key.Key_Return)


def _states(window: MainWindow) -> dict[str, str]:
    assert window.document is not None
    return {task.name: _item(window, task.name).state for task in window.document.job_map.tasks}


def _saved(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


async def test_that_a_job_is_opened_extended_saved_opened_again_and_run(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    document, canvas = window.document, _canvas(window)
    assert document is not None
    before = {task.name for task in document.job_map.tasks}

    _drop(canvas, _take_from_palette(window, "Example"), canvas.viewer.visible_rect.center() + QPointF(0, 160))
    (added,) = {task.name for task in document.job_map.tasks} - before
    example = next(task.name for task in document.job_map.tasks if task.is_function and task.name != added)
    output = next(task.name for task in document.job_map.tasks if task.type == "output")
    canvas.fit()
    _wire(window, example, added)
    _wire(window, added, output)
    assert {(example, added), (added, output)} <= set(document.job_map.workflow)

    canvas.select([document.job_map.by_name[added].key])
    field = window.docks["inspector"].findChild(QWidget, "argument.example_property")
    assert field is not None
    _type(field, "Twice: ")
    assert document.job_map.by_name[added].init_args == {"example_property": "Twice: "}

    window.actions_by_id["file.save"].trigger()
    await until(lambda: not document.modified)
    assert [example, added] in _saved(file)["workflow"]

    window.actions_by_id["file.close"].trigger()
    await until(lambda: window.document is None)
    window.open_job_map(file)
    assert window.document is not None
    assert window.document.job_map == document.job_map

    runs = window.runs
    assert runs is not None
    window.actions_by_id["run.start"].trigger()
    await until(lambda: runs.last_result)
    assert runs.last_result is not None
    assert runs.last_result.ok
    assert _states(window) == dict.fromkeys((*before, added), "done")
    texts = sorted(payload["input"] for payload in runs.last_result.outputs[0]["data"])
    assert any(text.startswith("We got: Twice: We got: ") for text in texts)
