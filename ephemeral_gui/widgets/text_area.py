"""Text of several lines, whatever it holds: each character as it is, and no freeze on a line of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

LONG_LINE: Final = 4_000
"""Characters; from here on lines are broken anywhere: to look for the end of a word costs the square of its length in Qt."""


class TextArea(QPlainTextEdit):
    """A plain text field for text of unknown origin and size."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._text: str | None = None
        self.document().contentsChange.connect(self._forget_text)

    @property
    def text(self) -> str:
        """The text, each character as it is: ``toPlainText`` makes a plain space of one that does not break."""
        if self._text is None:
            self._text = self.document().toRawText().replace("\u2029", "\n")
        return self._text

    def _forget_text(self, *_: int) -> None:
        self._text = None

    def put(self, text: str) -> None:
        """Show another text."""
        is_long = _has_long_line(text)
        self.setWordWrapMode(_ANYWHERE if is_long else _BETWEEN_WORDS)
        self.setPlainText(text)

    def append(self, text: str) -> None:
        """Add lines at the end."""
        self._make_room_for(text)
        self.appendPlainText(text)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        self._make_room_for(source.text())
        super().insertFromMimeData(source)

    def _make_room_for(self, text: str) -> None:
        if self.wordWrapMode() != _ANYWHERE and _has_long_line(text):
            self.setWordWrapMode(_ANYWHERE)


_ANYWHERE: Final = QTextOption.WrapMode.WrapAnywhere
_BETWEEN_WORDS: Final = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


def _has_long_line(text: str) -> bool:
    return len(text) > LONG_LINE and max(map(len, text.split("\n"))) > LONG_LINE
