"""The document: one open job map, its file, and everything that was done to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from engine.model.job_map import from_file

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from engine.model.job_map import JobMap


class Document(QObject):
    """The only model of the window: canvas, inspector and problems follow it and change it through ``change``."""

    changed = Signal()
    """``job_map`` is another one than before."""
    path_changed = Signal()
    """It was saved under another path; relative paths in it refer to another folder from now on."""
    modified_changed = Signal(bool)

    def __init__(self, job_map: JobMap, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job_map = job_map
        self._origin = job_map.origin.path or path
        self._path = path
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._say_modified)

    @property
    def job_map(self) -> JobMap:
        """The job map as it is now; immutable."""
        return self._job_map

    @property
    def path(self) -> Path | None:
        """The file it is saved in, None before the first save."""
        return self._path

    @property
    def modified(self) -> bool:
        """True where the file does not hold what the document holds."""
        return not self.undo_stack.isClean()

    def change(self, text: str, job_map: JobMap, *, merge: Hashable | None = None) -> None:
        """Put one undo command on the stack that leads to the given job map; nothing happens where it is the present one.

        Args:
            text: what was done, for a person: ``Move 3 tasks``.
            job_map: what the document holds from now on.
            merge: successive changes with an equal ``merge`` (typing into one field) become one command.
        """
        if job_map is not self._job_map and job_map != self._job_map:
            self.undo_stack.push(_Change(self, text, job_map, merge))

    def mark_saved(self, path: Path) -> None:
        """Say that the file at ``path`` now holds what the document holds."""
        moved = path != self._path
        self._path = self._origin = path
        self._job_map = self._at_home(self._job_map)
        self.undo_stack.setClean()
        if moved:
            self.path_changed.emit()

    def _say_modified(self, clean: bool) -> None:  # noqa: FBT001  the signal's own form
        self.modified_changed.emit(not clean)

    def _show(self, job_map: JobMap) -> None:
        self._job_map = self._at_home(job_map)
        self.changed.emit()

    def _at_home(self, job_map: JobMap) -> JobMap:
        """Return the job map with relative paths referring to where the document is now, also for a state from before it moved."""
        return job_map if job_map.origin.path == self._origin else from_file(job_map, self._origin, None)


class _Change(QUndoCommand):
    """One step from one immutable job map to another."""

    def __init__(self, document: Document, text: str, after: JobMap, merge: Hashable | None) -> None:
        super().__init__(text)
        self._document = document
        self._before = document.job_map
        self._after = after
        self._merge = merge

    @override
    def redo(self) -> None:
        self._document._show(self._after)  # noqa: SLF001  a command is the document's own hand

    @override
    def undo(self) -> None:
        self._document._show(self._before)  # noqa: SLF001

    @override
    def id(self) -> int:
        return -1 if self._merge is None else 1

    @override
    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other._merge != self._merge:  # noqa: SLF001  another of its own kind
            return False
        self._after = other._after  # noqa: SLF001
        return True
