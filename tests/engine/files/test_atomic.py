from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.errors import FileWriteError, OutputError
from engine.files.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable


def _names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _failing(code: int) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return fail


def test_that_a_file_is_made_or_replaced(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert _names_in(tmp_path) == ["job.json"]


def test_that_mode_bits_are_kept_and_new_files_follow_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    write_atomically(path, b"old")
    (tmp_path / "plain").write_bytes(b"")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    path.chmod(0o640)
    write_atomically(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_that_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target = tmp_path / "folder" / "target.json"
    target.write_bytes(b"old")
    link = tmp_path / "link.json"
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("call", ["write", "fsync", "replace", "fchmod"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_that_a_failure_midway_keeps_the_old_bytes_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    path = tmp_path / "job.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, call, _failing(code))
    with pytest.raises(FileWriteError, match=os.strerror(code)) as raised:
        write_atomically(path, b"new")
    monkeypatch.undo()
    assert isinstance(raised.value.__cause__, OSError)
    assert str(path) in str(raised.value)
    assert path.read_bytes() == b"old"
    assert _names_in(tmp_path) == ["job.json"]


def test_that_an_interruption_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "job.json", b"new")
    assert _names_in(tmp_path) == []


def test_that_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    write_atomically(tmp_path / "job.json", b"0123456789")
    assert (tmp_path / "job.json").read_bytes() == b"0123456789"


def test_that_a_folder_that_cannot_be_synced_is_reported_with_the_new_file_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def fail_on_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", fail_on_folders)
    with pytest.raises(FileWriteError, match="the new file is there"):
        write_atomically(tmp_path / "job.json", b"new")
    assert (tmp_path / "job.json").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["missing/job.json", "x" * 300, "a\0b", "."])
def test_that_what_cannot_be_created_is_an_output_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_atomically(f"{tmp_path}/{name}", b"new")
    assert _names_in(tmp_path) == []


def test_that_a_file_that_may_not_be_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "job.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # permissions do not bind whoever runs tests as root
    with pytest.raises(OutputError, match="read-only"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"


def test_that_a_device_is_written_to_and_not_replaced() -> None:
    write_atomically(os.devnull, b"gone")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_that_no_file_is_moved_from_one_file_system_to_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file is made beside the old one, wherever temporary files would go."""
    monkeypatch.setenv("TMPDIR", "/dev/shm")  # noqa: S108  on another file system where there is one
    moved: list[tuple[Path, Path]] = []
    replace = os.replace

    def watched(source: str, target: str) -> None:
        moved.append((Path(source), Path(target)))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    write_atomically(tmp_path / "job.json", b"new")
    (pair,) = moved
    assert [path.parent for path in pair] == [tmp_path, tmp_path]
