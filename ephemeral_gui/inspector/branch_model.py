"""The branches of one task as a table: where, in which state, and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import cut, tool_tip
from ephemeral_gui.widgets.state_words import WORDS, seconds_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from engine.execution.branch_path import BranchPath
    from ephemeral_gui.runs.branch_log import BranchRecord
    from ephemeral_gui.widgets.theme import Look

RECORD: Final = Qt.ItemDataRole.UserRole + 1
TIME: Final = 1
MOST_LETTERS: Final = 18
LEAST_LETTERS: Final = 4

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class BranchModel(QAbstractTableModel):
    """One row for each branch."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.records: Sequence[BranchRecord] = ()

    def show(self, records: Sequence[BranchRecord]) -> None:
        """Hold these rows from now on; rows of the same branches keep what is selected among them."""
        if [each.path for each in records] == [each.path for each in self.records]:
            self.records = records
            if records:
                self.dataChanged.emit(self.index(0, 0), self.index(len(records) - 1, TIME), [])
            return
        self.beginResetModel()
        self.records = records
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.records)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 2

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        record = self.records[index.row()]
        time = span_text(record.seconds)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return time if index.column() == TIME else short_branch(record.path)
            case Qt.ItemDataRole.DecorationRole if index.column() != TIME:
                return icon(str(record.state), self._look.theme.state_colour(record.state))
            case Qt.ItemDataRole.TextAlignmentRole if index.column() == TIME:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(
                    "\n".join(part for part in (f"{record.branch}: {WORDS[record.state]} {time}".strip(), record.error) if part)
                )
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (record.branch, WORDS[record.state], time, cut(record.error, 200)) if part)
            case _:
                return record if role == RECORD else None


def short_branch(path: BranchPath) -> str:
    """Return a branch on a narrow line: names give way, their numbers never."""
    if not path:
        return "trunk"
    room = max(LEAST_LETTERS, (MOST_LETTERS - sum(len(str(number)) + 3 for _, number in path)) // len(path))
    return "/".join(f"{_cut(name, room)}[{number}]" for name, number in path)


def _cut(name: str, most: int) -> str:
    line = " ".join(cut(name, 300).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def span_text(seconds: float | None) -> str:
    """Return how long one invocation took, the short ones in milliseconds; empty where that is not known."""
    if seconds is None:
        return ""
    return seconds_text(seconds) if seconds >= 1 else f"{seconds * 1000:.0f} ms" if seconds >= 0.001 else "under 1 ms"
