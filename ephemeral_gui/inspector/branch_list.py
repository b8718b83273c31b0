"""Each branch of a task by its name, and what went wrong on the one that is chosen.

Objects: ``section.branches``, ``branches.list``, ``branches.note``, ``branches.failing``, ``branches.error``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtWidgets import QHeaderView, QPushButton, QVBoxLayout

from engine.execution.progress import TaskState
from ephemeral_gui.inspector.branch_model import RECORD, TIME, BranchModel
from ephemeral_gui.widgets.labels import PlainLabel, cut
from ephemeral_gui.widgets.rows import RowsView
from ephemeral_gui.widgets.section import Section
from ephemeral_gui.widgets.stylesheet import set_variant
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from ephemeral_gui.runs.branch_log import TaskBranches
    from ephemeral_gui.widgets.theme import Look

MOST_ROWS_HIGH: Final = 9
UNFOLLOWED: Final = "Only failures are known. Branches are followed from the next run on, while this is open."


class BranchList(Section):
    """A folded section; while it is open, runs are followed branch by branch."""

    def __init__(self, look: Look, *, is_open: bool) -> None:
        super().__init__("Each branch", look, is_open=is_open)
        self.header.setObjectName("section.branches")
        self._model = BranchModel(look, self)
        self._list = RowsView(look)
        self._note = PlainLabel(role="help", wrap=True)
        self._failing = QPushButton("Go to the first failure", objectName="branches.failing")
        self._error = TextArea(objectName="branches.error", readOnly=True, accessibleName="What went wrong on this branch")
        self._prepare(look)
        self._lay_out_body()
        self.show_branches(None)

    def show_branches(self, branches: TaskBranches | None) -> None:
        """Show what became of each branch; None where nothing ran."""
        self.setVisible(branches is not None)
        records = branches.records if branches is not None else ()
        chosen = self._list.currentIndex().data(RECORD)
        self._model.show(records)
        if chosen is not None and not self._list.currentIndex().isValid():
            self._choose(next((row for row, each in enumerate(records) if each.path == chosen.path), -1))
        failed = sum(record.state is TaskState.FAILED for record in records)
        self.set_summary(f"{failed:,} failed" if failed else f"{len(records):,}" if records else "")
        self._failing.setVisible(failed > 0)
        self._list.setVisible(bool(records))
        self._list.setFixedHeight(min(len(records), MOST_ROWS_HIGH) * 24 + 2)
        self._say_more(branches)
        self._show_error(self._list.currentIndex())

    def _prepare(self, look: Look) -> None:
        self._note.setObjectName("branches.note")
        self._list.setObjectName("branches.list")
        self._list.setAccessibleName("Branches of this task")
        self._list.setModel(self._model)
        self._list.setIconSize(QSize(12, 12))
        self._list.header().hide()
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(TIME, QHeaderView.ResizeMode.ResizeToContents)
        self._list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._list.selectionModel().currentChanged.connect(self._show_error)
        set_variant(self._failing, "flavour", "link")
        self._failing.clicked.connect(self._go_to_failure)
        self._error.setFont(look.mono_font(10))
        self._error.setFixedHeight(132)
        self._error.setTabChangesFocus(True)

    def _lay_out_body(self) -> None:
        column = QVBoxLayout(self.body)
        column.setContentsMargins(12, 0, 12, 12)
        column.setSpacing(6)
        column.addWidget(self._failing, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._list, self._note, self._error):
            column.addWidget(widget)

    def _say_more(self, branches: TaskBranches | None) -> None:
        parts = []
        if branches is not None and branches.more:
            parts.append(f"{branches.more:,} more that ended well or earlier are not kept.")
        if branches is not None and not branches.is_followed:
            parts.append(UNFOLLOWED)
        self._note.setText(" ".join(parts))
        self._note.setVisible(bool(parts))

    def _go_to_failure(self) -> None:
        self._choose(next((row for row, each in enumerate(self._model.records) if each.state is TaskState.FAILED), -1))
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, row: int) -> None:
        index = self._model.index(row, 0)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)

    def _show_error(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        record = index.data(RECORD)
        text = "" if record is None else cut(record.details or record.error)
        if text != self._error.text:
            self._error.put(text)
        self._error.setVisible(bool(text))
