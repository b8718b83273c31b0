"""What every editor of a value can do: it shows what the document holds, and says what the user makes of it.

An editor never loses what is being typed: while the document holds what the editor last showed or last said, its text is left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.inspector.json_text import Absent, is_same
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from engine.model.json_value import JsonValue

DIFFERENT: Final = "different"
"""What stands in place of a value where several tasks do not have the same one."""


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
