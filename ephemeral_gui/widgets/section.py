"""A folded section: its name at the left, a summary at the right, and what it holds once it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import ElidedLabel, line

if TYPE_CHECKING:
    from ephemeral_gui.widgets.theme import Look


class Section(QWidget):
    """A header that folds ``body`` open and shut by mouse, Space or Enter."""

    def __init__(self, title: str, look: Look, *, is_open: bool = False) -> None:
        super().__init__()
        self._look = look
        self.header = QPushButton(title)
        self.header.setProperty("flavour", "section")
        self.header.setCheckable(True)
        self.header.setChecked(is_open)
        self.header.setIconSize(QSize(12, 12))
        self.header.setAutoDefault(True)
        self._summary = ElidedLabel(role="muted")
        self._summary.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._summary.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.body = QWidget()
        self._lay_out()
        self.header.toggled.connect(self._fold)
        look.changed.connect(self._draw_chevron)
        self._fold(is_open)

    def set_summary(self, text: str) -> None:
        """Say in a few words what the section holds."""
        self._summary.setText(text)
        self.header.setAccessibleDescription(text)

    def _lay_out(self) -> None:
        over = QHBoxLayout(self.header)
        title_width = QFontMetrics(self._look.ui_font(12, 600)).horizontalAdvance(self.header.text())
        over.setContentsMargins(44 + title_width, 0, 12, 0)
        over.addWidget(self._summary)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line())
        column.addWidget(self.header)
        column.addWidget(self.body)

    def _fold(self, is_open: bool) -> None:  # noqa: FBT001  a slot of toggled(bool)
        self.body.setVisible(is_open)
        self._draw_chevron()

    def _draw_chevron(self) -> None:
        name = "chevron-down" if self.header.isChecked() else "chevron-right"
        self.header.setIcon(icon(name, self._look.theme.text2))
