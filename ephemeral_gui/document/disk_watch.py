"""Notices what other programs do to a document's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from ephemeral_gui.document.storage import OnDisk, state_on_disk

if TYPE_CHECKING:
    from ephemeral_gui.document.document import Document

QUIET_MILLISECONDS: Final = 200
"""How long the folder must be quiet before the file is read: programs write in pieces."""


class DiskWatch(QObject):
    """Compares the file's bytes whenever something stirs in its folder, and whenever it is asked to."""

    changed = Signal(object)
    """What became of the file is another thing than before: an ``OnDisk``."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.state = OnDisk.SAME
        self._pause = QTimer(self, singleShot=True, interval=QUIET_MILLISECONDS)
        self._pause.timeout.connect(self.check_now)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(lambda _: self._pause.start())
        self._watcher.directoryChanged.connect(lambda _: self._pause.start())
        document.path_changed.connect(self._follow)
        document.modified_changed.connect(lambda _: self._pause.start())
        self._follow()

    def check_now(self) -> None:
        """Read the file and compare it."""
        self._pause.stop()
        found = state_on_disk(self._document)
        self._watch()
        if found is not self.state:
            self.state = found
            self.changed.emit(found)

    def _follow(self) -> None:
        watched = [*self._watcher.files(), *self._watcher.directories()]
        if watched:
            self._watcher.removePaths(watched)
        self._watch()
        self._pause.start()

    def _watch(self) -> None:
        """Watch the file, also the new one in its place, and its folder, where a new one comes into being."""
        path = self._document.path
        if path is None:
            return
        watched = {*self._watcher.files(), *self._watcher.directories()}
        wanted = [each for each in (path, path.parent) if str(each) not in watched and each.exists()]
        if wanted:
            self._watcher.addPaths([str(each) for each in wanted])
