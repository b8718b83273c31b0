"""Rename in place: a field over the node's title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from ephemeral_gui.canvas.guard import guarded

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from engine.model.job_map import TaskKey
    from ephemeral_gui.widgets.theme import Look


class RenameField(QLineEdit):
    """Takes a new name for one task; Enter or leaving it keeps the name, Escape drops it."""

    name_given = Signal(str)
    """The name that the task ``key`` should have."""

    def __init__(self, look: Look, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._is_open = False
        self._look = look
        self.key: TaskKey | None = None
        self.setObjectName("rename_field")
        self.setAccessibleName("Name of the task")
        self.setMaxLength(500)
        self.hide()
        look.changed.connect(self._dress)
        self._dress()

    def open_over(self, box: QRect, key: TaskKey, name: str) -> None:
        """Ask for the name of a task, over a part of the view."""
        self.key = key
        self._is_open = True
        self.setText(name)
        self.selectAll()
        self.setGeometry(box)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self, *, is_kept: bool) -> None:
        """Close, with or without the name."""
        was_open, self._is_open = self._is_open, False
        if not was_open:
            return
        self.hide()
        if is_kept:
            self.name_given.emit(self.text())
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.finish(is_kept=False)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}:
            self.finish(is_kept=True)
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
        self.setFont(self._look.ui_font(12, 600))
        self.setStyleSheet(
            f"#rename_field {{ background: {theme.field}; color: {theme.text}; border: 1px solid {theme.accent};"
            " border-radius: 4px; padding: 0 4px; min-height: 0; }"
        )
