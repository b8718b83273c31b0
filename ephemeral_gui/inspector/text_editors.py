"""Editors of several lines: text, and JSON that is checked as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QFontMetrics
from typing_extensions import override

from ephemeral_gui.inspector.editor import DIFFERENT, Editor
from ephemeral_gui.inspector.json_text import ABSENT, Absent, NotJsonError, json_text, parse_json
from ephemeral_gui.widgets.labels import cut
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from engine.model.json_value import JsonValue
    from ephemeral_gui.widgets.theme import Look

MOST_EDITED = 300_000
"""Characters of a field of several lines; each key in a longer one would be felt."""
MOST_SHOWN = 10_000
"""Of those that are not edited."""
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class TextEditor(Editor):
    """Text of several lines, or JSON: the base of both."""

    def __init__(self, hint: str = "", *, lines: int = 3) -> None:
        self.area = TextArea()
        super().__init__(self.area)
        self.area.setTabChangesFocus(True)
        self.area.setPlaceholderText(hint)
        self._hint = hint
        self._lines = lines
        self.area.textChanged.connect(lambda: self.typed(self.area.text))
        self._fit()

    @override
    def display(self, value: JsonValue | Absent) -> None:
        cursor = self.area.textCursor()
        at = cursor.position() if self.area.hasFocus() else 0
        text = self.text_of(value)
        self.area.setReadOnly(len(text) > MOST_EDITED)
        self.area.put(cut(text, MOST_SHOWN) if self.area.isReadOnly() else text)
        self.noted.emit(f"{len(text):,} characters are kept, and too many to be edited here." if self.area.isReadOnly() else "")
        cursor = self.area.textCursor()
        cursor.setPosition(min(at, self.area.document().characterCount() - 1))
        self.area.setTextCursor(cursor)
        self._fit()

    def text_of(self, value: JsonValue | Absent) -> str:
        """Return how the value is written here."""
        if value is ABSENT:
            return ""
        return value if isinstance(value, str) else json_text(value)

    def typed(self, text: str) -> None:
        """Say the text as it is."""
        self.say(text)

    @override
    def show_mixed(self, *, mixed: bool) -> None:
        self.area.setPlaceholderText(DIFFERENT if mixed else self._hint)

    def _fit(self) -> None:
        lines = min(max(self._lines, self.area.document().blockCount()), 12)
        self.area.setFixedHeight(lines * QFontMetrics(self.area.font()).lineSpacing() + 22)


class JsonEditor(TextEditor):
    """Any JSON value, checked as it is typed; what is not JSON stays in the field and changes nothing. Empty is no value."""

    def __init__(self, look: Look, hint: str = "", *, lines: int = 2) -> None:
        super().__init__(hint, lines=lines)
        self.area.setFont(look.mono_font())
        self._fit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select the whole value where Tab leads here, as in a line of text: typing replaces it."""
        if isinstance(event, QFocusEvent) and event.gotFocus() and event.reason() in _BY_TAB:
            self.area.selectAll()
        return super().eventFilter(watched, event)

    @override
    def text_of(self, value: JsonValue | Absent) -> str:
        return "" if isinstance(value, Absent) else json_text(value)

    @override
    def typed(self, text: str) -> None:
        if not text.strip():
            self.say(ABSENT)
            return
        try:
            value = parse_json(text)
        except NotJsonError as error:
            self.complained.emit(str(error))
        else:
            self.say(value)
