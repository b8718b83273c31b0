"""What the inspector says while no single task is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ephemeral_gui.widgets.labels import IconLabel, PlainLabel

if TYPE_CHECKING:
    from ephemeral_gui.widgets.theme import Look


class Hint(QWidget):
    """A quiet drawing and two sentences. Object: ``hint``."""

    def __init__(self, look: Look, selected: int = 0) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("hint")
        self._icon = IconLabel(look, 24)
        title = f"{selected} tasks selected" if selected else "No task selected"
        rest = "Select one of them to see its settings." if selected else "Select a task to see its settings, its join and its branches."
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 40, 24, 40)
        column.setSpacing(4)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for text, role in ((title, "label"), (rest, "muted")):
            label = PlainLabel(text, role, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(1)
        look.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._icon.show_icon("tasks", self._look.theme.muted)
