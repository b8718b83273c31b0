"""The tasks of a run as a table that says what changed and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from ephemeral_gui.widgets.labels import cut, tool_tip
from ephemeral_gui.widgets.state_words import counts_text, seconds_text, state_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtCore import QObject

    from engine.execution.progress import TaskProgress

COLUMNS: Final = ("", "Task", "State", "Branches", "Done", "Failed", "Left", "Time")
STATE, BRANCHES = 0, 3
NUMBERS: Final = (4, 5, 6, 7)
PROGRESS: Final = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class ProgressModel(QAbstractTableModel):
    """One row for each task, in the order of the job map."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[TaskProgress] = []

    def show(self, tasks: Mapping[str, TaskProgress]) -> None:
        """Hold these rows from now on; only rows that differ are announced as changed."""
        rows = list(tasks.values())
        if [row.name for row in rows] != [row.name for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        before, self._rows = self._rows, rows
        for first, last in changed_ranges(before, rows):
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1), [])

    def row_of(self, name: str) -> int:
        """Return the row of a task, -1 where there is none."""
        return next((number for number, row in enumerate(self._rows) if row.name == name), -1)

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return len(COLUMNS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section in NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return COLUMNS[section] if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(row, index.column())
            case Qt.ItemDataRole.TextAlignmentRole if index.column() in NUMBERS:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip("\n".join(part for part in (row.name, state_word(row), counts_text(row), row.text) if part))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.name}: {state_word(row)} {counts_text(row)}" if index.column() <= 1 else None
            case _:
                return row if role == PROGRESS else None


def _text(row: TaskProgress, column: int) -> str:
    texts: dict[int, Callable[[], str]] = {
        1: lambda: " ".join(cut(row.name, 200).split()),
        2: lambda: state_word(row),
        4: lambda: f"{row.succeeded:,}",
        5: lambda: f"{row.failed:,}",
        6: lambda: f"{row.expected - row.ended:,}",
        7: lambda: seconds_text(row.busy_seconds) if row.first_start is not None else "",
    }
    return texts[column]() if column in texts else ""


def changed_ranges(before: Sequence[object], after: Sequence[object]) -> list[tuple[int, int]]:
    """Return first and last of each stretch in which two sequences of one length differ."""
    ranges: list[tuple[int, int]] = []
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
