"""How the selected task stands in the run: its state in words, and its branches counted by state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ephemeral_gui.widgets.labels import ElidedLabel, IconLabel, PlainLabel
from ephemeral_gui.widgets.state_words import WORDS, counts_text, seconds_text, state_word
from ephemeral_gui.widgets.strip import ORDER, shares_of

if TYPE_CHECKING:
    from engine.execution.progress import TaskProgress
    from ephemeral_gui.widgets.theme import Look


class StateLine(QWidget):
    """Icon, word, and how many have ended. Objects: ``state``, ``state.counts``."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._state = "ready"
        self._icon = IconLabel(look)
        self.word = PlainLabel(role="strong")
        self.word.setObjectName("state")
        self.counts = ElidedLabel(role="muted")
        self.counts.setObjectName("state.counts")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self._icon, self.word):
            row.addWidget(widget)
        row.addWidget(self.counts, 1)
        look.changed.connect(self._draw)

    def show_progress(self, progress: TaskProgress | None) -> None:
        """Show where the task stands, nothing where no run has seen it."""
        self.setVisible(progress is not None)
        if progress is not None:
            self._say(str(progress.state), state_word(progress), counts_text(progress))

    def show_state(self, state: str, words: str = "") -> None:
        """Show a state that no run is needed for, such as ``missing``."""
        self.setVisible(True)
        self._say(state, WORDS[state], words)

    def _say(self, state: str, word: str, counts: str) -> None:
        self.word.setText(word)
        self.counts.setText(counts)
        if state != self._state or self._icon.pixmap().isNull():
            self._state = state
            self._draw()

    def _draw(self) -> None:
        self._icon.show_icon(self._state, self._look.theme.state_colour(self._state))


class Branches(QWidget):
    """One line for each state that branches of the task are in. Object: ``branches``."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setObjectName("branches")
        self._shown: TaskProgress | None = None
        self._time = PlainLabel(role="muted")
        self._text = ElidedLabel(role="muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.addWidget(PlainLabel("Branches", "muted"), 0, 0, 1, 2)
        grid.addWidget(self._time, 0, 2, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(1, 1)
        self._lines = {state: self._add_line(grid, number, state) for number, state in enumerate((*ORDER, "waiting"), start=1)}
        grid.addWidget(self._text, len(self._lines) + 1, 0, 1, 3)
        look.changed.connect(self._draw)
        self.show_progress(None)

    def show_progress(self, progress: TaskProgress | None) -> None:
        """Show the counts, nothing before the first invocation."""
        if progress == self._shown and progress is not None:
            return
        self._shown = progress
        self.setVisible(progress is not None and progress.expected > 0)
        if progress is None:
            return
        shares = shares_of(progress)
        for state, count in zip((*ORDER, "waiting"), (*shares.counts(), shares.left), strict=True):
            for widget in self._lines[state]:
                widget.setVisible(count > 0)
            self._lines[state][2].setText(f"{count:,}")
        self._time.setText(f"{seconds_text(progress.busy_seconds)} busy" if progress.first_start is not None else "")
        self._text.setText(progress.text)
        self._text.setVisible(bool(progress.text))

    def _add_line(self, grid: QGridLayout, row: int, state: str) -> tuple[IconLabel, PlainLabel, PlainLabel]:
        line = (IconLabel(self._look), PlainLabel(WORDS[state]), PlainLabel(role="text2"))
        line[0].show_icon(state, self._look.theme.state_colour(state))
        line[2].setObjectName(f"branches.{state}")
        line[2].setAlignment(Qt.AlignmentFlag.AlignRight)
        for column, widget in enumerate(line):
            grid.addWidget(widget, row, column)
        return line

    def _draw(self) -> None:
        for state, line in self._lines.items():
            line[0].show_icon(state, self._look.theme.state_colour(state))
