"""What the canvas says while there is no task on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from ephemeral_gui.widgets.theme import Look


class EmptyHint(QWidget):
    """Two lines in the middle of an empty canvas; the mouse goes through them."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("empty_hint")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title = _line("Build a job from tasks", self)
        self._words = _line("Drag a task from the palette, or press Tab and type its name.\nThen draw wires from port to port.", self)
        column = QVBoxLayout(self)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self._words)
        look.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        theme = self._look.theme
        self._title.setFont(self._look.ui_font(15, 600))
        self._words.setFont(self._look.ui_font(12, 400))
        self._title.setStyleSheet(f"color: {theme.text2}; background: transparent;")
        self._words.setStyleSheet(f"color: {theme.muted}; background: transparent;")


def _line(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label
