"""The rows of the progress table in the order that its header asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, QTimer
from typing_extensions import override

from ephemeral_gui.runs.progress_model import PROGRESS

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QAbstractItemModel
    from PySide6.QtWidgets import QWidget

    from engine.execution.progress import TaskProgress

MILLISECONDS_BETWEEN_SORTS: Final = 1_000
_URGENT: Final = ("failed", "retrying", "running", "paused", "waiting", "cancelled", "skipped", "done", "ready", "disabled")


class ProgressOrder(QSortFilterProxyModel):
    """Sorts at once when it is asked to, and what changes by itself once a second and never under the mouse: a click hits what it aims at.

    Rows that are equal keep the order of the job map, and so do all of them while no column is chosen.
    """

    def __init__(self, model: QAbstractItemModel, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.setSourceModel(model)
        self.setDynamicSortFilter(False)
        self._later = QTimer(self, singleShot=True, interval=MILLISECONDS_BETWEEN_SORTS)
        self._later.timeout.connect(self.sort_again)
        model.dataChanged.connect(self._note_change)

    def sort_again(self) -> None:
        """Put the rows in order as they are now, unless the mouse is over them."""
        if self._view.underMouse():
            self._later.start()
        elif self.sortColumn() >= 0:
            self.sort(self.sortColumn(), self.sortOrder())

    @override
    def lessThan(self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex) -> bool:
        key = _KEYS.get(left.column(), _KEYS[1])
        one, other = key(left.data(PROGRESS)), key(right.data(PROGRESS))
        if one == other:
            return left.row() < right.row() if self.sortOrder() is Qt.SortOrder.AscendingOrder else left.row() > right.row()
        return bool(one < other)

    def _note_change(self) -> None:
        if self.sortColumn() >= 0 and not self._later.isActive():
            self._later.start()


def _urgency(task: TaskProgress) -> int:
    return _URGENT.index(task.state) if task.state in _URGENT else len(_URGENT)


_KEYS: Final[dict[int, Callable[[TaskProgress], Any]]] = {
    0: _urgency,
    1: lambda task: task.name.casefold(),
    2: _urgency,
    3: lambda task: task.ended / task.expected if task.expected else 0.0,
    4: lambda task: task.succeeded,
    5: lambda task: task.failed,
    6: lambda task: task.expected - task.ended,
    7: lambda task: task.busy_seconds,
}
