"""Saving, and closing without losing what is not saved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QPushButton

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.model.editing import describe

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]
    Answer = Callable[[str, str], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "job.json"
    path.write_bytes(SIMPLE.read_bytes())
    return path


@pytest.fixture
def answer(until: Until) -> Answer:
    """Wait for a question and press the button of that name."""

    async def press(dialog_name: str, button_name: str) -> None:
        await until(lambda: _dialog(dialog_name))
        dialog = _dialog(dialog_name)
        assert dialog is not None
        button = dialog.findChild(QPushButton, button_name)
        assert button is not None
        button.click()
        await until(lambda: _dialog(dialog_name) is None)

    return press


def _dialog(name: str) -> QDialog | None:
    shown = [
        each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible() and each.objectName() == name
    ]
    return shown[0] if shown else None


async def _choose(path: Path, until: Until) -> None:
    await until(lambda: _dialog("save_dialog"))
    dialog = _dialog("save_dialog")
    assert isinstance(dialog, QFileDialog)
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    dialog.accept()


def _edit(window: MainWindow, name: str = "Changed") -> None:
    assert window.document is not None
    window.document.change("Rename", describe(window.document.job_map, name=name, description=None))


def _put_a_folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _saved(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


async def test_that_save_writes_the_file(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    window.actions_by_id["file.save"].trigger()
    await until(lambda: not window.isWindowModified())
    assert _saved(file)["name"] == "Changed"


async def test_that_save_asks_for_a_file_where_there_is_none(tmp_path: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(SIMPLE)
    window.actions_by_id["file.new"].trigger()
    _edit(window, "Brand new")
    window.actions_by_id["file.save"].trigger()
    await _choose(tmp_path / "new.json", until)
    await until(lambda: not window.isWindowModified())
    assert _saved(tmp_path / "new.json")["name"] == "Brand new"
    assert window.document is not None
    assert window.document.path == tmp_path / "new.json"
    assert window.recent.paths[0] == tmp_path / "new.json"


async def test_that_save_as_leaves_the_first_file_as_it_was(file: Path, tmp_path: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    before = _saved(file)
    _edit(window)
    window.actions_by_id["file.save_as"].trigger()
    await _choose(tmp_path / "second.json", until)
    await until(lambda: not window.isWindowModified())
    assert _saved(file) == before
    assert _saved(tmp_path / "second.json")["name"] == "Changed"


async def test_that_a_failed_save_is_said_and_loses_nothing(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    _put_a_folder_in_its_place(file)
    window.actions_by_id["file.save"].trigger()
    await until(window.error_banner.isVisible)
    assert str(file) in window.error_banner.text
    assert window.isWindowModified()


async def test_that_a_saved_tab_closes_without_a_question(file: Path) -> None:
    window = ephemeral_gui.open_window(file)
    window.actions_by_id["file.close"].trigger()
    assert window.document is None
    assert window.tabs.tabText(0) == "Welcome"


@pytest.mark.parametrize(("choice", "name"), [("save", "Changed"), ("discard", "Original")])
async def test_that_closing_a_changed_tab_asks(file: Path, answer: Answer, until: Until, choice: str, name: str) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window, "Original")
    window.actions_by_id["file.save"].trigger()
    await until(lambda: not window.isWindowModified())
    _edit(window, "Changed")
    window.actions_by_id["file.close"].trigger()
    await answer("unsaved_changes", choice)
    await until(lambda: window.document is None)
    assert _saved(file)["name"] == name


async def test_that_closing_the_window_asks_about_every_changed_tab(file: Path, answer: Answer, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window, "First")
    window.actions_by_id["file.new"].trigger()
    _edit(window, "Second")
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    window.close()
    await answer("unsaved_changes", "discard")
    assert closed == []
    await answer("unsaved_changes", "discard")
    await until(lambda: closed)
    assert not window.isVisible()


async def test_that_a_cancelled_close_keeps_the_window_and_can_be_asked_again(file: Path, answer: Answer, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    window.close()
    await answer("unsaved_changes", "cancel")
    await until(lambda: not window.leaving.is_asking)
    assert window.isVisible()
    window.close()
    await answer("unsaved_changes", "save")
    await until(lambda: not window.isVisible())
    assert _saved(file)["name"] == "Changed"


async def test_that_a_close_that_needs_no_question_is_done_at_once(file: Path) -> None:
    window = ephemeral_gui.open_window(file)
    assert window.close()
