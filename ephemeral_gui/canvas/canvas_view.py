"""The canvas as it is looked at: a document's job map as a picture, what of it is in sight, and what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.canvas.accessible import tell_selection
from ephemeral_gui.canvas.comparing import compared
from ephemeral_gui.canvas.gliding import Gliding
from ephemeral_gui.canvas.guard import guarded
from ephemeral_gui.canvas.motion import Motion
from ephemeral_gui.canvas.navigation import LEAST_ZOOM, MOST_ZOOM
from ephemeral_gui.canvas.overlays import Overlays
from ephemeral_gui.canvas.part_shown import show_part
from ephemeral_gui.canvas.projection import Projection
from ephemeral_gui.canvas.shown_run import ShownRun
from ephemeral_gui.canvas.style import CanvasStyle
from ephemeral_gui.canvas.viewer import JobViewer
from ephemeral_gui.canvas.walking import all_along, next_item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from engine.catalog import Catalog
    from engine.execution.progress import ProgressSnapshot
    from engine.model.job_map import JobMap, TaskKey
    from engine.problems import Problem
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

_ZOOM_STEP = 1.2
_REST_MILLISECONDS = 80


class CanvasView(QWidget):
    """Shows a document; a hand can look around and select, and changes nothing."""

    selection_changed = Signal(list)
    """The identities of the selected tasks."""
    drawn_selected = Signal()
    """Whether wires are selected, or notes and frames, is otherwise than before."""
    compared = Signal(str)
    """What is otherwise than in the job map that the document is compared with, in a few words; after each edit anew."""

    def __init__(self, document: Document, catalog: Catalog, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self._document = document
        self._look = look
        self._style = CanvasStyle(look.theme)
        self._projection = Projection(catalog, self._style)
        self._viewer = JobViewer(self._projection)
        self._gliding = Gliding(self._viewer, look)
        self._lay_out()
        self._motion = Motion(self._projection, look, self)
        self._selected: list[TaskKey] = []
        self._drawn = (False, False)
        self._hand_rests = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._hand_rests.timeout.connect(self._tell_selection)
        self._compared_with: JobMap | None = None
        self._viewer.chosen.connect(self._follow_selection)

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
        self._overlays.minimap.refresh()

    def show_part(self, keys: Collection[TaskKey] | None) -> None:
        """Let every task step back that is not among these; None brings all forward again."""
        show_part(self._projection, keys)

    def show_difference(self, before: JobMap | None) -> None:
        """Show what the document has otherwise than another job map, now and after each edit; None shows it alone again."""
        self._compared_with = before
        self._compare()

    def selected_keys(self) -> list[TaskKey]:
        """Return the identities of the selected tasks, in the order of the job map."""
        return [item.key for item in self._viewer.selected_task_items()]

    @property
    def has_selected_wires(self) -> bool:
        """True while a wire is selected."""
        return bool(self._viewer.chosen_wires())

    @property
    def has_selected_notes(self) -> bool:
        """True while a note or a frame is selected."""
        return bool(self._chosen_annotations())

    def select(self, keys: Iterable[TaskKey]) -> None:
        """Select these tasks and no others."""
        self._viewer.choose(set(keys))

    def select_all(self) -> None:
        """Select every task, note and frame."""
        self._viewer.choose(self._projection.items, annotations=self._projection.annotations.items)

    def clear_selection(self) -> None:
        """Select nothing."""
        self._viewer.choose(())

    def select_upstream(self) -> None:
        """Select everything that the selected tasks depend on, beside them."""
        self.select(all_along(self._document.job_map, self.selected_keys(), is_forward=False))

    def select_downstream(self) -> None:
        """Select everything that depends on the selected tasks, beside them."""
        self.select(all_along(self._document.job_map, self.selected_keys(), is_forward=True))

    def walk(self, key: Qt.Key) -> None:
        """Select the next task in the way of an arrow key."""
        selected = self._viewer.selected_task_items()
        item = next_item(self._projection, selected[-1] if selected else None, key)
        if item is not None:
            self._viewer.choose({item.key})
            self._bring_into_view(item)

    def center_on(self, key: TaskKey) -> None:
        """Bring a task to the middle of the view, near enough to be read."""
        if (item := self._projection.items.get(key)) is not None:
            self._gliding.to(item.body.center(), max(self._viewer.zoom, 0.75))

    def fit(self) -> None:
        """Show the selected tasks, or the whole map where none is selected."""
        chosen = [self._projection.items[key].body for key in self.selected_keys()]
        bodies = chosen or list(self._projection.bodies())
        self._gliding.to(*self._viewer.fitting(bodies), is_fitted=not chosen)

    def zoom_in(self) -> None:
        """Show less, larger."""
        self._zoom_to(self._gliding.zoom * _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show more, smaller."""
        self._zoom_to(self._gliding.zoom / _ZOOM_STEP)

    def reset_zoom(self) -> None:
        """Go to 100 %."""
        self._zoom_to(1.0)

    def _begin(self) -> None:
        """Follow the document from now on: all that stands on the canvas is there."""
        self._document.changed.connect(self._follow_document)
        self._look.changed.connect(self._follow_look)
        self._follow_document()

    def _fit_all(self) -> None:
        self._gliding.to(*self._viewer.fitting(self._projection.bodies()), is_fitted=True)

    def _zoom_to(self, zoom: float) -> None:
        self._gliding.to(self._gliding.centre, min(MOST_ZOOM, max(LEAST_ZOOM, zoom)))
        self._viewer.hold()

    def _bring_into_view(self, item: TaskItem) -> None:
        if not self._viewer.visible_rect.contains(item.body):
            self._viewer.look_at(item.body.center(), self._viewer.zoom)

    def _chosen_annotations(self) -> list[AnnotationKey]:
        return [item.key for item in self._projection.annotations.chosen()]

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._viewer)
        self.setFocusProxy(self._viewer)
        self._overlays = Overlays(self._viewer, self._look, self)
        control = self._overlays.zoom_control
        control.out_requested.connect(self.zoom_out)
        control.in_requested.connect(self.zoom_in)
        control.reset_requested.connect(self.reset_zoom)
        control.fit_requested.connect(self._fit_all)

    def _follow_document(self) -> None:
        self._viewer.cancel_gesture()  # what it holds may be gone
        job_map = self._document.job_map
        self._projection.show(job_map)
        self._viewer.forget_missing_wires()
        self._compare()
        self._follow_selection()
        self._overlays.hint.setVisible(not any(task.is_function for task in job_map.tasks))
        self._motion.follow()
        self._overlays.follow_document()

    def _compare(self) -> None:
        before = self._compared_with
        comparison = None if before is None else compared(before, self._document.job_map)
        self._projection.show_comparison(comparison)
        if comparison is not None:
            self.compared.emit(comparison.summary)

    def _follow_look(self) -> None:
        self._style.use(self._look.theme)
        self._projection.repaint()
        self._viewer.dress()
        self._overlays.minimap.refresh()

    def _follow_selection(self) -> None:
        """Tell what is selected; while a hand draws a band only where it rests: whoever follows shows whole pages of it."""
        if self._viewer.is_busy:
            self._hand_rests.start()
        else:
            self._tell_selection()

    def _tell_selection(self) -> None:
        self._hand_rests.stop()
        selected = self.selected_keys()
        if selected != self._selected:
            self._selected = selected
            self.selection_changed.emit(selected)
        drawn, self._drawn = self._drawn, (self.has_selected_wires, self.has_selected_notes)
        if drawn != self._drawn:
            self.drawn_selected.emit()
        tell_selection(self._viewer)

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._overlays.place()

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
