"""What the palette says of the row that is chosen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ephemeral_gui.palette.model import argument_line, types_line
from ephemeral_gui.widgets.labels import ElidedLabel, PlainLabel, line

if TYPE_CHECKING:
    from engine.model.definition import Definition
    from ephemeral_gui.widgets.theme import Look

HEIGHT = 190


class HelpCard(QScrollArea):
    """Title, description, types, arguments and an example, in plain text. Object: ``palette.help``; hidden while no method is chosen."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("palette.help")
        self.setAccessibleName("Help of the chosen task")
        self.setProperty("role", "panel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedHeight(HEIGHT)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._title = PlainLabel(role="strong", wrap=True)
        self._method = ElidedLabel(role="muted")
        self._method.setFont(look.mono_font(10))
        self._description = PlainLabel(role="text2", wrap=True)
        self._types = PlainLabel(role="muted", wrap=True)
        self._arguments = PlainLabel(role="text2", wrap=True)
        self._example = PlainLabel(wrap=True)
        self._example.setFont(look.mono_font(10))
        ground = QWidget()
        ground.setProperty("role", "panel")
        ground.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        column.addWidget(line())
        words = QVBoxLayout()
        words.setContentsMargins(12, 8, 12, 0)
        words.setSpacing(6)
        for label in (self._title, self._method, self._description, self._types, self._arguments, self._example):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        column.addLayout(words)
        column.addStretch(1)
        self.setWidget(ground)
        self.hide()

    def show_definition(self, definition: Definition | None) -> None:
        """Show the help of a method, or nothing."""
        self.setVisible(definition is not None)
        if definition is None:
            return
        self._title.setText(definition.display_title)
        self._method.setText(f"{definition.namespace}.{definition.name}")
        self._description.setText(definition.description)
        self._types.setText(types_line(definition))
        self._arguments.setText("\n".join(argument_line(argument) for argument in definition.init_args) or "No arguments")
        example = "" if definition.example is None else json.dumps(definition.example, ensure_ascii=False, indent=1)
        self._example.setText(example)
        self._example.setVisible(bool(example))
        self.verticalScrollBar().setValue(0)
