"""Saving to places that will not have it, that are reached by links, or that others write to at the same moment."""

from __future__ import annotations

import errno
import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QSettings

import ephemeral_gui
from engine.catalog.installation import JOBS
from engine.model.editing import describe
from ephemeral_gui.document.recovery import recovery_folder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from ephemeral_gui.main_window.window import MainWindow

    Until = Callable[[Callable[[], object]], Awaitable[None]]

SIMPLE = JOBS / "simple-example" / "job.json"
OLD = SIMPLE.read_bytes()
THEIRS = OLD.replace(b"Simple example", b"Theirs, longer")
REFUSALS = {
    "read-only folder": errno.EACCES,
    "read-only medium": errno.EROFS,
    "full disk": errno.ENOSPC,
    "used-up quota": errno.EDQUOT,
    "stale network folder": errno.ESTALE,
    "pulled stick": errno.EIO,
}
LONGEST_NAME = 255
"""Bytes that the name of a file has at most on the file systems that are in use."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "job.json"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def _edit(window: MainWindow, name: str = "Mine") -> None:
    assert window.document is not None
    window.document.change("Rename", describe(window.document.job_map, name=name, description=None))


def _name_in(path: Path) -> str:
    return str(json.loads(path.read_bytes())["name"])


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def _put(path: Path, data: bytes, mode: int = 0o644) -> None:
    path.write_bytes(data)
    path.chmod(mode)


def _moved(path: Path, name: str) -> Path:
    return path.rename(path.with_name(name))


def _make_a_ring(path: Path, other: Path) -> None:
    path.unlink()
    path.symlink_to(other)
    other.symlink_to(path)


def _begin_anew(file: Path) -> None:
    for each in file.parent.iterdir():
        each.unlink()
    file.write_bytes(OLD)


async def _save(window: MainWindow, until: Until) -> None:
    """Save, and wait until it is done or refused."""
    page = window.page
    assert page is not None
    window.error_banner.hide()
    window.actions_by_id["file.save"].trigger()
    await until(lambda: not page.document.modified or window.error_banner.isVisible() or page.file_changes.banner.isVisible())


@contextmanager
def _refusing_new_files(folder: Path, code: int) -> Iterator[None]:
    """Let the system refuse every new file in a folder: a test may run as somebody whom no mode bits hinder."""
    real = os.open

    def refusing(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if flags & os.O_CREAT and os.fspath(path).startswith(str(folder)):
            raise OSError(code, os.strerror(code), path)
        return real(path, flags, *rest, **options)

    os.open = refusing
    try:
        yield
    finally:
        os.open = real


@pytest.mark.parametrize("code", REFUSALS.values(), ids=REFUSALS)
async def test_that_a_place_that_refuses_is_named_with_the_cause_and_the_edits_are_kept_elsewhere(
    file: Path, until: Until, code: int
) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    with _refusing_new_files(file.parent, code):
        await _save(window, until)
    assert window.error_banner.text.startswith("Not saved: ")
    assert str(file) in window.error_banner.text
    assert os.strerror(code) in window.error_banner.text
    assert window.isWindowModified()
    assert _bytes(file) == OLD
    assert [each.name for each in file.parent.iterdir()] == ["job.json"]
    await until(lambda: list(recovery_folder().glob("*.json")))
    await _save(window, until)
    assert _name_in(file) == "Mine"


async def test_that_a_name_that_is_too_long_is_said(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    page = window.page
    assert page is not None
    long = file.with_name("x" * (LONGEST_NAME - 4) + ".json")
    assert not window.file_commands._write(page, long)
    assert os.strerror(errno.ENAMETOOLONG) in window.error_banner.text
    assert window.isWindowModified()
    assert page.document.path == file


async def test_that_a_name_with_no_room_for_the_previous_version_is_saved_all_the_same(file: Path, until: Until) -> None:
    longest = _moved(file, "x" * (LONGEST_NAME - 5) + ".json")
    window = ephemeral_gui.open_window(longest)
    _edit(window)
    await _save(window, until)
    assert _name_in(longest) == "Mine"


async def test_that_a_symbolic_link_leads_to_the_file_that_is_saved(file: Path, tmp_path: Path, until: Until) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(file)
    window = ephemeral_gui.open_window(link)
    _edit(window)
    await _save(window, until)
    assert link.is_symlink()
    assert _name_in(file) == "Mine"
    assert file.with_name("job.json~").read_bytes() == OLD
    assert not link.with_name("link.json~").exists()


async def test_that_a_change_behind_a_link_is_noticed(file: Path, tmp_path: Path, until: Until) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(file)
    window = ephemeral_gui.open_window(link)
    _edit(window)
    _put(file, THEIRS)
    await _save(window, until)
    assert _bytes(file) == THEIRS
    assert window.isWindowModified()


async def test_that_a_ring_of_links_is_refused(file: Path, tmp_path: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    _make_a_ring(file, tmp_path / "other.json")
    await _save(window, until)
    assert window.error_banner.isVisible()
    assert str(file) in window.error_banner.text
    assert window.isWindowModified()


async def test_that_the_other_name_of_a_file_keeps_the_old_bytes(file: Path, tmp_path: Path, until: Until) -> None:
    other = tmp_path / "other name.json"
    other.hardlink_to(file)
    window = ephemeral_gui.open_window(file)
    _edit(window)
    await _save(window, until)
    assert _name_in(file) == "Mine"
    assert other.read_bytes() == OLD


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
async def test_that_whoever_might_read_a_file_may_read_it_still(file: Path, until: Until, mode: int) -> None:
    _put(file, OLD, mode)
    window = ephemeral_gui.open_window(file)
    _edit(window)
    await _save(window, until)
    assert [path.stat().st_mode & 0o777 for path in (file, file.with_name("job.json~"))] == [mode, mode]


async def test_that_a_touched_file_with_the_same_bytes_is_no_news(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    _put(file, OLD)
    os.utime(file, ns=(1, 1))
    await _save(window, until)
    assert _name_in(file) == "Mine"


async def test_that_a_file_put_in_its_place_with_the_same_bytes_is_no_news(file: Path, until: Until) -> None:
    window = ephemeral_gui.open_window(file)
    _edit(window)
    _moved(file, "aside.json")
    _put(file, OLD)
    await _save(window, until)
    assert _name_in(file) == "Mine"
    assert file.with_name("aside.json").read_bytes() == OLD


@contextmanager
def _writing_at(at: int, file: Path, calls: list[str]) -> Iterator[None]:
    """Let somebody else write the file right before the n-th call of a save."""
    names = ("open", "write", "fsync", "fchmod")
    real = {name: getattr(os, name) for name in names}

    def spied(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            calls.append(name)
            if len(calls) == at:
                file.write_bytes(THEIRS)
            return real[name](*arguments, **options)

        return call

    for name in names:
        setattr(os, name, spied(name))
    try:
        yield
    finally:
        for name in names:
            setattr(os, name, real[name])


async def test_that_what_others_write_during_a_save_is_never_lost(file: Path, until: Until) -> None:
    refused = 0
    for at in range(1, 40):
        _begin_anew(file)
        window = ephemeral_gui.open_window(file)
        page = window.page
        assert page is not None
        page.file_changes.watch.deleteLater()  # only the save itself is to notice
        _edit(window)
        calls: list[str] = []
        with _writing_at(at, file, calls):
            saved = window.file_commands._write(page, file)
        if len(calls) < at:
            break
        assert THEIRS in map(_bytes, file.parent.iterdir()), f"lost where it was written at {calls[-1]}"
        refused += not saved
        window.leaving.may_close = True
        window.close()
    else:
        raise AssertionError("a save that makes so many calls was not foreseen")
    assert refused >= 5


async def test_that_of_two_windows_on_one_file_the_second_to_save_is_asked(file: Path, until: Until) -> None:
    first, second = ephemeral_gui.open_window(file), ephemeral_gui.open_window(file)
    _edit(first, "First")
    _edit(second, "Second")
    await _save(first, until)
    await _save(second, until)
    assert _name_in(file) == "First"
    assert second.isWindowModified()
    assert second.page is not None
    assert "was changed by another program" in second.page.file_changes.banner.text


@pytest.mark.parametrize(
    "text", ["\0\1\2", "[window]\ngeometry=@ByteArray(nonsense)\nlayout=@Variant(\\0)\n", "[recent]\nfiles=7\n", "[" * 9_999]
)
async def test_that_a_spoiled_settings_file_hinders_nothing(file: Path, until: Until, text: str) -> None:
    ephemeral_gui.open_window().close()
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "ephemeral", "window")
    settings.sync()
    _put(Path(settings.fileName()), text.encode("latin-1"))
    window = ephemeral_gui.open_window(file)
    assert window.document is not None
    assert not window.had_bug
    _edit(window)
    await _save(window, until)
    assert _name_in(file) == "Mine"


async def test_that_settings_that_cannot_be_written_hinder_nothing(
    file: Path, tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no folder").write_text("a file in its place")
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "no folder" / "settings"))
    window = ephemeral_gui.open_window(file)
    window.recent.add(file)
    _edit(window)
    await _save(window, until)
    assert window.close()
    assert _name_in(file) == "Mine"
