"""One editor for each kind of value: it shows what the document holds, and says what the user makes of it.

An editor never loses what is being typed: while the document holds what the editor last showed or last said, its text is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget
from typing_extensions import override

from ephemeral_gui.inspector.json_text import ABSENT, Absent, NotJsonError, is_same, json_text, parse_json
from ephemeral_gui.widgets.labels import cut
from ephemeral_gui.widgets.stylesheet import set_variant
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.json_value import JsonValue
    from ephemeral_gui.widgets.theme import Look

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
_LONGEST_NUMBER = 400
DIFFERENT = "different"
"""What stands in place of a value where several tasks do not have the same one."""
MOST_EDITED = 300_000
"""Characters of a field of several lines; each key in a longer one would be felt."""
MOST_SHOWN = 10_000
"""Of those that are not edited."""
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class Editor(QWidget):
    """What every editor can do. ``control`` is the widget that has the keyboard's focus."""

    edited = Signal(object)
    """The new value, a JSON value or ``ABSENT``."""
    complained = Signal(str)
    """Why what is typed changes nothing; empty once it is fine again."""
    noted = Signal(str)
    """What is to be known of the value, and is no fault. Empty where nothing is."""
    left = Signal()
    """The keyboard's focus went elsewhere."""

    def __init__(self, control: QWidget) -> None:
        super().__init__()
        self.control = control
        self._shown: JsonValue | Absent | None = None
        self._has_shown = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(control)
        self.setFocusProxy(control)
        control.installEventFilter(self)

    def show_value(self, value: JsonValue | Absent) -> None:
        """Follow the document; nothing happens while it holds what is shown already."""
        if self._has_shown and is_same(value, self._shown):
            return
        self._shown, self._has_shown = value, True
        self.control.blockSignals(True)  # noqa: FBT003  Qt's own signature
        self.display(value)
        self.control.blockSignals(False)  # noqa: FBT003
        self.complained.emit("")

    def display(self, value: JsonValue | Absent) -> None:
        """Put the value into the control."""
        raise NotImplementedError

    def show_mixed(self, *, mixed: bool) -> None:
        """Say in place of a value whether several tasks have different ones."""

    def say(self, value: JsonValue | Absent) -> None:
        """Tell what the user made of the value."""
        self._shown, self._has_shown = value, True
        self.complained.emit("")
        self.edited.emit(value)

    def set_invalid(self, *, invalid: bool) -> None:
        """Outline the control as wrong."""
        set_variant(self.control, "invalid", "true" if invalid else "false")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave undo to the document, and the wheel to the page unless the control has the focus."""
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        if event.type() == QEvent.Type.Wheel and not self.control.hasFocus():
            event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and _is_undo(event):
            event.ignore()
            return True
        return False


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)


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


class ChoiceEditor(Editor):
    """One of several values; a value that is none of them is shown first, and stays until another is chosen."""

    def __init__(self, choices: Sequence[JsonValue], hint: str = "", labels: Sequence[str] = ()) -> None:
        self.box = QComboBox()
        super().__init__(self.box)
        self._choices = list(choices)
        self._labels = list(labels) or [_label(choice) for choice in choices]
        self._hint = hint or "Choose"
        self.box.setPlaceholderText(self._hint)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(6)
        self.box.currentIndexChanged.connect(self._chosen)

    @override
    def display(self, value: JsonValue | Absent) -> None:
        known = next((number for number, choice in enumerate(self._choices) if is_same(choice, value)), None)
        strange = [] if known is not None or isinstance(value, Absent) else [_label(value)]
        self.box.clear()
        self.box.addItems([*strange, *self._labels])
        self.box.setCurrentIndex(known if known is not None else 0 if strange else -1)
        self._strange = len(strange)

    @override
    def show_mixed(self, *, mixed: bool) -> None:
        self.box.setPlaceholderText(DIFFERENT if mixed else self._hint)

    def _chosen(self, index: int) -> None:
        if index >= self._strange:
            self.say(self._choices[index - self._strange])


def _label(value: JsonValue) -> str:
    return value if isinstance(value, str) else json_text(value, indent=None)


class _TwoStateBox(QCheckBox):
    """Half ticked only where no value is given; a click never leads back there."""

    @override
    def nextCheckState(self) -> None:
        is_on = self.checkState() == Qt.CheckState.Checked
        self.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)


class FlagEditor(Editor):
    """True or false; where the job map says nothing, the default."""

    def __init__(self, label: str, default: JsonValue | Absent) -> None:
        self.box = _TwoStateBox(label.replace("&", "&&"))
        super().__init__(self.box)
        self._default = default
        self.box.clicked.connect(lambda: self.say(self.box.checkState() == Qt.CheckState.Checked))

    @override
    def display(self, value: JsonValue | Absent) -> None:
        meant = self._default if value is ABSENT else value
        states = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}
        self.box.setTristate(not isinstance(meant, bool))
        self.box.setCheckState(states[meant] if isinstance(meant, bool) else Qt.CheckState.PartiallyChecked)

    @override
    def show_mixed(self, *, mixed: bool) -> None:
        if mixed:
            self.box.setTristate(True)
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        elif self._shown is not None:
            self.display(self._shown)
