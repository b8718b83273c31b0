"""What a panel says while it has nothing to show: a small drawing and one calm sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ephemeral_gui.widgets.labels import IconLabel, PlainLabel

if TYPE_CHECKING:
    from ephemeral_gui.widgets.theme import Look


class EmptyState(QWidget):
    """A line at the top of the panel."""

    def __init__(self, text: str, icon_name: str, look: Look, *, state: str | None = None) -> None:
        super().__init__()
        self._look = look
        self._icon_name = icon_name
        self._state = state
        self._icon = IconLabel(look)
        self.label = PlainLabel(text, "muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addLayout(row)
        column.addStretch(1)
        look.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        theme = self._look.theme
        self._icon.show_icon(self._icon_name, theme.state_colour(self._state) if self._state else theme.muted)
