"""Editing in place: a plain field over a note, or over the title of a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from ephemeral_gui.canvas.guard import guarded

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.widgets.theme import Look

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


class AnnotationField(QPlainTextEdit):
    """Takes another text; leaving it or Ctrl+Enter keeps the text (Enter, where it is one line), Escape drops it."""

    text_given = Signal(str)
    """The text that ``key`` should have."""

    def __init__(self, look: Look, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._look = look
        self._is_open = False
        self._is_line = False
        self.key: AnnotationKey | None = None
        self.setObjectName("annotation_field")
        self.setTabChangesFocus(True)
        self.hide()
        look.changed.connect(self._dress)
        self._dress()

    def open_over(self, box: QRect, key: AnnotationKey, text: str, *, is_line: bool) -> None:
        """Ask for the text, over a part of the view."""
        self.key = key
        self._is_open, self._is_line = True, is_line
        self.setAccessibleName("Title of the frame" if is_line else "Text of the note, in Markdown")
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if is_line else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bars)
        self.setPlainText(text)
        self.selectAll()
        self.setGeometry(box)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self, *, is_kept: bool) -> None:
        """Close, with or without the text."""
        was_open, self._is_open = self._is_open, False
        if not was_open:
            return
        self.hide()
        if is_kept:
            text = self.toPlainText()
            self.text_given.emit(" ".join(text.split()) if self._is_line else text)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_done = event.key() in _ENTER and (self._is_line or bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        if event.key() == Qt.Key.Key_Escape or is_done:
            self.finish(is_kept=is_done)
        else:
            super().keyPressEvent(event)

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finish(is_kept=True)

    def _dress(self) -> None:
        theme = self._look.theme
        self.setFont(self._look.ui_font(12))
        self.setStyleSheet(
            f"#annotation_field {{ background: {theme.field}; color: {theme.text}; border: 1px solid {theme.accent};"
            " border-radius: 8px; padding: 4px; }"
        )
