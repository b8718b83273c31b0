"""The text field of the JSON view: line numbers, marks, and the same undo as everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget
from typing_extensions import override

from ephemeral_gui.json_view.highlighter import JsonHighlighter
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QFocusEvent, QPaintEvent, QResizeEvent

    from engine.problems import Problem
    from ephemeral_gui.json_view.text_edits import Edit
    from ephemeral_gui.widgets.theme import Look

MOST_HIGHLIGHTED = 400_000
"""Characters; colouring more would be felt."""
MOST_MARKS = 100


class JsonEditor(TextArea):
    """Plain text with colours. While what is typed means no job map, undo is that of the text, else that of the document."""

    left = Signal()
    """The keyboard's focus went elsewhere."""
    shortcut_near = Signal()
    """A key was pressed that may act on the document."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.is_ahead = False
        """Whether the text holds what the document does not."""
        self.setObjectName("json.text")
        self.setAccessibleName("The job map as JSON")
        self.setProperty("flavour", "log")
        self.setFont(look.mono_font(12))
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._highlighter = JsonHighlighter(self.document(), look)
        self._margin = _Numbers(self)
        self.blockCountChanged.connect(self._fit_margin)
        self.updateRequest.connect(self._scroll_margin)
        look.changed.connect(self._margin.update)
        self._fit_margin()

    @override
    def put(self, text: str) -> None:
        """Show another text altogether, in colours where it is not too long for them."""
        colours = self.document() if len(text) <= MOST_HIGHLIGHTED else None
        if self._highlighter.document() is not colours:
            self._highlighter.setDocument(colours)
        self._fit_margin(text.count("\n") + 1)  # before the text is there: else all of it is laid out twice
        self.setPlainText(text)

    def apply(self, edits: Sequence[Edit]) -> None:
        """Change the text in places; cursor, selection and what is in view stay with the characters around them.

        Each place is an edit of its own: of several in one block Qt lays out and colours anew all that is between the first and the last.
        """
        scrolled = self.verticalScrollBar().value()
        top = self.firstVisibleBlock()
        text = self.text
        cursor = QTextCursor(self.document())
        for edit in reversed(edits):
            cursor.setPosition(_units(text[: edit.start]))
            cursor.setPosition(_units(text[: edit.end]), QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(edit.inserted)
        self.verticalScrollBar().setValue(top.firstLineNumber() if top.isValid() else scrolled)

    def mark(self, problems: Iterable[Problem]) -> None:
        """Underline the places of problems that have a line and a column."""
        self.setExtraSelections([self._mark(problem) for problem in list(problems)[:MOST_MARKS] if problem.line is not None])

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor to a line and column, both from 1."""
        self.setTextCursor(self._cursor_at(line, column))
        self.centerCursor()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if self._is_the_documents(event):
                event.ignore()
                return True
            if event.modifiers() & _SHORTCUT_KEYS or event.key() >= Qt.Key.Key_F1:
                self.shortcut_near.emit()
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_the_documents(event):
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._break_line()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        area = self.contentsRect()
        self._margin.setGeometry(QRect(area.left(), area.top(), self._margin.wanted_width(self.blockCount()), area.height()))

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the lines in view."""
        painter = QPainter(self._margin)
        theme = self._look.theme
        painter.fillRect(event.rect(), QColor(theme.panel))
        painter.setFont(self._look.mono_font(10))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            is_current = block.blockNumber() == self.textCursor().blockNumber()
            painter.setPen(QColor(theme.text2 if is_current else theme.muted))
            box = QRect(0, round(top), self._margin.width() - 8, round(height))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(block.blockNumber() + 1))
            top += height
            block = block.next()

    def _is_the_documents(self, event: QKeyEvent) -> bool:
        """Return whether a key undoes or redoes a step of the document: all do, but while something half typed has steps of its own."""
        own = self.document()
        if event.matches(QKeySequence.StandardKey.Undo):
            return not (self.is_ahead and own.isUndoAvailable())
        return event.matches(QKeySequence.StandardKey.Redo) and not (self.is_ahead and own.isRedoAvailable())

    def _break_line(self) -> None:
        cursor = self.textCursor()
        line = cursor.block().text()[: cursor.positionInBlock()]
        indent = line[: len(line) - len(line.lstrip(" "))]
        deeper = "  " if line.rstrip().endswith(("{", "[")) else ""
        cursor.insertText(f"\n{indent}{deeper}")
        self.setTextCursor(cursor)

    def _mark(self, problem: Problem) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        cursor = self._cursor_at(problem.line or 1, problem.column or 1)
        if not cursor.movePosition(QTextCursor.MoveOperation.EndOfWord, QTextCursor.MoveMode.KeepAnchor) or not cursor.hasSelection():
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
        if not cursor.hasSelection():
            cursor.movePosition(QTextCursor.MoveOperation.PreviousCharacter, QTextCursor.MoveMode.KeepAnchor)
        theme = self._look.theme
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(QColor(theme.state_colour("failed") if problem.is_error else theme.warning_mark))
        mark.cursor, mark.format = cursor, form
        return mark

    def _cursor_at(self, line: int, column: int) -> QTextCursor:
        block = self.document().findBlockByNumber(min(line, self.blockCount()) - 1)
        cursor = QTextCursor(block)
        characters = block.text()[: column - 1]
        cursor.setPosition(block.position() + min(_units(characters), block.length() - 1))
        return cursor

    def _fit_margin(self, lines: int = 0) -> None:
        wanted = self._margin.wanted_width(lines or self.blockCount())
        if wanted != self.viewportMargins().left():
            self.setViewportMargins(wanted, 0, 0, 0)

    def _scroll_margin(self, area: QRect, dy: int) -> None:
        if dy:
            self._margin.scroll(0, dy)
        else:
            self._margin.update(0, area.y(), self._margin.width(), area.height())


class _Numbers(QWidget):
    """The line numbers at the left."""

    def __init__(self, editor: JsonEditor) -> None:
        super().__init__(editor)
        self._editor = editor

    def wanted_width(self, lines: int) -> int:
        """Return room for the longest number of so many lines."""
        return 16 + self._editor.fontMetrics().horizontalAdvance("9" * max(3, len(str(lines))))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)


_SHORTCUT_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def _units(text: str) -> int:
    """Return the length of the text as Qt counts it, in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
