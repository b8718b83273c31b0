"""A hand on a note or a frame: it is carried, with what stands in a frame, or made larger and smaller at its corner."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, QPointF, Qt

from ephemeral_gui.canvas.annotation_edits import LEAST_SIZE
from ephemeral_gui.canvas.geometry import DRAG_DISTANCE, snapped
from ephemeral_gui.canvas.moving import with_contents
from ephemeral_gui.canvas.task_item import TaskItem

if TYPE_CHECKING:
    from ephemeral_gui.canvas.annotation_item import AnnotationItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.canvas.wire import Wire


class Carry:
    """Moves what is selected, a note or a frame in the hand: on the grid unless Shift is held; a frame takes along what it holds."""

    scrolls: ClassVar[bool] = True

    def __init__(self, viewer: JobViewer, item: AnnotationItem, place: QPoint, *, is_click_kept: bool = False) -> None:
        self._viewer = viewer
        self._held = item
        self._is_click_kept = is_click_kept
        self._start = place
        self._start_point = viewer.scene_point(place)
        self._is_dragging = False
        self._places: dict[TaskItem | AnnotationItem, QPointF] = {}
        self._wires: list[Wire] = []

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Show everything where it would stand."""
        if not self._is_dragging:
            if (place - self._start).manhattanLength() < DRAG_DISTANCE:
                return
            self._begin()
        before, way = self._places[self._held], self._viewer.scene_point(place) - self._start_point
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._shift_to(QPointF((before + way).toPoint()))
        elif self._held.is_note:
            self._shift_to(QPointF(*snapped((before.x() + way.x(), before.y() + way.y()))))
        else:  # whole steps, so that the tasks in a frame stay on the grid
            self._shift_to(before + QPointF(*snapped((way.x(), way.y()))))

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Say what moved; a press without a drag selects it alone, and on a link asks to open that."""
        self.move(place, modifiers)
        if not self._is_dragging:
            if not self._is_click_kept:
                self._viewer.choose((), annotations=[self._held.key])
                self._follow_link(place)
            return
        self._viewer.end_drag()
        if self._held.pos() != self._places[self._held]:
            self._viewer.carried.emit(list(self._places))

    def cancel(self) -> None:
        """Put everything back."""
        if self._is_dragging:
            self._shift_to(self._places[self._held])
            self._viewer.end_drag()

    def _follow_link(self, place: QPoint) -> None:
        if link := self._held.link_at(self._viewer.scene_point(place)):
            self._viewer.link_clicked.emit(link)

    def _begin(self) -> None:
        self._is_dragging = True
        projection = self._viewer.projection
        tasks, others = with_contents(projection, [self._held, *projection.annotations.chosen()])
        items: list[TaskItem | AnnotationItem] = [*others, *self._viewer.selected_task_items(), *tasks]
        self._places = {item: item.pos() for item in items}
        self._wires = self._viewer.prepare_drag([item for item in self._places if isinstance(item, TaskItem)])

    def _shift_to(self, wanted: QPointF) -> None:
        if wanted == self._held.pos():
            return
        way = wanted - self._places[self._held]
        self._viewer.shift({item: place for item, place in self._places.items() if isinstance(item, TaskItem)}, way)
        for item, place in self._places.items():
            if not isinstance(item, TaskItem):
                item.move_to(place + way)
        for wire in self._wires:
            wire.redraw()


class Resize:
    """Makes a note or a frame larger or smaller."""

    scrolls: ClassVar[bool] = True

    def __init__(self, viewer: JobViewer, item: AnnotationItem, place: QPoint) -> None:
        self._viewer = viewer
        self._held = item
        self._start = place
        self._start_point = viewer.scene_point(place)
        self._before = (item.body.width(), item.body.height())

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Show it so large."""
        way = self._viewer.scene_point(place) - self._start_point
        wanted = (self._before[0] + way.x(), self._before[1] + way.y())
        if not modifiers & Qt.KeyboardModifier.ShiftModifier:
            wanted = snapped(wanted)
        self._held.show_size(max(wanted[0], LEAST_SIZE[0]), max(wanted[1], LEAST_SIZE[1]))

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Say how large it is now; a press without a drag changes nothing."""
        if (place - self._start).manhattanLength() < DRAG_DISTANCE:
            self.cancel()
            return
        self.move(place, modifiers)
        self._viewer.resized.emit(self._held)

    def cancel(self) -> None:
        """Show it as before."""
        self._held.show_size(*self._before)
