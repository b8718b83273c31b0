"""Keeps a copy of a document as long as it holds what its file does not."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import EphemeralError
from engine.files import job_map_to_data
from ephemeral_gui.document.owner import this_process
from ephemeral_gui.document.recovery import Kept, discard, new_copy_path, recovery_folder, write_copy

if TYPE_CHECKING:
    from pathlib import Path

    from engine.model.job_map import JobMap
    from ephemeral_gui.document.document import Document, History
    from ephemeral_gui.document.owner import Owner

MILLISECONDS: Final = 800
"""How long after the first unsaved edit the copy is written: with the writing well below the two seconds that may be lost."""
MOST_STEPS_BACK: Final = 50
MOST_STEPS_ON: Final = 10
MOST_CHARACTERS: Final = 1_500_000
"""Of the history; the present state is kept however long it is."""


_Snapshot: TypeAlias = "tuple[Kept, History]"


class Keeper(QObject):
    """Writes the copy in a thread of its own, at most one at a time, so that no gesture waits for a disk.

    Args:
        document: what is kept.
        parent: with it the keeper ends; whoever ends it decides by ``forget`` or ``leave_behind`` what becomes of the copy.
        folder: where copies are.
    """

    failed = Signal(str)
    """The copy cannot be written, and why; said once until it can be again."""
    _written = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None, *, folder: Path | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = recovery_folder() if folder is None else folder
        self._path: Path | None = None
        self._texts = _Texts()
        self._thread: threading.Thread | None = None
        self._is_failing = False
        self._edited = time.time()
        self._pause = QTimer(self, singleShot=True, interval=MILLISECONDS)
        self._pause.timeout.connect(self._write)
        self._written.connect(self._thread_ended)
        document.changed.connect(self._note_edit)
        document.path_changed.connect(self._note_edit)
        document.modified_changed.connect(self._note_edit)

    @property
    def path(self) -> Path | None:
        """The copy's path; None before there is one."""
        return self._path

    def forget(self) -> None:
        """Remove the copy: what it holds is saved or not wanted."""
        self._pause.stop()
        self._wait()
        if self._path is not None:
            discard(self._path)

    def leave_behind(self) -> None:
        """Write what is not saved for a later start, and have nobody own it."""
        self._pause.stop()
        self._wait()
        if self._document.modified:
            self._report(self._try_to_write(self._snapshot(None)))

    def keep_now(self) -> bool:
        """Write the copy without waiting, and return whether that was done."""
        self._pause.stop()
        self._wait()
        failure = self._try_to_write(self._snapshot(this_process()))
        self._report(failure)
        return not failure

    def _note_edit(self, *_: object) -> None:
        self._edited = time.time()
        if not self._pause.isActive():
            self._pause.start()

    def _write(self) -> None:
        if self._thread is not None:
            self._pause.start()
        elif self._document.modified:
            snapshot = self._snapshot(this_process())
            self._thread = threading.Thread(target=lambda: self._written.emit(self._try_to_write(snapshot)), name="keeping unsaved edits")
            self._thread.start()
        elif self._path is not None:
            discard(self._path)

    def _thread_ended(self, failure: str) -> None:
        self._wait()
        self._report(failure)

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _report(self, failure: str) -> None:
        if failure and not self._is_failing:
            self.failed.emit(failure)
        self._is_failing = bool(failure)

    def _snapshot(self, owner: Owner | None) -> _Snapshot:
        document = self._document
        job_map = document.job_map
        title = job_map.name or (document.path.stem if document.path else "Unnamed job")
        kept = Kept(title, document.path, job_map.origin.path, document.file_digest, self._edited, owner, (), (), 0, -1)
        return kept, document.history()

    def _try_to_write(self, snapshot: _Snapshot) -> str:
        """Write and return what failed, in words; an empty text where nothing did."""
        kept, history = snapshot
        try:
            if self._path is None:
                self._path = new_copy_path(self._folder)
            write_copy(self._path, self._texts.with_states(kept, history))
        except (OSError, ValueError, TypeError, EphemeralError) as error:  # ValueError, TypeError: a value that no JSON holds
            return str(error) or type(error).__name__
        return ""


class _Texts:
    """The texts of the last states: each is made once, and not again with every edit."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[JobMap, str]] = {}

    def with_states(self, kept: Kept, history: History) -> Kept:
        """Return the copy with as much of the history as is kept of it."""
        first, last = self._range(history)
        states = history.states[first : last + 1]
        self._made = {id(state): self._made[id(state)] for state in states}
        saved = history.saved - first if first <= history.saved <= last else -1
        return replace(
            kept,
            states=tuple((self._text(state), tuple(task.key for task in state.tasks)) for state in states),
            texts=history.texts[first:last],
            now=history.now - first,
            saved=saved,
        )

    def _range(self, history: History) -> tuple[int, int]:
        """Return the first and the last index to keep: the present one, then backwards and forwards as far as there is room."""
        now = first = last = history.now
        room = MOST_CHARACTERS - len(self._text(history.states[now]))
        while first > max(0, now - MOST_STEPS_BACK) and room > len(self._text(history.states[first - 1])):
            first -= 1
            room -= len(self._text(history.states[first]))
        while last < min(len(history.states) - 1, now + MOST_STEPS_ON) and room > len(self._text(history.states[last + 1])):
            last += 1
            room -= len(self._text(history.states[last]))
        return first, last

    def _text(self, state: JobMap) -> str:
        if id(state) not in self._made:
            self._made[id(state)] = (state, json.dumps(job_map_to_data(state), allow_nan=False))  # a quarter of a saved text's time
        return self._made[id(state)][1]
