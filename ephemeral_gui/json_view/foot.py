"""What stands beneath the text while it means no job map. Object names: ``json.note``, ``json.go``, ``json.take``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import ElidedLabel, IconLabel
from ephemeral_gui.widgets.stylesheet import set_words

if TYPE_CHECKING:
    from engine.problems import Problem
    from ephemeral_gui.widgets.theme import Look


class Foot(QWidget):
    """The first flaw in a sentence, the way to it, and the way back to what the canvas shows."""

    go_requested = Signal()
    drop_requested = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._mark = IconLabel(look)
        self._note = ElidedLabel(role="error")
        self._go = QPushButton()
        self._take = QPushButton()
        self._lay_out()
        self._go.clicked.connect(self.go_requested)
        self._take.clicked.connect(self.drop_requested)
        look.changed.connect(self._draw)
        self._draw()

    def say(self, flaw: Problem | None, *, has_conflict: bool) -> None:
        """Show what keeps the text from being the job map; nothing is shown where neither a flaw nor a conflict does."""
        self._note.setText(_sentence(flaw, has_conflict=has_conflict))
        self._go.setVisible(flaw is not None and flaw.line is not None)
        self.setVisible(flaw is not None or has_conflict)

    def _lay_out(self) -> None:
        set_words(self._go, "Go there")
        set_words(self._take, "Drop what I typed")
        self._note.setObjectName("json.note")
        self._go.setObjectName("json.go")
        self._take.setObjectName("json.take")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._note, 1)
        row.addWidget(self._go)
        row.addWidget(self._take)

    def _draw(self) -> None:
        self._mark.show_icon("error", self._look.theme.error_text)
        self._go.setIcon(icon("search", self._look.theme.text2))
        self._take.setIcon(icon("undo", self._look.theme.text2))


def _sentence(flaw: Problem | None, *, has_conflict: bool) -> str:
    if flaw is not None:
        place = f"Line {flaw.line}, column {flaw.column}: " if flaw.line is not None else ""
        hint = f" ({flaw.hint})" if flaw.hint else ""
        return f"{place}{flaw.message}{hint}. The canvas keeps the last text that could be read."
    return "The same lines were changed elsewhere; your text replaces that as soon as you go on typing." if has_conflict else ""
