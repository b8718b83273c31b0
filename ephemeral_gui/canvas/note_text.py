"""The text of a note as Markdown that can do no harm: no HTML, no pictures, nothing is read or opened to show it."""

from __future__ import annotations

import re
from typing import Any, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage, QTextCharFormat, QTextCursor, QTextDocument
from typing_extensions import override

from ephemeral_gui.widgets.fonts import ui_font

MOST_CHARACTERS: Final = 10_000
_PICTURE: Final = re.compile(r"!(?=\[)")
_OPENABLE: Final = frozenset({"http", "https"})


class NoteText(QTextDocument):
    """A note's text, laid out."""

    def __init__(self, text: str, width: float, link_colour: str) -> None:
        super().__init__()
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        self.setDefaultFont(ui_font(12))
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(0)
        self.setMarkdown(_without_pictures(text[:MOST_CHARACTERS]), _FEATURES)
        self._dress_links(link_colour)
        self.setTextWidth(width)

    @override
    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """Answer with nothing to see, so that Qt looks for no file either."""
        return self._nothing

    def _dress_links(self, colour: str) -> None:
        dress = QTextCharFormat()
        dress.setForeground(QColor(colour))
        block = self.begin()
        while block.isValid():
            spans = [(each.fragment().position(), each.fragment().length()) for each in block if each.fragment().charFormat().isAnchor()]
            for start, length in spans:
                cursor = QTextCursor(self)
                cursor.setPosition(start)
                cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(dress)
            block = block.next()


_FEATURES: Final = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


def openable(link: str) -> QUrl | None:
    """Return the address that a click on a link opens; None for everything but plain web addresses."""
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    return url if url.isValid() and url.scheme().lower() in _OPENABLE and url.host() else None


def _without_pictures(text: str) -> str:
    """Return the text with pictures made plain links, which are never followed by themselves."""
    return _PICTURE.sub("", text)
