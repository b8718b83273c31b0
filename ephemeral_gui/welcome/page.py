"""The welcome page: what one can begin with, the examples with their graphs, and what to do next.

Object names: ``welcome.new``, ``welcome.open``, ``welcome.workspace``, ``welcome.example.<name>``, ``welcome.guide``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from engine.errors import EphemeralError
from engine.files import load_job_map
from ephemeral_gui.welcome.card import ExampleCard
from ephemeral_gui.welcome.mini_graph import Sketch, sketch
from ephemeral_gui.welcome.own_task_card import OwnTaskCard
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import PlainLabel
from ephemeral_gui.widgets.stylesheet import set_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from engine.catalog.examples import Example
    from ephemeral_gui.widgets.theme import Look

STEPS = (
    ("Add a task", "Drag it from the palette, or press Tab on the canvas"),
    ("Connect", "Drag from port to port; only fitting types accept the wire"),
    ("Run and watch", "F5 runs the job; each node shows its state, counts and time"),
    ("See results", "Open the Results tab, and the files that the run wrote"),
)
WIDTH = 960
COLUMNS = 3
LEAST_OF_A_CARD = 272
"""Pixels; where they are not there for each, fewer cards stand side by side."""

_logger = logging.getLogger(__name__)


class WelcomePage(QScrollArea):
    """Asks for things; opens nothing itself."""

    new_requested = Signal()
    open_requested = Signal()
    workspace_requested = Signal()
    guide_requested = Signal()
    example_requested = Signal(object)
    """The ``Example`` that the user wants a copy of."""

    def __init__(self, examples: Sequence[Example], look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "page")
        self.setAccessibleName("Welcome")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what it holds takes the keyboard
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._buttons = {
            "new": ("New job map", QPushButton(), "new", self.new_requested),
            "open": ("Open a file", QPushButton(), "open", self.open_requested),
            "workspace": ("Open a workspace", QPushButton(), "folder", self.workspace_requested),
        }
        self._grid, self._steps = _grid(8), _grid(16)
        self._columns = 0
        self._prepare_buttons()
        self._cards = self._make_cards(sorted(examples, key=lambda example: -example.task_count))
        self._numbered = [_step(number, title, text) for number, (title, text) in enumerate(STEPS, start=1)]
        self._lay_out()
        self._arrange(COLUMNS)
        look.changed.connect(self._draw_icons)
        self._draw_icons()
        self.setFocusProxy(self._buttons["new"][1])

    def _prepare_buttons(self) -> None:
        for name, (words, button, _, signal) in self._buttons.items():
            set_words(button, words)
            button.setObjectName(f"welcome.{name}")
            button.setProperty("flavour", "accent" if name == "new" else "large")
            button.setProperty("large", True)  # noqa: FBT003  the sheet's variant
            button.clicked.connect(signal)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(min(max(self.viewport().width() // LEAST_OF_A_CARD, 1), COLUMNS))

    def _lay_out(self) -> None:
        middle = QWidget()
        middle.setMaximumWidth(WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(24, 32, 24, 24)
        column.setSpacing(8)
        column.addWidget(PlainLabel("Build a job from tasks", "page-title"))
        column.addWidget(PlainLabel("Open an example and press Run, or start with an empty job map.", "text2"))
        column.addSpacing(12)
        column.addLayout(self._button_row())
        column.addSpacing(20)
        column.addLayout(_head("Examples", "Opened as a copy, so you can change anything"))
        column.addLayout(self._grid)
        column.addSpacing(20)
        column.addLayout(_head("What to do next", ""))
        column.addLayout(self._steps)
        column.addStretch(1)
        ground = QWidget()
        ground.setProperty("role", "page")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(ground)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(middle, 20)
        row.addStretch(1)
        self.setWidget(ground)

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for _, button, _, _ in self._buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _make_cards(self, examples: Sequence[Example]) -> list[QWidget]:
        own = OwnTaskCard(self._look)
        own.guide_requested.connect(self.guide_requested)
        cards = [ExampleCard(example, _sketch_of(example), self._look) for example in examples]
        for card in cards:
            card.chosen.connect(self.example_requested)
        return [*cards, own]

    def _arrange(self, columns: int) -> None:
        """Put so many cards side by side, and the steps in one row or in as many as that needs."""
        if columns == self._columns:
            return
        self._columns = columns
        for grid, widgets, count in (
            (self._grid, self._cards, columns),
            (self._steps, self._numbered, 4 if columns == COLUMNS else columns),
        ):
            for number, each in enumerate(widgets):
                grid.addWidget(each, number // count, number % count)
            for number in range(len(STEPS)):
                grid.setColumnStretch(number, 1 if number < count else 0)

    def _draw_icons(self) -> None:
        theme = self._look.theme
        for name, (_, button, drawing, _) in self._buttons.items():
            button.setIcon(icon(drawing, theme.on_accent if name == "new" else theme.text2))


def _sketch_of(example: Example) -> Sketch | None:
    try:
        return sketch(load_job_map(example.path))
    except EphemeralError as error:
        _logger.warning("the example %s cannot be drawn: %s", example.name, error)
        return None


def _head(title: str, note: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(PlainLabel(title, "head"), 1)
    row.addWidget(PlainLabel(note, "muted"))
    return row


def _grid(spacing: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(spacing)
    return grid


def _step(number: int, title: str, text: str) -> QWidget:
    step = QWidget()
    row = QHBoxLayout(step)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    badge = PlainLabel(str(number), "pill")
    badge.setFixedSize(20, 20)
    badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
    row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(PlainLabel(title, "strong"))
    words.addWidget(PlainLabel(text, "muted", wrap=True))
    words.addStretch(1)
    row.addLayout(words, 1)
    return step
