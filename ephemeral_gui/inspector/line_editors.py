"""Editors of one line: text and numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit
from typing_extensions import override

from ephemeral_gui.inspector.editor import DIFFERENT, Editor
from ephemeral_gui.inspector.json_text import ABSENT, Absent, json_text

if TYPE_CHECKING:
    from engine.model.json_value import JsonValue

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
_LONGEST_NUMBER = 400


class LineEditor(Editor):
    """Text on one line."""

    def __init__(self, hint: str = "") -> None:
        self.line = QLineEdit(maxLength=2**31 - 1)  # Qt's own limit would cut what the document holds
        super().__init__(self.line)
        self._hint = hint
        self._is_mixed = False
        self.line.textEdited.connect(self.typed)

    @override
    def display(self, value: JsonValue | Absent) -> None:
        at = self.line.cursorPosition()
        self.line.setText(self.text_of(value))
        self.line.setCursorPosition(min(at, len(self.line.text())) if self.line.hasFocus() else 0)
        self._show_hint(value)

    def text_of(self, value: JsonValue | Absent) -> str:
        """Return how the value is written here."""
        if value is ABSENT:
            return ""
        return value if isinstance(value, str) else json_text(value, indent=None)

    def typed(self, text: str) -> None:
        """Say the text as it is."""
        self.say(text)
        self._show_hint(text)

    @override
    def show_mixed(self, *, mixed: bool) -> None:
        self._is_mixed = mixed
        self._show_hint(self._shown if self._has_shown and self._shown is not None else ABSENT)

    def _show_hint(self, value: JsonValue | Absent) -> None:
        self.line.setPlaceholderText(DIFFERENT if self._is_mixed else "empty text" if value == "" else self._hint)


class NumberEditor(LineEditor):
    """A number as it is typed; the arrow keys step it within its range; an empty field is no value."""

    def __init__(self, hint: str, *, whole: bool, minimum: float | None, maximum: float | None) -> None:
        super().__init__(hint)
        self._whole = whole
        self._range = (minimum, maximum)

    @override
    def typed(self, text: str) -> None:
        text = text.strip().replace("\N{MINUS SIGN}", "-")
        if not text:
            self.say(ABSENT)
        elif len(text) <= _LONGEST_NUMBER and _WHOLE.fullmatch(text):
            self.say(int(text))
        elif not self._whole and _NUMBER.fullmatch(text) and abs(float(text)) < float("inf"):
            self.say(float(text))
        elif (_WHOLE if self._whole else _NUMBER).fullmatch(text):
            self.complained.emit("Write a number with fewer digits" if self._whole else "Write a smaller number: this one cannot be held")
        else:
            self.complained.emit("Write a whole number, such as 12" if self._whole else "Write a number, such as 1.5")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(1 if event.key() == Qt.Key.Key_Up else -1)
            return True
        return super().eventFilter(watched, event)

    def _step(self, by: int) -> None:
        shown = self._shown
        start = shown if isinstance(shown, (int, float)) and not isinstance(shown, bool) else self._range[0] or 0
        lowest, highest = self._range
        stepped = start + by
        stepped = max(stepped, lowest) if lowest is not None else stepped
        stepped = min(stepped, highest) if highest is not None else stepped
        stepped = int(stepped) if self._whole or float(stepped).is_integer() else stepped
        self.line.setText(json_text(stepped, indent=None))
        self.say(stepped)
