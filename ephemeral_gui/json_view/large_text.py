"""What the JSON view shows in place of a text that would hold the window: how much there is, and a button that shows it all the same."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ephemeral_gui.widgets.labels import PlainLabel

LARGE: Final = 4_000_000
"""Characters of a text."""
LONG_LINE: Final = 250_000
"""Characters of one line: Qt lays out a line as a whole."""


def is_large(text: str) -> bool:
    """Return whether to show a text would hold the window for longer than a person waits without having asked for it."""
    return len(text) > LARGE or (len(text) > LONG_LINE and max(map(len, text.split("\n"))) > LONG_LINE)


class LargeText(QWidget):
    """Objects: ``json.large``, ``json.show``."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("json.large")
        self._words = PlainLabel(role="muted", wrap=True)
        show = QPushButton("Show it all the same", objectName="json.show")
        show.clicked.connect(self.wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def say(self, text: str) -> None:
        """Name the size of a text."""
        self._words.setText(f"The text of this job map has {len(text):,} characters. To show it takes some seconds, and so does each edit.")
