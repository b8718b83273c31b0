"""Words on the window: always plain text, whatever a job map says."""

from __future__ import annotations

import html
import re
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy
from typing_extensions import override

from ephemeral_gui.widgets.icons import pixmap

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from ephemeral_gui.widgets.theme import Look

_SHORT_WORD = 12
_LEAST_WIDTH = 80
MOST_CHARACTERS = 10_000
"""More of one text than this is never laid out."""


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """Return the text, or its beginning and an ellipsis where it is longer; NUL becomes visible."""
    text = text.replace("\0", "␀")
    return text if len(text) <= most else text[: most - 1] + "…"


def with_short_words(text: str, most: int = 60) -> str:
    """Return the text with the middle of longer words left out: one that cannot be broken would widen whatever shows it."""
    half = most // 2
    return re.sub(rf"\S{{{most + 1},}}", lambda found: f"{found[0][:half]}…{found[0][-half:]}", text)


def tool_tip(text: str) -> str:
    """Return what a tool tip must be given so that it shows the text as it is, line breaks included, and never as HTML."""
    return f'<p style="white-space:pre-wrap; margin:0">{html.escape(cut(text, 2_000))}</p>' if text else ""


class PlainLabel(QLabel):
    """A label that shows its text as it is; ``role`` is a variant of the style sheet.

    Where it wraps, a word that is wider than the label is broken: Qt's own label would widen the panel instead.
    """

    def __init__(self, text: str = "", role: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> None:
        self._long_words: list[str] = []
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    @override
    def setText(self, text: str) -> None:
        text = cut(text)
        self._long_words = [word for word in text.split() if len(word) > _SHORT_WORD] if self.wordWrap() else []
        super().setText(text)

    @override
    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(min(least.width(), _LEAST_WIDTH), least.height()) if self._long_words else least

    @override
    def heightForWidth(self, width: int) -> int:
        if not self._must_break(width):
            return super().heightForWidth(width)
        return ceil(self._laid_out(width).boundingRect().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._must_break(self.width()):
            self._laid_out(self.width()).draw(QPainter(self), QPointF(0, 0))
        else:
            super().paintEvent(event)

    def _must_break(self, width: int) -> bool:
        return any(self.fontMetrics().horizontalAdvance(word) > width for word in self._long_words)

    def _laid_out(self, width: int) -> QTextLayout:
        option = QTextOption(self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(self.text().replace("\n", "\N{LINE SEPARATOR}"), self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (row := layout.createLine()).isValid():
            row.setLineWidth(width)
            row.setPosition(QPointF(0, height))
            height += row.height()
        layout.endLayout()
        return layout


class ElidedLabel(PlainLabel):
    """A label on one line that gives way: what does not fit ends in an ellipsis, and the whole stands in the tool tip."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @override
    def setText(self, text: str) -> None:
        super().setText(" ".join(cut(text, 500).split()))
        self.setToolTip(tool_tip(text))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)


class ClampedLabel(PlainLabel):
    """A label of at most so many lines; what does not fit ends in an ellipsis, and the whole stands in the tool tip."""

    def __init__(self, text: str, role: str, *, lines: int) -> None:
        self._lines = lines
        super().__init__(text, role, wrap=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setToolTip(tool_tip(text))

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._lines * self.fontMetrics().lineSpacing())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    @override
    def hasHeightForWidth(self) -> bool:
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        layout = QTextLayout(" ".join(self.text().split()), self.font())
        layout.beginLayout()
        for number in range(self._lines):
            row = layout.createLine()
            if not row.isValid():
                break
            row.setLineWidth(self.width())
            is_last = number == self._lines - 1
            text = layout.text()[row.textStart() :] if is_last else layout.text()[row.textStart() : row.textStart() + row.textLength()]
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(0, number * self.fontMetrics().lineSpacing() + self.fontMetrics().ascent(), shown)
        layout.endLayout()


class IconLabel(QLabel):
    """A small drawing in a colour, sharp on every screen."""

    def __init__(self, look: Look, size: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._size = size
        self.setFixedSize(size, size)

    def show_icon(self, name: str, colour: str) -> None:
        """Draw the icon from now on."""
        self.setPixmap(pixmap(name, colour, self._size, self.devicePixelRatioF()))


def line() -> QFrame:
    """Return a separator 1 px high."""
    found = QFrame()
    found.setProperty("role", "line")
    return found
