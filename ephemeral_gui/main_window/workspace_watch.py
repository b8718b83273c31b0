"""Notices when definitions or task code of a workspace are changed, by an editor or by ``ephemeral new``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from engine.catalog.sources import CODE_FOLDER, DEFINITIONS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

QUIET_MILLISECONDS: Final = 300
"""How long the folder must be quiet: editors write in pieces, and a task is two files."""
MOST_WATCHED: Final = 2_000
"""Of more, systems run out of what they watch with; the rest is looked at when the window gets the keyboard back."""
KINDS: Final = (".json", ".py")


class WorkspaceWatch(QObject):
    """Looks at names, sizes and times of a workspace's files whenever something stirs there, and when the application is gone back to."""

    changed = Signal()
    """A file is another one than at the last look, is new or is gone."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._seen: Mapping[str, tuple[int, int]] = {}
        self._pause = QTimer(self, singleShot=True, interval=QUIET_MILLISECONDS)
        self._pause.timeout.connect(self.look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda _: self._pause.start())
        self._watcher.directoryChanged.connect(lambda _: self._pause.start())
        QGuiApplication.instance().applicationStateChanged.connect(self._come_back)

    def follow(self, folder: Path | None) -> None:
        """Watch this workspace from now on, or none."""
        self._folder = folder
        self._take()

    def look(self) -> None:
        """Compare with the last look."""
        before = self._seen
        self._take()
        if self._seen != before:
            self.changed.emit()

    def _come_back(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive and self._folder is not None:
            self._pause.start()

    def _take(self) -> None:
        folders = [] if self._folder is None else [str(self._folder), *_folders(self._folder)]
        self._seen = dict(_files(folders[1:]))
        watched = {*self._watcher.files(), *self._watcher.directories()}
        wanted = {*[*folders, *self._seen][:MOST_WATCHED]}
        if gone := [*(watched - wanted)]:
            self._watcher.removePaths(gone)
        if new := [*(wanted - watched)]:
            self._watcher.addPaths(new)


def _folders(workspace: Path) -> Iterator[str]:
    for root in (workspace / DEFINITIONS_FOLDER, workspace / CODE_FOLDER):
        for folder, below, _ in os.walk(root):
            below[:] = [name for name in below if name != "__pycache__" and not name.startswith(".")]
            yield folder


def _files(folders: list[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each file of a workspace with what changes when it is written."""
    for folder in folders:
        try:
            entries = [*os.scandir(folder)]
        except OSError:  # it went meanwhile
            continue
        for entry in entries:
            if entry.name.endswith(KINDS):
                try:
                    state = entry.stat()
                except OSError:
                    continue
                yield entry.path, (state.st_mtime_ns, state.st_size)
