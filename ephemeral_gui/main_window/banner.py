"""A bar above the tabs that says something without standing in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton

from ephemeral_gui.widgets.icons import icon, pixmap
from ephemeral_gui.widgets.labels import cut, tool_tip, with_short_words
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ephemeral_gui.widgets.theme import Look


class Banner(QFrame):
    """An icon, a sentence in plain text, what can be done about it, and a cross to put it away.

    Args:
        name: object name; the button is ``<name>_action``, the cross ``<name>_close``.
        kind: ``error``, ``warning`` or ``note``.
        action: words of the button; without words there is none.
    """

    action_requested = Signal()
    chosen = Signal(str)
    """The name of a choice that was added."""
    put_away = Signal()
    """The user hid the bar and chose nothing."""

    def __init__(self, name: str, kind: str, action: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "banner")
        self._kind = kind
        self._look = look
        self._mark = QLabel()
        self._text = ""
        self._words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton(action, objectName=f"{name}_action")
        self._button.clicked.connect(self.action_requested)
        self._cross = QToolButton(objectName=f"{name}_close", toolTip="Put this away", accessibleName="Put this away")
        set_variant(self._cross, "flavour", "small")
        self._cross.clicked.connect(self.hide)
        self._cross.clicked.connect(self.put_away)
        if not action:
            self._button.hide()  # only ever hidden here: shown without a parent it would be a window
        self._choices: dict[str, QPushButton] = {}
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        for widget in (self._mark, self._words, self._button, self._cross):
            row.addWidget(widget)
        look.changed.connect(self._paint)
        self._paint()
        self.hide()

    def add_choice(self, name: str, words: str) -> None:
        """Add a button before the cross; its object name is ``<name of the bar>_<name>``."""
        button = QPushButton(words, objectName=f"{self.objectName()}_{name}")
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._row.insertWidget(self._row.count() - 1, button)
        self._choices[name] = button

    def show_choice(self, name: str, *, shown: bool) -> None:
        """Show or hide a choice that was added."""
        self._choices[name].setVisible(shown)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def call_action(self, words: str) -> None:
        """Give the button other words."""
        self._button.setText(words)

    def say(self, text: str) -> None:
        """Show the bar with these words."""
        text = cut(text)
        self._text = text
        self._words.setText(with_short_words(text))
        self._words.setToolTip(tool_tip(text) if self._words.text() != text else "")
        self.show()

    def tell(self, text: str) -> None:
        """Show the bar with these words, or no bar where there are none."""
        if text:
            self.say(text)
        else:
            self.hide()

    def _paint(self) -> None:
        theme = self._look.theme
        colour = {"error": theme.error_text, "warning": theme.warning_mark}.get(self._kind, theme.accent)
        self._mark.setPixmap(pixmap(self._kind, colour, 16, self.devicePixelRatioF()))
        self._cross.setIcon(icon("close", theme.text2))
        self.setStyleSheet(
            f"QFrame#{self.objectName()} {{ background: {theme.node}; border: none;"
            f" border-left: 3px solid {colour}; border-bottom: 1px solid {theme.border}; }}"
        )
