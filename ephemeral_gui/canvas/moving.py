"""Carrying what is selected, a task in the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from ephemeral_gui.canvas.geometry import DRAG_DISTANCE
from ephemeral_gui.canvas.guides import REACH, Guides
from ephemeral_gui.canvas.style import FAR_ZOOM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.model.job_map import Position
    from ephemeral_gui.canvas.annotation_item import AnnotationItem
    from ephemeral_gui.canvas.projection import Projection
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.canvas.wire import Wire


class Move:
    """Moves what is selected, a node in the hand: on the grid and the lines of its neighbours, unless Shift is held."""

    scrolls: ClassVar[bool] = True

    def __init__(self, viewer: JobViewer, item: TaskItem, place: QPoint, *, is_click_kept: bool = False) -> None:
        self._viewer = viewer
        self._held = item
        self._is_click_kept = is_click_kept
        self._start = place
        self._start_point = viewer.scene_point(place)
        self._is_dragging = False
        self._places: dict[TaskItem, QPointF] = {}
        self._others: dict[AnnotationItem, QPointF] = {}
        self._wires: list[Wire] = []
        self._guides = Guides(())

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Show the nodes where they would stand."""
        if not self._is_dragging:
            if (place - self._start).manhattanLength() < DRAG_DISTANCE:
                return
            self._begin()
        way = self._viewer.scene_point(place) - self._start_point
        wanted = self._places[self._held] + way
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._viewer.projection.scene.show_guides(())
            self._shift_to(QPointF(wanted.toPoint()))
        else:
            self._shift_to(self._caught(wanted))

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Say what moved; a press without a drag selects the one node alone."""
        self.move(place, modifiers)
        if not self._is_dragging:
            if not self._is_click_kept:
                self._viewer.choose({self._held.key})
                if self._held.is_count_at(self._viewer.scene_point(place)) and self._viewer.zoom >= FAR_ZOOM:
                    self._viewer.items_requested.emit(self._held.key)
            return
        self._viewer.end_drag()
        wire = self._viewer.wire_drop.let_go()
        if self._held.pos() == self._places[self._held]:
            return
        if wire is not None:
            self._viewer.inserted.emit(self._held, wire)
        elif self._others:
            self._viewer.carried.emit([*self._places, *self._others])
        else:
            self._viewer.moved_nodes.emit({item: (place.x(), place.y()) for item, place in self._places.items()})

    def cancel(self) -> None:
        """Put everything back."""
        if self._is_dragging:
            self._shift_to(self._places[self._held])
            self._viewer.end_drag()
            self._viewer.wire_drop.let_go()

    def _begin(self) -> None:
        self._is_dragging = True
        chosen = self._viewer.projection.annotations.chosen()
        tasks, others = with_contents(self._viewer.projection, chosen)
        self._places = {item: item.pos() for item in (self._held, *self._viewer.selected_task_items(), *tasks)}
        self._others = {item: item.pos() for item in others}
        self._wires = self._viewer.prepare_drag(self._places)
        seen = self._viewer.visible_rect
        still = (item for item in self._viewer.projection.items.values() if item not in self._places)
        self._guides = Guides(item.outline for item in still if seen.intersects(item.body))

    def _caught(self, wanted: QPointF) -> QPointF:
        body, ports = self._held.outline
        place, lines = self._guides.caught((QRectF(wanted, body.size()), ports), REACH / self._viewer.zoom)
        self._viewer.projection.scene.show_guides(lines)
        return place

    def _shift_to(self, wanted: QPointF) -> None:
        if wanted == self._held.pos():
            return
        way = wanted - self._places[self._held]
        self._viewer.shift(self._places, way)
        for item, place in self._others.items():
            item.move_to(place + way)
        for wire in self._wires:
            wire.redraw()
        if len(self._places) == 1 and not self._others:
            self._viewer.wire_drop.hold_task(self._held)


def with_contents(projection: Projection, annotations: Iterable[AnnotationItem]) -> tuple[list[TaskItem], list[AnnotationItem]]:
    """Return what moves where these notes and frames do: the tasks in the frames, and they themselves with what else the frames hold."""
    chosen = dict.fromkeys(annotations)
    frames = [item.body for item in chosen if not item.is_note]
    tasks = [item for item in projection.items.values() if any(frame.contains(item.body.center()) for frame in frames)] if frames else []
    held = (item for item in projection.annotations.items.values() if any(frame.contains(item.body) for frame in frames))
    return tasks, list(chosen | dict.fromkeys(held))


def position_of(item: TaskItem) -> Position:
    """Return where a node stands."""
    return (item.pos().x(), item.pos().y())
