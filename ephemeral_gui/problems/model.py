"""The problems of a job map as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import cut, tool_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QObject

    from engine.problems import Problem
    from ephemeral_gui.widgets.theme import Look

COLUMNS: Final = ("", "Problem", "Task", "Place", "What to try", "Fix")
FIX_COLUMN: Final = len(COLUMNS) - 1
PROBLEM: Final = Qt.ItemDataRole.UserRole + 1
FIX: Final = Qt.ItemDataRole.UserRole + 2
"""What the button of the row says, None where there is none."""

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class ProblemsModel(QAbstractTableModel):
    """One row for each problem; errors stand before warnings, else the validator's order is kept."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._problems: list[Problem] = []
        self._find_fix: Callable[[Problem], str | None] = lambda _: None
        self._fixes: dict[int, str | None] = {}

    @property
    def problems(self) -> Sequence[Problem]:
        """The problems in the order of the rows."""
        return self._problems

    def offer_fixes(self, find: Callable[[Problem], str | None]) -> None:
        """Ask ``find`` for the words of a problem's fix whenever its row is first seen."""
        self._find_fix = find

    def fix_of(self, row: int) -> str | None:
        """Return what the button of a row says, None where it has none."""
        if row not in self._fixes:
            self._fixes[row] = self._find_fix(self._problems[row])
        return self._fixes[row]

    def show(self, problems: Sequence[Problem]) -> None:
        """Hold these problems from now on."""
        self.beginResetModel()
        self._fixes.clear()
        self._problems = sorted(problems, key=lambda problem: not problem.is_error)
        self.endResetModel()

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._problems)

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return len(COLUMNS)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return COLUMNS[section] if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        problem = self._problems[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _line(texts(problem)[index.column()]) if index.column() < FIX_COLUMN else self.fix_of(index.row())
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(problem) if index.column() == 0 else None
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(problem.describe())
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(index)
            case _:
                return problem if role == PROBLEM else self.fix_of(index.row()) if role == FIX else None

    def _spoken(self, index: _Index) -> str | None:
        if index.column() == FIX_COLUMN:
            fix = self.fix_of(index.row())
            return f"Fix: {fix}" if fix else "No fix by one click"
        problem = self._problems[index.row()]
        return f"{problem.severity}: {problem.describe()}" if index.column() <= 1 else None

    def _icon(self, problem: Problem) -> Any:
        theme = self._look.theme
        return icon("error", theme.state_colour("failed")) if problem.is_error else icon("warning", theme.warning_mark)


def texts(problem: Problem) -> tuple[str, str, str, str, str]:
    """Return what stands in the columns."""
    return ("", problem.message, problem.task or "", place(problem), problem.hint or "")


def place(problem: Problem) -> str:
    """Return line and column where the file says them, and the pointer: ``14:9  /tasks/3/init_args/path``."""
    line = f"{problem.line}:{problem.column}" if problem.line is not None else ""
    return "  ".join(part for part in (line, problem.pointer) if part)


def _line(text: str) -> str:
    return " ".join(cut(text, 1_000).split())
