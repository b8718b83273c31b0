"""An example as a card: its graph, what it does, how large it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout
from typing_extensions import override

from ephemeral_gui.welcome.mini_graph import MiniGraph, Sketch
from ephemeral_gui.widgets.labels import ClampedLabel, ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QKeyEvent, QPaintEvent

    from engine.catalog.examples import Example
    from ephemeral_gui.widgets.theme import Look

HEIGHT = 200
GRAPH_HEIGHT = 104


class ExampleCard(QAbstractButton):
    """A button as large as a card; Enter, Space or a click opens the example."""

    chosen = Signal(object)

    def __init__(self, example: Example, drawn: Sketch | None, look: Look) -> None:
        super().__init__()
        self._look = look
        self.example = example
        self.setObjectName(f"welcome.example.{example.name}")
        self.setAccessibleName(f"Open the example {example.title}")
        self.setAccessibleDescription(example.description)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._open = PlainLabel("Open", "strong")
        self._lay_out(drawn)
        self.clicked.connect(lambda: self.chosen.emit(example))
        look.changed.connect(self._colour)
        self._colour()

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, HEIGHT)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = theme.accent if self.hasFocus() else theme.control if self.underMouse() else theme.node_border
        painter.setPen(QPen(QColor(outline), 1.5 if self.hasFocus() else 1))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.fillRect(QRectF(2, GRAPH_HEIGHT, self.width() - 4, 1), QColor(theme.border))

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def _lay_out(self, drawn: Sketch | None) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 10)
        column.setSpacing(4)
        column.addWidget(MiniGraph(drawn, self._look))
        words = QVBoxLayout()
        words.setContentsMargins(16, 6, 16, 0)
        words.setSpacing(4)
        words.addWidget(ElidedLabel(self.example.title, "head"))
        words.addWidget(ClampedLabel(self.example.description, "text2", lines=2))
        words.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(PlainLabel(size_text(self.example), "help"), 1)
        row.addWidget(self._open)
        words.addLayout(row)
        column.addLayout(words, 1)

    def _colour(self) -> None:
        self._open.setStyleSheet(f"color: {self._look.theme.accent}")
        self.update()


def size_text(example: Example) -> str:
    """Return how large an example is: ``10 tasks, 2 outputs``; inputs and outputs are not counted as tasks."""
    tasks = max(0, example.task_count - example.output_count - 1)
    return f"{tasks} task{'' if tasks == 1 else 's'}, {example.output_count} output{'' if example.output_count == 1 else 's'}"
