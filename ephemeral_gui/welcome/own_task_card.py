"""The card that says how a task of one's own is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.welcome.card import HEIGHT
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import PlainLabel
from ephemeral_gui.widgets.stylesheet import set_words

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ephemeral_gui.widgets.theme import Look

COMMAND = "ephemeral new task ocean trend \\\n    --workspace DIR"


class OwnTaskCard(QWidget):
    """A dashed card with the command to type."""

    guide_requested = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._command = PlainLabel(COMMAND)
        self._command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._command.setFont(look.mono_font())
        self._guide = QPushButton()
        set_words(self._guide, "Read the guide")
        self._guide.setObjectName("welcome.guide")
        self._guide.setProperty("flavour", "link")
        self._guide.clicked.connect(self.guide_requested)
        self._lay_out()
        look.changed.connect(self._colour)
        self._colour()

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(self._look.theme.control), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 10)
        column.setSpacing(6)
        column.addWidget(PlainLabel("Write your own task", "head"))
        about = "A task is one Python function and one definition file. Create both in your workspace; they load at once."
        column.addWidget(PlainLabel(about, "text2", wrap=True))
        column.addWidget(self._command)
        column.addStretch(1)
        column.addWidget(self._guide, 0, Qt.AlignmentFlag.AlignLeft)

    def _colour(self) -> None:
        theme = self._look.theme
        self._command.setStyleSheet(f"background: {theme.field}; border: 1px solid {theme.border}; border-radius: 6px; padding: 8px 10px")
        self._guide.setIcon(icon("book", theme.accent))
        self.update()
