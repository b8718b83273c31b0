"""The JSON panel. Object names: ``json.text``, ``json.none``, ``json.large``, and those of its foot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, WeakSet

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget
from typing_extensions import override

from engine.errors import JobMapError
from engine.files.job_map_text import JobMapText
from engine.files.places import with_places
from ephemeral_gui.json_view.editor import MOST_MARKS, JsonEditor
from ephemeral_gui.json_view.foot import Foot
from ephemeral_gui.json_view.large_text import LargeText, is_large
from ephemeral_gui.json_view.reading import read_text
from ephemeral_gui.json_view.text_edits import edits_between, merged
from ephemeral_gui.widgets.empty_state import EmptyState
from ephemeral_gui.widgets.labels import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QShowEvent

    from engine.model.job_map import JobMap
    from engine.problems import Problem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

NO_DOCUMENT = "No job map is open. Its text appears here, and what you type here changes the canvas."
READ_AT_ONCE = 60_000
"""Characters; a longer text is read when typing pauses."""
PAUSE_MILLISECONDS = 250


@dataclass(slots=True)
class _Kept:
    """The text of a document while another one is shown: what the document held, and what was typed."""

    base: str
    typed: str


class JsonPanel(QWidget):
    """Shows the text of one document; each text that means a job map becomes a change of it, typing in one line one step of undo."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._document: Document | None = None
        self._base = ""
        self._is_writing = False
        self._has_conflict = False
        self._is_stale = False
        self._is_in_front = True
        self._is_large = False
        self._shows_large: WeakSet[Document] = WeakSet()
        self._visit = 0
        self._seen = ""
        self._flaws: Sequence[Problem] = ()
        self._problems: Sequence[Problem] = ()
        self._kept: WeakKeyDictionary[Document, _Kept] = WeakKeyDictionary()
        self._texts = JobMapText()
        self.editor = JsonEditor(look)
        self._foot = Foot(look)
        self._large = LargeText()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._lay_out()
        self._connect()
        self.show_document(None)

    # Following the document -------------------------------------------------------------------------------------------------------

    def show_document(self, document: Document | None) -> None:
        """Follow another document, or none; what was typed and means no job map yet is kept for each."""
        if document is self._document and document is not None:
            return
        self._leave_document()
        self._document = document
        self._stack.setCurrentIndex(0 if document is None else 1)
        self._is_large = False
        self._base, self._problems, self._has_conflict = "", (), False
        self._flaws = ()
        self._put("")
        if document is None:
            return
        document.changed.connect(self._document_changed)
        kept = self._kept.pop(document, None)
        self._is_stale = kept is None
        if kept is not None:
            self._base = kept.base
            self._put(kept.typed)
            self._read()
        self._document_changed()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Underline the places that the validator speaks of."""
        self._problems = problems
        self._show_marks()

    def flush(self) -> None:
        """Make what was typed a change of the document, where it means a job map."""
        self._pause.stop()
        if self._document is not None and not self._is_stale and self.editor.text != self._base:
            self._read()

    def set_in_front(self, in_front: bool) -> None:  # noqa: FBT001  the form of a dock's own signal
        """Follow the document only while this panel is in front of those it shares tabs with: behind them Qt still calls it visible."""
        self._is_in_front = in_front
        if in_front:
            self._document_changed()
        else:
            self.flush()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._document_changed()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    @property
    def _is_seen(self) -> bool:
        return self.isVisible() and self._is_in_front

    def _is_too_large(self, text: str) -> bool:
        """Return whether a text waits until it is asked for, and offer that."""
        wants_it = self._document in self._shows_large or self.editor.text != self._base
        self._is_large = not wants_it and is_large(text)
        if self._is_large:
            self._large.say(text)
            self._base, self._is_stale = "", True
            self._put("")
        self._stack.setCurrentIndex(2 if self._is_large else 1)
        return self._is_large

    def _show_large(self) -> None:
        if self._document is not None:
            self._shows_large.add(self._document)
            self._document_changed()

    def _leave_document(self) -> None:
        if self._document is None:
            return
        self.flush()
        self._document.changed.disconnect(self._document_changed)
        typed = self.editor.text
        if not self._is_stale and typed != self._base:
            self._kept[self._document] = _Kept(self._base, typed)

    def _document_changed(self) -> None:
        """Bring into the text what was changed elsewhere; nothing is done while nobody sees it."""
        if self._document is None or self._is_writing:
            return
        if not self._is_seen:
            self._is_stale = self._is_stale or self.editor.text == self._base
            return
        theirs = _text_of(self._document.job_map, self._texts)
        if self._is_too_large(theirs):
            return
        if self._is_stale:
            self._base, self._is_stale = self.editor.text, False
        mine = self.editor.text
        if theirs == self._base == mine or (theirs == self._base and self._has_conflict):
            self._show_marks()
            return
        both = theirs if mine == self._base else merged(self._base, mine, theirs)
        self._has_conflict = both is None
        self._base = theirs
        if both is not None and both != mine:
            self._put(both)
        self._flaws = () if both == theirs else self._flaws
        self._show_marks()

    # Following the typing ---------------------------------------------------------------------------------------------------------

    def _typed(self) -> None:
        if self._is_writing or self._document is None:
            return
        text = self.editor.text
        if text == self._seen:  # colours, too, are said to change a text
            return
        self._seen = text
        self.editor.is_ahead = True
        if self.editor.document().characterCount() <= READ_AT_ONCE:
            self._read()
        else:
            self._pause.start()

    def _read(self) -> None:
        """Change the document where the text means a job map, else say why it does not."""
        text = self.editor.text
        if self._document is None:
            return
        job_map, self._flaws = (None, ()) if text == self._base else read_text(text, self._document.job_map)
        if job_map is not None:
            self._is_writing = True
            step = ("json", self._visit, self.editor.textCursor().blockNumber())
            self._document.change("Edit as JSON", job_map, merge=step)
            self._is_writing = False
            self._base, self._has_conflict = text, False
            self.editor.document().clearUndoRedoStacks()
        self._show_marks()

    def _left(self) -> None:
        """What is typed from now on is another step; a text that is fine is put into the form that a file has."""
        self.flush()
        self._visit += 1
        if not self.editor.hasFocus():
            self._document_changed()

    def _drop(self) -> None:
        self._base = self.editor.text
        self._flaws = ()
        self._document_changed()

    # What is said -----------------------------------------------------------------------------------------------------------------

    def _show_marks(self) -> None:
        text = self.editor.text
        is_ahead = text != self._base and not self._is_stale
        self.editor.is_ahead = is_ahead
        if not is_ahead and self._problems and self._is_seen and not self._is_large:
            found = (replace(problem, line=None, column=None) for problem in self._problems if problem.file is None)
            self.editor.mark(with_places(list(islice(found, MOST_MARKS)), text))
        else:
            self.editor.mark(self._flaws if is_ahead else ())
        self._foot.say(next(iter(self._flaws), None) if is_ahead else None, has_conflict=is_ahead and self._has_conflict)

    def _go_to_flaw(self) -> None:
        if self._flaws:
            self.editor.go_to(self._flaws[0].line or 1, self._flaws[0].column or 1)

    # Building ---------------------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.editor, line(), self._foot):
            column.addWidget(widget)
        none = EmptyState(NO_DOCUMENT, "text", self._look)
        none.setObjectName("json.none")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(none)
        self._stack.addWidget(page)
        self._stack.addWidget(self._large)
        self.setFocusProxy(self.editor)

    def _connect(self) -> None:
        self.editor.textChanged.connect(self._typed)
        self.editor.left.connect(self._left)
        self.editor.shortcut_near.connect(self.flush)
        self._pause.timeout.connect(self._read)
        self._large.wanted.connect(self._show_large)
        self._foot.go_requested.connect(self._go_to_flaw)
        self._foot.drop_requested.connect(self._drop)
        self._look.changed.connect(self._show_marks)

    def _put(self, text: str) -> None:
        """Show this text, changing only what differs."""
        self._is_writing = True
        now = self.editor.text
        if now and text:
            self.editor.apply(edits_between(now, text))
        else:
            self.editor.put(text)
        self._seen = text
        self._is_writing = False
        self.editor.document().clearUndoRedoStacks()


_ESCAPES = {each: f"\\u{each:04x}" for each in (0x2028, 0x2029, 0xFDD0, 0xFDD1)}
"""What a text field would take for the end of a line; in JSON they stand only in strings, where an escape means the same."""


def _text_of(job_map: JobMap, texts: JobMapText) -> str:
    try:
        text = texts.of(job_map)
        return text if text.isascii() else text.translate(_ESCAPES)
    except JobMapError as error:
        return f"{error}\n"
