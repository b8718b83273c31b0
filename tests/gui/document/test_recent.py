"""The list of files that were opened last."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from ephemeral_gui.document.recent import MOST, RecentFiles


@pytest.fixture
def settings() -> QSettings:
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "ephemeral", "window")


def test_that_the_newest_is_first_and_none_is_doubled(settings: QSettings) -> None:
    recent = RecentFiles(settings)
    for name in ("a", "b", "a"):
        recent.add(Path("/maps") / name)
    assert recent.paths == [Path("/maps/a"), Path("/maps/b")]


def test_that_the_list_survives_and_ends_somewhere(settings: QSettings) -> None:
    recent = RecentFiles(settings)
    for number in range(MOST + 5):
        recent.add(Path(f"/maps/{number}"))
    settings.sync()
    again = RecentFiles(QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "ephemeral", "window"))
    assert again.paths == [Path(f"/maps/{number}") for number in range(MOST + 4, 4, -1)]


def test_that_a_single_entry_is_read_back_as_a_list(settings: QSettings) -> None:
    RecentFiles(settings).add(Path("/maps/only"))
    settings.sync()
    assert RecentFiles(settings).paths == [Path("/maps/only")]


def test_that_what_another_program_wrote_there_is_ignored(settings: QSettings) -> None:
    settings.setValue("recent_files", 17)
    assert RecentFiles(settings).paths == []


def test_that_it_can_be_cleared(settings: QSettings) -> None:
    recent = RecentFiles(settings)
    recent.add(Path("/maps/a"))
    recent.clear()
    assert recent.paths == []
