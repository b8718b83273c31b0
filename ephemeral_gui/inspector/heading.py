"""The top of a page: an icon, the name to be changed in place, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ephemeral_gui.inspector.line_editors import LineEditor
from ephemeral_gui.widgets.labels import ElidedLabel, IconLabel, PlainLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.widgets.theme import Look


@dataclass(frozen=True, slots=True)
class About:
    """What a heading stands for; ``write`` takes a new name, ``refuse`` says why one cannot be used, else nothing."""

    icon: str
    subtitle: str
    write: Callable[[str], None]
    refuse: Callable[[str], str]


class Heading(QWidget):
    """The name is written to the document as it is typed. Control: ``name``."""

    def __init__(self, about: About, edits: Edits, look: Look) -> None:
        super().__init__()
        self._look = look
        self._about = about
        self._icon = IconLabel(look, 16)
        self.editor = LineEditor()
        self.editor.line.setObjectName("name")
        self.editor.line.setProperty("flavour", "title")
        self.editor.line.setAccessibleName("Name")
        self._subtitle = ElidedLabel(about.subtitle, "muted")
        self._subtitle.setFont(look.mono_font())
        self._error = PlainLabel(role="error", wrap=True)
        self._error.setObjectName("name.error")
        self._error.hide()
        self._lay_out()
        self.editor.edited.connect(self._typed)
        self.editor.left.connect(edits.leave_field)
        look.changed.connect(self._draw)
        self._draw()

    def show_name(self, name: str) -> None:
        """Follow the document."""
        self.editor.show_value(name)
        if self.editor.line.text() == name:
            self._say("")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.editor, 1)
        under = QVBoxLayout()
        under.setContentsMargins(28, 0, 0, 0)
        under.addWidget(self._subtitle)
        under.addWidget(self._error)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addLayout(under)
        self._subtitle.setVisible(bool(self._subtitle.text()))

    def _typed(self, name: object) -> None:
        reason = self._about.refuse(str(name))
        self._say(reason)
        if not reason:
            self._about.write(str(name))

    def _say(self, reason: str) -> None:
        self._error.setText(reason)
        self._error.setVisible(bool(reason))
        self.editor.set_invalid(invalid=bool(reason))

    def _draw(self) -> None:
        self._icon.show_icon(self._about.icon, self._look.theme.text2)
