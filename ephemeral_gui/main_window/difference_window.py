"""What two job maps mean differently, as a list beside the work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout

from engine.model.difference import ChangeKind, difference
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from engine.model.job_map import JobMap
    from ephemeral_gui.widgets.theme import Look

_ICONS: Final = {ChangeKind.ADDED: "plus", ChangeKind.REMOVED: "minus", ChangeKind.RENAMED: "rename", ChangeKind.CHANGED: "dot"}
_STATES: Final = {ChangeKind.ADDED: "done", ChangeKind.REMOVED: "failed", ChangeKind.RENAMED: "running", ChangeKind.CHANGED: "retrying"}


class DifferenceWindow(QDialog):
    """A window of its own that may stay open while the work goes on; it shows the moment at which it was opened."""

    task_activated = Signal(str)
    """The name of the task of a difference that was double-clicked, in the job map that is at hand where it is there."""

    def __init__(  # noqa: PLR0913  two job maps, how they are called and which of them is at hand
        self, title: str, before: JobMap, after: JobMap, look: Look, parent: QWidget | None = None, *, goes_to_later: bool = False
    ) -> None:
        """Args: goes_to_later: whether the later of the two is the one at hand, whose tasks can be gone to."""
        super().__init__(parent)
        self._goes_to_later = goes_to_later
        self.setObjectName("difference_window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle("Difference")
        self.resize(720, 420)
        self.changes = difference(before, after)
        count = len(self.changes)
        heading = QLabel(title, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        set_variant(heading, "role", "title")
        summary = QLabel(f"{count} difference{'' if count == 1 else 's'}; moves on the canvas are not counted.")
        set_variant(summary, "role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(summary)
        column.addWidget(self._list(look), 1)
        column.addLayout(self._buttons())

    def _list(self, look: Look) -> QListWidget:
        found = QListWidget(objectName="differences", accessibleName="Differences", wordWrap=True)
        found.setIconSize(QSize(14, 14))
        for change in self.changes:
            words = change.describe()
            found.addItem(words[:1].upper() + words[1:])
            found.item(found.count() - 1).setIcon(icon(_ICONS[change.kind], look.theme.state_colour(_STATES[change.kind])))
        found.itemActivated.connect(lambda item: self._activate(found.row(item)))
        return found

    def _activate(self, row: int) -> None:
        change = self.changes[row]
        name = change.before if change.kind is ChangeKind.RENAMED and not self._goes_to_later else change.task
        if isinstance(name, str):
            self.task_activated.emit(name)

    def _buttons(self) -> QHBoxLayout:
        close = QPushButton("Close", objectName="difference_close")
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(close)
        return row
