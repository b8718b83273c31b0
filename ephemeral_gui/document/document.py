"""The document: one open job map, its file, and everything that was done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from typing_extensions import override

from engine.model.difference import difference
from engine.model.job_map import from_file

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from engine.model.job_map import JobMap


@dataclass(frozen=True, slots=True)
class History:
    """What undo and redo can reach: job maps from the first to the last, and what was done between each two.

    Attributes:
        states: at least one job map.
        texts: one fewer.
        now: the index of the state that is shown.
        saved: the index of the state that the file holds; -1 where none of them is that.
    """

    states: tuple[JobMap, ...]
    texts: tuple[str, ...] = ()
    now: int = 0
    saved: int = -1


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
        self.file_digest: str | None = None
        """The SHA-256 of the file's bytes when the document last read or wrote it; None where that is not known."""
        self._is_going = False
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
        if not _is_same(job_map, self._job_map):
            self.undo_stack.push(_Change(self, text, job_map, merge))

    def go_to(self, step: int) -> None:
        """Undo or redo until so many steps are done; those who follow hear of it once, however many lie between."""
        before = self._job_map
        self._is_going = True
        try:
            self.undo_stack.setIndex(step)
        finally:
            self._is_going = False
        if self._job_map is not before:
            self.changed.emit()

    def mark_saved(self, path: Path, digest: str | None = None) -> None:
        """Say that the file at ``path``, of that SHA-256, now holds what the document holds."""
        self.file_digest = digest
        moved = path != self._path
        self._path = self._origin = path
        self._job_map = self._at_home(self._job_map)
        self.undo_stack.setClean()
        if moved:
            self.path_changed.emit()

    def mark_unsaved(self) -> None:
        """Say that no file holds any state of the document."""
        self.undo_stack.resetClean()

    def history(self) -> History:
        """Return what undo and redo can reach."""
        steps = [step for index in range(self.undo_stack.count()) if isinstance(step := self.undo_stack.command(index), _Change)]
        if not steps:
            return History((self._job_map,), saved=self.undo_stack.cleanIndex())
        states = (steps[0].before, *(step.after for step in steps))
        return History(states, tuple(step.text() for step in steps), self.undo_stack.index(), self.undo_stack.cleanIndex())

    def _say_modified(self, clean: bool) -> None:  # noqa: FBT001  the signal's own form
        self.modified_changed.emit(not clean)

    def _replay(self, history: History) -> None:
        """Take every step of a history anew and go to where it stood."""
        for index in range(len(history.states)):
            if index:
                self.undo_stack.push(_Change(self, history.texts[index - 1], history.states[index], None))
            if index == history.saved:
                self.undo_stack.setClean()
        if history.saved < 0:
            self.undo_stack.resetClean()
        self.undo_stack.setIndex(history.now)

    def _show(self, job_map: JobMap) -> None:
        self._job_map = self._at_home(job_map)
        if not self._is_going:
            self.changed.emit()

    def _at_home(self, job_map: JobMap) -> JobMap:
        """Return the job map with relative paths referring to where the document is now, also for a state from before it moved."""
        return job_map if job_map.origin.path == self._origin else from_file(job_map, self._origin, None)


def _says_the_same(one: JobMap, other: JobMap) -> bool:
    """Return whether both would be saved alike: to Python ``1``, ``1.0`` and ``True`` are equal."""
    return one == other and not difference(other, one)


def restored(history: History, path: Path | None = None) -> Document:
    """Return a document that has been through a history; where its ``saved`` is -1 it counts as modified."""
    document = Document(history.states[0], path)
    document._replay(history)  # noqa: SLF001  the other half of its construction
    return document


def _is_same(one: JobMap, other: JobMap) -> bool:
    """Return whether both say the same, to the order of keys and the kind of each number, which ``==`` does not tell apart."""
    return one is other or (one == other and repr(one) == repr(other))


class _Change(QUndoCommand):
    """One step from one immutable job map to another."""

    def __init__(self, document: Document, text: str, after: JobMap, merge: Hashable | None) -> None:
        super().__init__(text)
        self._document = document
        self.before = document.job_map
        self.after = after
        self._merge = merge

    @override
    def redo(self) -> None:
        self._document._show(self.after)  # noqa: SLF001  a command is the document's own hand

    @override
    def undo(self) -> None:
        self._document._show(self.before)  # noqa: SLF001

    @override
    def id(self) -> int:
        return -1 if self._merge is None else 1

    @override
    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Change) or other._merge != self._merge:  # noqa: SLF001  another of its own kind
            return False
        self.after = other.after
        return True
