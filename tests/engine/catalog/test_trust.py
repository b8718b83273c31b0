"""The list of workspaces that a user trusts for good."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from engine.catalog.trust import FILE_NAME, _file, distrust, is_trusted, trust
from engine.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


def test_that_a_folder_is_trusted_once_the_user_said_so_and_until_the_user_takes_it_back(tmp_path: Path) -> None:
    assert not is_trusted(tmp_path)
    trust(tmp_path)
    assert is_trusted(tmp_path)
    distrust(tmp_path)
    assert not is_trusted(tmp_path)


def test_that_trust_is_in_one_folder_and_none_above_below_or_beside(tmp_path: Path) -> None:
    trust(tmp_path / "a")
    assert not any(is_trusted(folder) for folder in (tmp_path, tmp_path / "a/b", tmp_path / "ab"))


def test_that_trust_follows_the_folder_and_not_its_spelling(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    trust(tmp_path / "a/../link")
    assert is_trusted(tmp_path / "a")


def test_that_several_folders_are_remembered(tmp_path: Path) -> None:
    trust(tmp_path / "a")
    trust(tmp_path / "b")
    distrust(tmp_path / "a")
    assert (is_trusted(tmp_path / "a"), is_trusted(tmp_path / "b")) == (False, True)


def test_that_only_the_user_can_read_the_list(tmp_path: Path) -> None:
    trust(tmp_path)
    assert stat.S_IMODE(_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(_file().parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"3", b"\xff", b"[3, null]", b"[" * 100_000])
def test_that_a_spoiled_list_trusts_nothing_and_can_be_written_again(tmp_path: Path, content: bytes) -> None:
    _file().parent.mkdir(parents=True)
    _file().write_bytes(content)
    assert not is_trusted(tmp_path)
    trust(tmp_path)
    assert is_trusted(tmp_path)


def test_that_a_list_that_cannot_be_written_is_an_error_with_its_path(tmp_path: Path) -> None:
    _file().parent.parent.mkdir(parents=True, exist_ok=True)
    _file().parent.write_text("in the way", encoding="utf-8")
    with pytest.raises(OutputError, match=FILE_NAME):
        trust(tmp_path)
