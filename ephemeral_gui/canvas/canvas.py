"""The canvas: a document's job map as a picture that a hand can change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.canvas.empty_hint import EmptyHint
from ephemeral_gui.canvas.guard import guarded
from ephemeral_gui.canvas.minimap import Minimap
from ephemeral_gui.canvas.motion import Motion
from ephemeral_gui.canvas.projection import Projection
from ephemeral_gui.canvas.shown_run import ShownRun
from ephemeral_gui.canvas.style import CanvasStyle
from ephemeral_gui.canvas.viewer import JobViewer
from ephemeral_gui.canvas.zoom_control import ZoomControl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from engine.catalog import Catalog
    from engine.execution.progress import ProgressSnapshot
    from engine.model.job_map import TaskKey
    from engine.problems import Problem
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

_MARGIN = 12
_ZOOM_STEP = 1.2


class Canvas(QWidget):
    """Shows a document and turns every gesture into one change of it."""

    selection_changed = Signal(list)
    """The identities of the selected tasks."""
    task_activated = Signal(object)
    """A task was double-clicked, or Enter was pressed on it."""
    refused = Signal(str)
    """Something was not done, and why, in words for a person."""

    def __init__(self, document: Document, catalog: Catalog, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self._document = document
        self._look = look
        self._style = CanvasStyle(look.theme)
        self._projection = Projection(catalog, self._style)
        self._projection.show(document.job_map)
        self._viewer = JobViewer(self._projection)
        self._lay_out()
        self._motion = Motion(self._projection, look, self)
        self._selected: list[TaskKey] = []
        document.changed.connect(self._follow_document)
        look.changed.connect(self._follow_look)
        self._projection.scene.selectionChanged.connect(self._follow_selection)
        self._follow_document()

    @property
    def viewer(self) -> JobViewer:
        """The view that hands act on."""
        return self._viewer

    def task_item(self, key: TaskKey) -> TaskItem | None:
        """Return the node of a task: its ``state`` and ``state_text`` are what the canvas shows."""
        return self._projection.items.get(key)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put a badge on every task that a problem speaks of."""
        self._projection.show_problems(problems)

    def show_progress(self, snapshot: ProgressSnapshot | None) -> None:
        """Show how far a run is; None shows the map as it is before a run."""
        if snapshot is None:
            self._projection.show_run(None)
        else:
            shown = self._projection.run
            is_same = shown is not None and shown.snapshot.run_id == snapshot.run_id
            job_map = shown.job_map if is_same and shown is not None else self._document.job_map
            self._projection.show_run(ShownRun(job_map, snapshot))
        self._motion.follow()
        self._minimap.refresh()

    def selected_keys(self) -> list[TaskKey]:
        """Return the identities of the selected tasks, in the order of the job map."""
        return [key for key, item in self._projection.items.items() if item.isSelected()]

    def select(self, keys: Iterable[TaskKey]) -> None:
        """Select these tasks and no others."""
        wanted = set(keys)
        for key, item in self._projection.items.items():
            if item.isSelected() != (key in wanted):
                item.setSelected(key in wanted)

    def select_all(self) -> None:
        """Select every task."""
        self.select(self._projection.items)

    def center_on(self, key: TaskKey) -> None:
        """Bring a task to the middle of the view, near enough to be read."""
        if (item := self._projection.items.get(key)) is not None:
            self._viewer.look_at(item.body.center(), max(self._viewer.zoom, 0.75))

    def fit(self) -> None:
        """Show the selected tasks, or the whole map where none is selected."""
        chosen = [self._projection.items[key] for key in self.selected_keys()]
        self._viewer.fit(chosen) if chosen else self._viewer.fit_all()

    def zoom_in(self) -> None:
        """Show less, larger."""
        self._viewer.zoom_by(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more, smaller."""
        self._viewer.zoom_by(1 / _ZOOM_STEP)

    def reset_zoom(self) -> None:
        """Go to 100 %."""
        self._viewer.zoom_by(1 / self._viewer.zoom)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._viewer)
        self.setFocusProxy(self._viewer)
        self._zoom_control = ZoomControl(self._look, self)
        self._minimap = Minimap(self._viewer, self)
        self._hint = EmptyHint(self._look, self)
        self._zoom_control.out_requested.connect(self.zoom_out)
        self._zoom_control.in_requested.connect(self.zoom_in)
        self._zoom_control.reset_requested.connect(self.reset_zoom)
        self._zoom_control.fit_requested.connect(self._viewer.fit_all)
        self._viewer.view_changed.connect(lambda: self._zoom_control.show_zoom(self._viewer.zoom))

    def _follow_document(self) -> None:
        job_map = self._document.job_map
        self._projection.show(job_map)
        self._hint.setVisible(not any(task.is_function for task in job_map.tasks))
        self._motion.follow()
        self._minimap.refresh()

    def _follow_look(self) -> None:
        self._style.use(self._look.theme)
        self._projection.repaint()
        self._minimap.refresh()

    def _follow_selection(self) -> None:
        selected = self.selected_keys()
        if selected != self._selected:
            self._selected = selected
            self.selection_changed.emit(selected)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._zoom_control.adjustSize()
        self._zoom_control.move(QPoint(_MARGIN, self.height() - self._zoom_control.height() - _MARGIN))
        self._minimap.move(QPoint(self.width() - self._minimap.width() - _MARGIN, self.height() - self._minimap.height() - _MARGIN))
        self._hint.adjustSize()
        self._hint.move((self.width() - self._hint.width()) // 2, self.height() // 3 - self._hint.height() // 2)

    @override
    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._motion.follow(is_seen=True)

    @override
    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._motion.follow(is_seen=False)
