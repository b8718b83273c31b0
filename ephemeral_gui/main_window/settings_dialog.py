"""The settings: each takes effect at once, beside the window and not before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ephemeral_gui.main_window.preferences import FLAGS
from ephemeral_gui.widgets.labels import PlainLabel
from ephemeral_gui.widgets.theme import Appearance

if TYPE_CHECKING:
    from collections.abc import Callable

    from ephemeral_gui.main_window.preferences import Preferences

APPEARANCES = {Appearance.SYSTEM: "As the system", Appearance.DARK: "Dark", Appearance.LIGHT: "Light"}
WORDS = {
    "wheel_zooms": ("The wheel zooms the canvas", "Off: the wheel moves the canvas, and Ctrl and the wheel zoom it."),
    "shows_grid": ("Show the grid", "Tasks stand on it either way; Shift frees them while they are moved."),
    "reduces_motion": ("Reduce motion", "Rings and wires of a run stand still. A system that asks for this is always obeyed."),
}


class SettingsDialog(QDialog):
    """Controls: ``settings.appearance``, ``settings.<flag>``, ``settings.shortcuts``, ``settings.close``."""

    def __init__(self, preferences: Preferences, show_shortcuts: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("settings_dialog")
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(420)
        self._preferences = preferences
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(self._appearance())
        for flag in FLAGS:
            column.addLayout(self._flag(flag))
        column.addStretch(1)
        column.addLayout(self._buttons(show_shortcuts))

    def _appearance(self) -> QHBoxLayout:
        box = QComboBox(objectName="settings.appearance", accessibleName="Colours")
        for appearance, words in APPEARANCES.items():
            box.addItem(words, appearance.value)
        box.setCurrentIndex(list(APPEARANCES).index(self._preferences.appearance))
        box.activated.connect(lambda _: self._preferences.choose_appearance(Appearance(box.currentData())))
        row = QHBoxLayout()
        row.addWidget(PlainLabel("Colours", "label"), 1)
        row.addWidget(box)
        return row

    def _flag(self, flag: str) -> QVBoxLayout:
        words, more = WORDS[flag]
        box = QCheckBox(words, objectName=f"settings.{flag}", checked=self._preferences.is_on(flag), accessibleDescription=more)
        box.toggled.connect(lambda on: self._preferences.switch(flag, on=on))
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(box)
        column.addWidget(PlainLabel(more, "help", wrap=True))
        return column

    def _buttons(self, show_shortcuts: Callable[[], None]) -> QHBoxLayout:
        keys = QPushButton("Keyboard shortcuts", objectName="settings.shortcuts", autoDefault=False)
        keys.clicked.connect(show_shortcuts)
        close = QPushButton("Close", objectName="settings.close", default=True)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addWidget(keys)
        row.addStretch(1)
        row.addWidget(close)
        return row
