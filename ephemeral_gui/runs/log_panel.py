"""The log panel. Object names: ``log.level``, ``log.text``, ``log.clear``, ``log.copy``."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.runs.log_handler import MOST_LINES, LogFeed, LogLine
from ephemeral_gui.widgets.labels import line
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QCloseEvent

    from ephemeral_gui.widgets.theme import Look

LEVELS = (
    ("Everything", logging.DEBUG),
    ("Info and above", logging.INFO),
    ("Warnings and above", logging.WARNING),
    ("Errors", logging.ERROR),
)


class LogPanel(QWidget):
    """What runs and tasks log, as plain text: the last 10,000 lines, of the level that the user asks for."""

    def __init__(self, look: Look, logger: logging.Logger | None = None) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self._is_adding = False
        self._follows = True
        self.level = QComboBox()
        self.text = TextArea()
        self._clear = QPushButton("Clear")
        self._copy = QPushButton("Copy all")
        self._prepare()
        self._lay_out()
        self.feed = LogFeed(logger or logging.getLogger(), self)
        self.feed.arrived.connect(self._take)

    def close_feed(self) -> None:
        """Take the handler off the logger; the window calls this when it closes."""
        self.feed.close()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.close_feed()
        super().closeEvent(event)

    def _prepare(self) -> None:
        self.level.setObjectName("log.level")
        self.level.setAccessibleName("Least level shown")
        self.level.setMaximumWidth(180)
        self.level.setMinimumContentsLength(4)
        self.level.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for name, level in LEVELS:
            self.level.addItem(name, level)
        self.level.setCurrentIndex(1)
        self.level.currentIndexChanged.connect(self._show_again)
        self.text.setObjectName("log.text")
        self.text.setAccessibleName("Log")
        self.text.setProperty("flavour", "log")
        self.text.setReadOnly(True)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setFont(self._look.mono_font())
        self.text.verticalScrollBar().valueChanged.connect(self._note_scroll)
        self.text.verticalScrollBar().rangeChanged.connect(self._keep_to_the_end)  # a text that nobody sees learns its length late
        self.text.setPlaceholderText("Nothing has been logged yet. What tasks say through Python's logging appears here.")
        self._clear.setObjectName("log.clear")
        self._clear.clicked.connect(self._forget)
        self._copy.setObjectName("log.copy")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.text))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(8)
        row.addWidget(self.level, 1)
        row.addStretch(1)
        row.addWidget(self._copy)
        row.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(line())
        column.addWidget(self.text)

    def _take(self, lines: Iterable[LogLine]) -> None:
        new = list(lines)
        self._lines.extend(new)
        self._append(new)

    def _show_again(self) -> None:
        self.text.clear()
        self._append(self._lines)

    def _append(self, lines: Iterable[LogLine]) -> None:
        least = self.level.currentData()
        shown = "\n".join(each.text for each in lines if each.level >= least)
        if shown:
            shown = "\n".join(shown.rsplit("\n", MOST_LINES)[-MOST_LINES:])  # more would be laid out only to be thrown away
            self._is_adding = True  # lines that go at the top move the bar, too
            self.text.append(shown)
            self._is_adding = False
            self._keep_to_the_end()

    def _note_scroll(self, value: int) -> None:
        """Follow what comes while the end is in sight; who scrolls up to read is left there."""
        if not self._is_adding:
            self._follows = value >= self.text.verticalScrollBar().maximum() - 1

    def _keep_to_the_end(self) -> None:
        bar = self.text.verticalScrollBar()
        if self._follows:
            bar.setValue(bar.maximum())

    def _forget(self) -> None:
        self._lines.clear()
        self.text.clear()
