"""The page of a file that is no job map: what is wrong with it, all at once, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.problems import MOST_PROBLEMS_SHOWN
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.problems import Problem
    from ephemeral_gui.widgets.theme import Look


class BrokenPage(QWidget):
    """Says why a file could not be opened and offers to try again once it was mended elsewhere."""

    retry_requested = Signal()

    def __init__(self, path: Path, reason: str, problems: Sequence[Problem], look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("broken_page")
        self.path = path
        self.problems = tuple(problems)
        set_variant(self, "role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 48, 48, 48)
        column.setSpacing(12)
        column.addWidget(_words(f"{path.name} cannot be opened", "page-title"))
        column.addWidget(_words(reason, "text2"))
        column.addWidget(_words(str(path), "muted"))
        if problems:
            column.addWidget(self._list(look))
        column.addLayout(self._buttons())
        column.addStretch(1)

    def _list(self, look: Look) -> QListWidget:
        found = QListWidget(objectName="broken_problems", accessibleName="Problems")
        found.setWordWrap(True)
        found.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        found.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        found.setIconSize(QSize(14, 14))
        for problem in self.problems[:MOST_PROBLEMS_SHOWN]:
            found.addItem(problem.describe())
            found.item(found.count() - 1).setIcon(icon("error", look.theme.state_colour("failed")))
        return found

    def _buttons(self) -> QHBoxLayout:
        again = QPushButton("Try again", objectName="broken_retry")
        set_variant(again, "flavour", "accent")
        again.clicked.connect(self.retry_requested)
        row = QHBoxLayout()
        row.addWidget(again)
        row.addStretch()
        return row


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_variant(label, "role", role)
    return label
