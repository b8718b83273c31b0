"""Files that are dropped on the window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialog

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.files import save_job_map
from engine.model.job_map import Datasource, empty_job_map
from engine.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from ephemeral_gui.main_window.window import MainWindow

BRANCHING = JOBS / "branching-strings" / "job.json"
COPY, LEFT, NO_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qapp: object, tmp_path: Path) -> MainWindow:
    """A window with a new job that is saved beside the files of the test."""
    save_job_map(empty_job_map(), tmp_path / "job.json")
    return ephemeral_gui.open_window(tmp_path / "job.json")


def drop(target: QWidget, *urls: Path | str) -> bool:
    """Drag files in and let them go; return whether they were welcome."""
    mime = QMimeData()
    mime.setUrls([QUrl(each) if isinstance(each, str) else QUrl.fromLocalFile(str(each)) for each in urls])
    place = QPoint(200, 150)
    enter = QDragEnterEvent(place, COPY, mime, LEFT, NO_KEYS)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(target, QDragMoveEvent(place, COPY, mime, LEFT, NO_KEYS))
    QApplication.sendEvent(target, QDropEvent(QPointF(place), COPY, mime, LEFT, NO_KEYS))
    return True


def ground(window: MainWindow) -> QWidget:
    assert window.canvas is not None
    return window.canvas.viewer.viewport()


def source(window: MainWindow) -> Datasource:
    assert window.document is not None
    return window.document.job_map.datasource


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "text"), [("a.csv", "x\n1\n"), ("a.jsonl", '{"x": 1}\n'), ("a.ndjson", "{}\n"), ("a.json", '[{"x": 1}]')])
def test_that_rows_become_the_datasource_in_one_step(window: MainWindow, tmp_path: Path, name: str, text: str) -> None:
    before = source(window)
    assert drop(ground(window), write(tmp_path / "data" / name, text))
    assert source(window) == Datasource("file", {"path": f"data/{name}"})
    assert window.document is not None
    assert window.document.undo_stack.undoText() == f"Read {name}"
    window.document.undo_stack.undo()
    assert source(window) == before
    assert not window.document.undo_stack.canUndo()


def test_that_a_file_from_elsewhere_keeps_its_whole_path(window: MainWindow, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = write(tmp_path_factory.mktemp("elsewhere") / "a.csv", "x\n")
    drop(ground(window), path)
    assert source(window).options == {"path": str(path)}


def test_that_a_folder_becomes_the_datasource_of_its_files(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    drop(ground(window), tmp_path / "days")
    assert source(window) == Datasource("files", {"folder": "days", "pattern": "*"})


def test_that_a_netcdf_file_becomes_a_task_that_opens_it_behind_the_input(window: MainWindow, tmp_path: Path) -> None:
    drop(ground(window), write(tmp_path / "sea[1].nc", ""))
    assert source(window) == Datasource("files", {"folder": ".", "pattern": "sea[[]1].nc"})
    assert window.document is not None
    job_map = window.document.job_map
    (task,) = [each for each in job_map.tasks if each.is_function]
    assert (task.namespace, task.method) == ("main.xarray", "open_netcdf")
    assert ("in", task.name) in job_map.workflow
    assert window.canvas is not None
    assert window.canvas.selected_keys() == [task.key]
    assert window.document.undo_stack.count() == 1


def test_that_a_second_netcdf_file_goes_to_the_task_that_is_there(window: MainWindow, tmp_path: Path) -> None:
    drop(ground(window), write(tmp_path / "a.nc", ""))
    drop(ground(window), write(tmp_path / "b.nc", ""))
    assert window.document is not None
    assert len([each for each in window.document.job_map.tasks if each.is_function]) == 1
    assert source(window).options["pattern"] == "b.nc"


def test_that_several_netcdf_files_open_a_branch_each(window: MainWindow, tmp_path: Path) -> None:
    drop(ground(window), write(tmp_path / "a.nc", ""), write(tmp_path / "b.nc", ""))
    assert source(window) == Datasource("direct", {"content": [{"path": "a.nc"}, {"path": "b.nc"}]})


@pytest.mark.parametrize("text", [BRANCHING.read_text("utf-8"), '{"tasks": [], "workflow": ['], ids=["a job map", "a spoiled one"])
def test_that_a_job_map_opens_in_a_tab_and_leaves_the_shown_one_alone(window: MainWindow, tmp_path: Path, text: str) -> None:
    assert window.document is not None
    before = window.document
    drop(ground(window), write(tmp_path / "other.json", text))
    assert window.tabs.count() == 2
    assert window.tabs.currentIndex() == 1
    assert not before.modified


def test_that_several_tables_give_a_path_each(window: MainWindow, tmp_path: Path) -> None:
    drop(ground(window), *(write(tmp_path / name, "x\n") for name in ("a.csv", "b.csv", "c.jsonl")))
    assert source(window) == Datasource("direct", {"content": [{"path": "a.csv"}, {"path": "b.csv"}, {"path": "c.jsonl"}]})
    assert window.document is not None
    assert window.document.undo_stack.undoText() == "Read 3 files"
    assert window.status.currentMessage() == "The job reads 3 files now, the path of each as a payload. Undo takes it back."


def test_that_files_of_another_kind_than_the_first_are_named(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "days").mkdir()
    paths = [write(tmp_path / name, "x\n") for name in ("a.csv", "b.nc", "c.txt")]
    drop(ground(window), *paths, tmp_path / "days")
    assert source(window).options == {"path": "a.csv"}
    assert window.status.currentMessage() == "b.nc was left out: a job has one datasource. So for 2 more."


def test_that_a_sentence_lies_on_no_count_of_problems_and_they_come_back_after_it(window: MainWindow, tmp_path: Path) -> None:
    status = window.status
    status.say("Something was said.")
    status.show_problems([Problem(code="x", message="a flaw", pointer="")])
    assert not status._errors.isVisible()
    status.clearMessage()
    assert status._errors.isVisible()
    assert status._errors.text() == "1 error"
    status.say("Something else.")
    status.show_problems([])
    status.clearMessage()
    assert not status._errors.isVisible()


def test_that_what_nothing_reads_is_refused_in_a_sentence_and_no_dialog(window: MainWindow, tmp_path: Path) -> None:
    before = source(window)
    drop(ground(window), write(tmp_path / "notes.txt", ""))
    assert source(window) == before
    assert window.status.currentMessage() == "notes.txt is neither a job map nor data that a task here reads."
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]


def test_that_an_address_of_the_net_is_not_welcome(window: MainWindow) -> None:
    assert not drop(ground(window), "https://example.org/a.csv")
    assert not drop(window, "https://example.org/a.csv")


def test_that_a_map_without_an_input_is_given_one(qapp: object, tmp_path: Path) -> None:
    data: dict[str, Any] = {"name": "Bare", "datasource": {"source": "direct", "content": {}}, "tasks": [], "workflow": []}
    window = ephemeral_gui.open_window(write(tmp_path / "bare.json", json.dumps(data)))
    drop(ground(window), write(tmp_path / "a.csv", "x\n"))
    assert window.document is not None
    assert [task.type.value for task in window.document.job_map.tasks] == ["input"]


def test_that_data_dropped_beside_the_canvas_go_to_the_job_that_is_shown_else_to_a_new_one(qapp: object, tmp_path: Path) -> None:
    window = ephemeral_gui.open_window()
    path = write(tmp_path / "a.csv", "x\n")
    assert drop(window, path)
    assert source(window) == Datasource("file", {"path": str(path)})
    assert window.document is not None
    assert window.document.path is None
