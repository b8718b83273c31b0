"""The outline for a view. Only lines that differ are announced as changed; what is open and chosen stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from ephemeral_gui.outline.lines import TaskLine, WireLine
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import cut, tool_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from engine.model.job_map import TaskKey
    from ephemeral_gui.widgets.theme import Look

NAME, STATE, PROBLEMS = range(3)
TITLES: Final = ("Task", "State", "Problems")
LINE: Final = Qt.ItemDataRole.UserRole + 1

_Index: TypeAlias = "QModelIndex | QPersistentModelIndex"
_ROOT: Final = QModelIndex()
_TASK: Final = 0


class OutlineModel(QAbstractItemModel):
    """Tasks, and under each the wires that leave it. An index carries the number of its task, counted from one, where it is a wire."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: Sequence[TaskLine] = ()
        self._rows: dict[TaskKey, int] = {}

    def show(self, lines: Sequence[TaskLine]) -> bool:
        """Hold these lines from now on; return whether the view had to begin anew."""
        before = self._lines
        if len(before) == len(lines) and all(_has_same_rows(*pair) for pair in zip(before, lines, strict=True)):
            self._lines = lines
            for row, (old, new) in enumerate(zip(before, lines, strict=True)):
                if old is not new and old != new:
                    self._announce(row)
            return False
        self.beginResetModel()
        self._lines = lines
        self._rows = {line.key: row for row, line in enumerate(lines)}
        self.endResetModel()
        return True

    def index_of(self, key: TaskKey) -> QModelIndex:
        """Return the index of a task, an invalid one where there is none."""
        row = self._rows.get(key)
        return QModelIndex() if row is None else self.index(row, NAME)

    def line_at(self, index: _Index) -> TaskLine | WireLine | None:
        """Return the line at an index."""
        if not index.isValid():
            return None
        parent = index.internalId()
        return self._lines[index.row()] if parent == _TASK else self._lines[parent - 1].wires[index.row()]

    def _announce(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, NAME), self.index(row, PROBLEMS), [])
        parent = self.index(row, NAME)
        if count := self.rowCount(parent):
            self.dataChanged.emit(self.index(0, NAME, parent), self.index(count - 1, NAME, parent), [])

    @override
    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        if not 0 <= row < self.rowCount(parent) or not 0 <= column < len(TITLES):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _TASK)

    @override
    def parent(self, child: _Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # the other overload is QObject.parent()
        number = child.internalId() if child.isValid() else _TASK
        return QModelIndex() if number == _TASK else self.createIndex(number - 1, NAME, _TASK)

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        if not parent.isValid():
            return len(self._lines)
        is_task = parent.internalId() == _TASK and parent.column() == NAME
        return len(self._lines[parent.row()].wires) if is_task else 0

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return len(TITLES)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return TITLES[section] if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal else None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line_at(index)
        if line is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(line, index.column())
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(line, index.column())
            case Qt.ItemDataRole.AccessibleTextRole:
                return line.words if index.column() == NAME else _text(line, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(line.words)
            case _:
                return line if role == LINE else None

    def _icon(self, line: TaskLine | WireLine, column: int) -> Any:
        theme = self._look.theme
        if isinstance(line, WireLine):
            return None
        if column == PROBLEMS and line.problems:
            return icon("error", theme.state_colour("failed")) if line.has_error else icon("warning", theme.warning_mark)
        return {NAME: icon(line.icon, theme.text2), STATE: icon(line.state, theme.state_colour(line.state))}.get(column)


def _text(line: TaskLine | WireLine, column: int) -> str:
    if isinstance(line, WireLine):
        return {NAME: _plain(line.text), STATE: f"{line.count:,} passed" if line.count else ""}.get(column, "")
    return {NAME: _plain(line.name), STATE: line.state_text, PROBLEMS: str(line.problems) if line.problems else ""}[column]


def _plain(name: str) -> str:
    return " ".join(cut(name, 200).split())


def _has_same_rows(one: TaskLine, other: TaskLine) -> bool:
    """Return whether both are lines of the same task with wires to the same tasks."""
    return one is other or (one.key == other.key and [wire.target_key for wire in one.wires] == [wire.target_key for wire in other.wires])
