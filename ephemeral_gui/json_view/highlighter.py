"""Colours of JSON: keys, texts, numbers and the three words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument

    from ephemeral_gui.widgets.theme import Look

MOST_CHARACTERS_IN_A_LINE = 5_000
_TOKEN: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<text>"(?:[^"\\]|\\.)*"?)|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)'
)


class JsonHighlighter(QSyntaxHighlighter):
    """A string never goes over a line, so each line is coloured on its own."""

    def __init__(self, document: QTextDocument, look: Look) -> None:
        super().__init__(document)
        self._look = look
        self._formats: dict[str, QTextCharFormat] = {}
        self._take_colours()
        look.changed.connect(self._recolour)

    @override
    def highlightBlock(self, text: str) -> None:
        for match in _TOKEN.finditer(text[:MOST_CHARACTERS_IN_A_LINE]):
            start, end = match.span()
            self.setFormat(start, end - start, self._formats[match.lastgroup or "text"])

    def _take_colours(self) -> None:
        theme = self._look.theme
        colours = {"key": theme.text, "text": theme.types["text"], "number": theme.types["dataset"], "word": theme.types["map"]}
        self._formats = {name: QTextCharFormat() for name in colours}
        for name, colour in colours.items():
            self._formats[name].setForeground(QColor(colour))

    def _recolour(self) -> None:
        self._take_colours()
        self.rehighlight()
