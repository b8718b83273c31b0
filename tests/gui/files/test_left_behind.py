"""Unsaved edits: kept within two seconds, offered at the next start, and nobody else's."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.files import dump_job_map
from engine.model.editing import describe, rename_task
from ephemeral_gui.document.keeper import MILLISECONDS, Keeper
from ephemeral_gui.document.owner import Owner, started_at, this_process
from ephemeral_gui.document.recovery import bring_back, left_behind, read_copy, recovery_folder, write_copy
from ephemeral_gui.document.storage import open_document

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from ephemeral_gui.document.document import Document
    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "job.json"
    path.write_bytes(SIMPLE.read_bytes())
    return path


@pytest.fixture
def document(qapp: object, file: Path) -> Document:
    return open_document(file)


def _call(document: Document, name: str) -> None:
    document.change(f"Call it {name}", describe(document.job_map, name=name, description=None))


def _copies() -> list[Path]:
    return sorted(recovery_folder().glob("*"))


def _press(window: MainWindow, name: str) -> None:
    button = window.findChild(QPushButton, f"recovery_banner_{name}")
    assert button.isVisible()
    button.click()


def _leave_one_behind(document: Document, name: str = "Changed") -> Path:
    keeper = Keeper(document)
    _call(document, name)
    keeper.leave_behind()
    assert keeper.path is not None
    return keeper.path


async def test_that_an_edit_is_kept_within_two_seconds_where_only_the_user_can_read_it(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    assert window.document is not None
    _call(window.document, "Changed")
    assert MILLISECONDS <= 1_000  # which leaves as long again for the writing
    await until(_copies)
    (copy,) = _copies()
    assert json.loads(read_copy(copy).states[-1][0])["name"] == "Changed"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("ending", ["file.save", "edit.undo"])
async def test_that_nothing_is_kept_of_what_is_saved_or_undone(file: Path, until: Until, ending: str) -> None:
    window = ephemeral_gui.open_window(file)
    assert window.document is not None
    _call(window.document, "Changed")
    await until(_copies)
    window.actions_by_id[ending].trigger()
    await until(lambda: not _copies())


async def test_that_a_discarded_tab_leaves_nothing_behind(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    assert window.document is not None
    assert window.page is not None
    _call(window.document, "Changed")
    await until(_copies)
    window.pages.remove(window.page)
    assert _copies() == []


async def test_that_a_window_closed_unasked_leaves_its_edits_behind(file: Path) -> None:
    window = ephemeral_gui.open_window(file)
    assert window.document is not None
    _call(window.document, "Changed at the last moment")
    window.leaving.may_close = True
    window.close()
    ((_, kept),) = left_behind(recovery_folder())
    assert kept.title == "Changed at the last moment"


async def test_that_what_was_left_behind_is_offered_and_restored_with_its_history(document: Document, file: Path, until: Until) -> None:
    _call(document, "First")
    copy = _leave_one_behind(document, "Second")
    window = ephemeral_gui.open_window()
    await until(window.safekeeping.banner.isVisible)
    assert window.safekeeping.banner.text.startswith("Unsaved changes of 'Second' from ")
    _press(window, "restore")
    assert window.document is not None
    assert (window.document.job_map.name, window.document.path, window.document.modified) == ("Second", file, True)
    assert not window.safekeeping.banner.isVisible()
    assert not copy.exists()
    assert len(_copies()) == 1
    window.document.undo_stack.undo()
    assert window.document.job_map.name == "First"
    window.document.undo_stack.undo()
    assert window.document.job_map.name == "Simple example"
    assert not window.document.modified


async def test_that_later_keeps_and_discard_removes(document: Document, until: Until) -> None:
    _leave_one_behind(document)
    window = ephemeral_gui.open_window()
    await until(window.safekeeping.banner.isVisible)
    _press(window, "later")
    assert not window.safekeeping.banner.isVisible()
    assert len(_copies()) == 1
    window.safekeeping.offer()
    _press(window, "discard")
    assert _copies() == []


async def test_that_several_are_offered_one_after_the_other(document: Document, until: Until) -> None:
    _leave_one_behind(document, "One")
    _leave_one_behind(document, "Two")
    window = ephemeral_gui.open_window()
    await until(window.safekeeping.banner.isVisible)
    assert window.safekeeping.banner.text.endswith("There is one more.")
    _press(window, "discard")
    assert "'One'" in window.safekeeping.banner.text
    _press(window, "discard")
    assert _copies() == []


async def test_that_a_second_window_is_not_offered_what_the_first_has_open(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    assert window.document is not None
    _call(window.document, "Changed")
    await until(_copies)
    second = ephemeral_gui.open_window()
    second.safekeeping.offer()
    assert not second.safekeeping.banner.isVisible()


def test_that_an_owner_is_known_by_number_and_start() -> None:
    assert this_process().is_alive
    assert not Owner(this_process().pid, "another start").is_alive
    assert not Owner(2**22 + 1, started_at(this_process().pid) or "").is_alive


def test_that_what_was_saved_after_all_is_not_offered(document: Document, file: Path) -> None:
    copy = _leave_one_behind(document)
    file.write_text(dump_job_map(document.job_map), encoding="utf-8")
    assert left_behind(copy.parent) == []
    assert not copy.exists()


def test_that_a_task_keeps_its_identity_through_a_rename_that_is_restored(document: Document) -> None:
    key = document.job_map.by_name["example"].key
    document.change("Rename", rename_task(document.job_map, key, "other"))
    back = bring_back(read_copy(_leave_one_behind(document)))
    renamed = back.job_map.by_name["other"].key
    back.undo_stack.setIndex(0)
    assert back.job_map.by_name["example"].key == renamed
    assert back.job_map == open_document(document.path or SIMPLE).job_map


def test_that_only_the_last_steps_are_kept(document: Document) -> None:
    for number in range(200):
        _call(document, str(number))
    kept = read_copy(_leave_one_behind(document))
    assert len(kept.states) == 51
    assert bring_back(kept).modified


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 99}', '{"version": 1, "states": 3, "owner": 1}', "\0"])
def test_that_a_damaged_copy_is_left_alone_and_logged(document: Document, text: str, caplog: pytest.LogCaptureFixture) -> None:
    copy = _leave_one_behind(document)
    damaged = copy.with_name("damaged.json")
    damaged.write_text(text, encoding="utf-8")
    assert [path for path, _ in left_behind(copy.parent)] == [copy]
    assert "damaged.json" in caplog.text
    assert damaged.exists()


async def test_that_a_copy_with_a_damaged_map_says_so(document: Document, until: Until) -> None:
    copy = _leave_one_behind(document)
    kept = read_copy(copy)
    write_copy(copy, replace(kept, states=tuple(("{", keys) for _, keys in kept.states)))
    window = ephemeral_gui.open_window()
    await until(window.safekeeping.banner.isVisible)
    _press(window, "restore")
    assert window.error_banner.isVisible()
    assert str(copy) in window.error_banner.text


async def test_that_a_folder_that_cannot_be_made_is_said_once(file: Path, until: Until) -> None:
    recovery_folder().parent.parent.mkdir(parents=True)
    recovery_folder().parent.write_text("a file in its place")
    window = ephemeral_gui.open_window(file)
    assert window.document is not None
    _call(window.document, "Changed")
    await until(window.error_banner.isVisible)
    assert window.error_banner.text.startswith("Unsaved edits are not kept")


async def test_that_a_title_is_shown_as_text(document: Document, until: Until) -> None:
    _leave_one_behind(document, "<img src='file:///etc/passwd'>")
    window = ephemeral_gui.open_window()
    await until(window.safekeeping.banner.isVisible)
    assert "<img" in window.safekeeping.banner.text
