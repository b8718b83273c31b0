"""Editing in place: a plain field over a note, the title of a frame or the name of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from typing_extensions import override

from ephemeral_gui.canvas.guard import guarded, guarded_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent

    from ephemeral_gui.widgets.theme import Look

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
MOST_OF_A_LINE = 500
_AROUND_LINE = 8

Key = TypeVar("Key")


class InPlaceField(QPlainTextEdit, Generic[Key]):
    """Takes another text; leaving it or Ctrl+Enter keeps the text (Enter or Tab, where it is one line), Escape drops it.

    Attributes:
        key: whose text it is.
    """

    text_given = Signal(str)
    """The text that ``key`` should have."""
    dropped = Signal()
    """Escape was pressed: ``key`` keeps the text that it has."""

    def __init__(self, name: str, look: Look, view: QWidget, *, weight: int = 400) -> None:
        super().__init__(view)
        self._view = view
        self._look = look
        self._weight = weight
        self._is_open = False
        self._is_line = False
        self._box: Callable[[], QRect] = QRect
        self.key: Key | None = None
        self.setObjectName(name)
        self.setTabChangesFocus(True)
        self.hide()
        look.changed.connect(self._dress)
        self._dress()

    def open_over(self, box: Callable[[], QRect], key: Key, text: str, words: str, *, is_line: bool) -> None:
        """Ask for the text, over a part of the view, which is asked for again where the view moves; ``words`` say what it is."""
        self.key = key
        self._box = box
        self._is_open, self._is_line = True, is_line
        self.setAccessibleName(words)
        bars, wraps = Qt.ScrollBarPolicy, QTextOption.WrapMode
        self.setVerticalScrollBarPolicy(bars.ScrollBarAlwaysOff if is_line else bars.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(bars.ScrollBarAlwaysOff)
        self.setWordWrapMode(wraps.NoWrap if is_line else wraps.WrapAtWordBoundaryOrAnywhere)
        self.setPlainText(text)
        self.selectAll()
        self._dress()
        self.follow_view()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def follow_view(self) -> None:
        """Stay over what is edited."""
        if self._is_open:
            box = self._box()
            self.setGeometry(self._line_in(box) if self._is_line else box)

    def finish(self, *, is_kept: bool) -> None:
        """Close, with or without the text."""
        was_open, self._is_open = self._is_open, False
        if not was_open:
            return
        self.hide()
        if is_kept:
            text = self.toPlainText()
            self.text_given.emit(" ".join(text.split())[:MOST_OF_A_LINE] if self._is_line else text)
        else:
            self.dropped.emit()
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    @guarded_answer(otherwise=False)
    def event(self, event: QEvent) -> bool:
        """Take the keys that end the edit before the window does, to which Ctrl+Enter means a run."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._ends(event):
            event.accept()
            return True
        return super().event(event)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_done = self._ends(event)
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

    def _line_in(self, box: QRect) -> QRect:
        """Return the part of a box, in the middle of its height, that a line fills."""
        height = self.fontMetrics().height() + _AROUND_LINE
        return QRect(box.x(), box.y() + (box.height() - height) // 2, box.width(), height)

    def _ends(self, event: QKeyEvent) -> bool:
        """Return whether a key ends the edit and keeps the text."""
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return (event.key() in _ENTER and (self._is_line or is_control)) or (event.key() == Qt.Key.Key_Tab and self._is_line)

    def _dress(self) -> None:
        theme = self._look.theme
        self.setFont(self._look.ui_font(12, self._weight))
        self.document().setDocumentMargin(1 if self._is_line else 4)
        radius, padding = (4, "0 2px") if self._is_line else (8, "4px")
        self.setStyleSheet(
            f"#{self.objectName()} {{ background: {theme.field}; color: {theme.text}; border: 1px solid {theme.accent};"
            f" border-radius: {radius}px; padding: {padding}; min-height: 0; }}"
        )
