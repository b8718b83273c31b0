"""The progress panel. Object names: ``progress.overall``, ``progress.table``, ``progress.none``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QStackedLayout, QVBoxLayout, QWidget

from ephemeral_gui.runs.overall_bar import OverallBar
from ephemeral_gui.runs.progress_delegate import ProgressDelegate
from ephemeral_gui.runs.progress_model import PROGRESS, ProgressModel
from ephemeral_gui.runs.progress_order import ProgressOrder
from ephemeral_gui.widgets.empty_state import EmptyState
from ephemeral_gui.widgets.labels import line
from ephemeral_gui.widgets.rows import RowsView

if TYPE_CHECKING:
    from engine.execution.progress import ProgressSnapshot
    from engine.model.job_map import JobMap
    from ephemeral_gui.widgets.theme import Look

NO_RUN = "Nothing has run yet. Press Run, and every task is shown here with its branches, its counts and its time."


class ProgressPanel(QWidget):
    """A run as one bar, and each of its tasks on a row; a click leads to the task, one on the header sorts, a third one no longer."""

    activated = Signal(str)
    """Name of the task that the user wants to see."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = ProgressModel(self)
        self.overall = OverallBar(look)
        self.overall.setObjectName("progress.overall")
        self.table = RowsView(look)
        self._none = EmptyState(NO_RUN, "run", look)
        self._none.setObjectName("progress.none")
        self._prepare_table(look)
        self._lay_out()
        self.table.row_activated.connect(self._go)
        look.changed.connect(self.table.viewport().update)

    def show_progress(self, job_map: JobMap | None, snapshot: ProgressSnapshot | None) -> None:
        """Show this moment of a run, None where nothing has run; cheap enough for 30 times a second.

        Tasks stand in the order of the job map that runs; those that the job map no longer has are shown behind them.
        """
        self._stack.setCurrentIndex(0 if snapshot is None else 1)
        if snapshot is None:
            return
        order = [task.name for task in job_map.tasks] if job_map is not None else []
        names = dict.fromkeys(name for name in (*order, *snapshot.tasks) if name in snapshot.tasks)
        self._model.show({name: snapshot.tasks[name] for name in names})
        self.overall.show_snapshot(snapshot)

    def select(self, name: str) -> None:
        """Make the row of a task current, without asking to go there."""
        self.table.setCurrentIndex(self.order.mapFromSource(self._model.index(self._model.row_of(name), 0)))

    def _prepare_table(self, look: Look) -> None:
        self.table.setObjectName("progress.table")
        self.table.setAccessibleName("Progress of each task")
        self.order = ProgressOrder(self._model, self.table)
        self.table.setModel(self.order)
        self.table.setItemDelegate(ProgressDelegate(look, self.table))
        header = self.table.header()
        for column, width in enumerate((40, 180, 160, 300, 72, 76, 68, 92)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        self.table.leave_out_when_narrow({3: 800, 6: 700, 4: 640, 5: 560})
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        self.table.setSortingEnabled(True)

    def _lay_out(self) -> None:
        run = QWidget()
        column = QVBoxLayout(run)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.overall, line(), self.table):
            column.addWidget(widget)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._none)
        self._stack.addWidget(run)

    def _go(self, index: QModelIndex) -> None:
        self.activated.emit(index.data(PROGRESS).name)
