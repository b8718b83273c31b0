"""A file that somebody else changed is noticed by its bytes, and nothing of either side is lost unasked."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QListWidget, QPushButton

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.model.editing import describe
from ephemeral_gui.document.recovery import recovery_folder
from ephemeral_gui.main_window.difference_window import DifferenceWindow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"
SIMPLE_BYTES = SIMPLE.read_bytes()
NOW = 1_700_000_000_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "job.json"
    path.parent.mkdir()
    path.write_bytes(SIMPLE.read_bytes())
    os.utime(path, ns=(NOW, NOW))
    return path


def _theirs(file: Path, moment: int = NOW) -> None:
    """Write other bytes of the same length, with that time."""
    text = file.read_text("utf-8")
    file.write_text(text.replace("Simple example", "Theirs, longer"), encoding="utf-8")
    assert len(file.read_text("utf-8")) == len(text)
    os.utime(file, ns=(moment, moment))


def _write(file: Path, data: bytes | None) -> None:
    """Put other bytes there, or take the file away."""
    if data is None:
        file.unlink()
    else:
        file.write_bytes(data)


def _edit(window: MainWindow) -> None:
    assert window.document is not None
    window.document.change("Rename", describe(window.document.job_map, name="Mine", description=None))


def _name_in(file: Path) -> str:
    return str(json.loads(file.read_text("utf-8"))["name"])


def _bar(window: MainWindow, name: str = "file_banner") -> str | None:
    assert window.page is not None
    banner = window.page.file_changes.banner
    return banner.text if banner.isVisible() else None


def _press(window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, f"file_banner_{name}")
    assert button.isVisible()
    button.click()


@pytest.mark.parametrize("moment", [NOW, NOW + 10**12, NOW - 10**12], ids=["same time", "newer", "older"])
async def test_that_a_save_does_not_replace_what_others_wrote(file: Path, until: Until, moment: int) -> None:
    window = ephemeral_gui.open_window(file)
    _theirs(file, moment)
    _edit(window)
    window.actions_by_id["file.save"].trigger()
    await until(lambda: _bar(window))
    assert _bar(window) == "job.json was changed by another program. It was not saved."
    assert _name_in(file) == "Theirs, longer"
    assert window.isWindowModified()
    _press(window, "keep_mine")
    await until(lambda: not window.isWindowModified())
    assert _name_in(file) == "Mine"
    assert _name_in(file.with_name("job.json~")) == "Theirs, longer"
    assert _bar(window) is None


async def test_that_a_change_is_noticed_without_a_save(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _theirs(file)
    await until(lambda: _bar(window))
    assert _bar(window) == "job.json was changed by another program."
    assert not window.isWindowModified()
    _press(window, "keep_mine")
    assert window.isWindowModified()
    assert _bar(window) is None
    assert _name_in(file) == "Theirs, longer"


async def test_that_theirs_is_loaded_as_a_step_that_can_be_undone(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    assert window.document is not None
    key = window.document.job_map.by_name["example"].key
    _theirs(file)
    await until(lambda: _bar(window))
    _press(window, "load_theirs")
    assert window.document.job_map.name == "Theirs, longer"
    assert window.document.job_map.by_name["example"].key == key
    assert not window.isWindowModified()
    window.actions_by_id["edit.undo"].trigger()
    assert window.document.job_map.name == "Mine"
    assert window.isWindowModified()


async def test_that_a_file_that_became_the_same_again_needs_no_answer(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _theirs(file)
    await until(lambda: _bar(window))
    _write(file, SIMPLE_BYTES)
    await until(lambda: _bar(window) is None)


async def test_that_a_deleted_file_is_noticed_and_can_be_written_again(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _write(file, None)
    await until(lambda: _bar(window))
    assert _bar(window) == "job.json was deleted by another program."
    assert not window.findChild(QPushButton, "file_banner_load_theirs").isVisible()
    window.actions_by_id["file.save"].trigger()
    await until(lambda: "not saved" in (_bar(window) or ""))
    _press(window, "keep_mine")
    await until(file.exists)
    assert _name_in(file) == "Simple example"


async def test_that_the_difference_is_shown_beside_the_work(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    _theirs(file)
    await until(lambda: _bar(window))
    _press(window, "show_difference")
    shown = window.findChild(DifferenceWindow)
    assert shown.isVisible()
    assert not shown.isModal()
    listed = shown.findChild(QListWidget, "differences")
    words = [listed.item(row).text() for row in range(listed.count())]
    assert words[0] == 'Changed name: "Mine" \N{RIGHTWARDS ARROW} "Theirs, longer"'
    shown.close()


async def test_that_theirs_that_is_no_job_map_is_refused_and_mine_stays(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _write(file, b"{")
    await until(lambda: _bar(window))
    _press(window, "load_theirs")
    assert window.error_banner.text.startswith("Not loaded: ")
    assert window.document is not None
    assert window.document.job_map.name == "Simple example"
    _press(window, "show_difference")
    assert window.error_banner.text.startswith("Not compared: ")


async def test_that_own_saves_are_no_news(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    for name in ("save", "save"):
        _edit(window)
        window.actions_by_id[f"file.{name}"].trigger()
        await until(lambda: not window.isWindowModified())
        assert window.page is not None
        window.page.file_changes.watch.check_now()
        assert _bar(window) is None


async def test_that_a_folder_that_vanished_is_named_and_the_edits_are_kept(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    shutil.rmtree(file.parent)
    window.actions_by_id["file.save"].trigger()
    await until(lambda: "not saved" in (_bar(window) or ""))
    _press(window, "keep_mine")
    await until(window.error_banner.isVisible)
    assert str(file) in window.error_banner.text
    assert "No such file or directory" in window.error_banner.text
    assert window.isWindowModified()
    await until(lambda: list(recovery_folder().glob("*.json")))
