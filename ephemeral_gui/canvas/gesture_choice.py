"""Which gesture a press of a mouse button begins: by the button, the keys held, and what is under the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from ephemeral_gui.canvas.annotation_gestures import Carry, Resize
from ephemeral_gui.canvas.cutting import Cut
from ephemeral_gui.canvas.gestures import Band, CountPress, Pan, WirePress, Wiring
from ephemeral_gui.canvas.hit import hit_at
from ephemeral_gui.canvas.moving import Move

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.annotation_item import AnnotationItem
    from ephemeral_gui.canvas.gestures import Gesture
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.canvas.wire import Wire

_ADDING_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def gesture_for(viewer: JobViewer, event: QMouseEvent) -> Gesture | None:
    """Return the gesture that this press begins; what it is on is selected at once."""
    place, button = event.position().toPoint(), event.button()
    is_left = button is Qt.MouseButton.LeftButton
    if button is Qt.MouseButton.MiddleButton or (is_left and viewer.is_space_held):
        return Pan(viewer, place)
    return _left_gesture(viewer, place, event.modifiers()) if is_left else None


def _left_gesture(viewer: JobViewer, place: QPoint, modifiers: Qt.KeyboardModifier) -> Gesture | None:
    adds = bool(modifiers & _ADDING_KEYS)
    hit = hit_at(viewer.projection, viewer.scene_point(place), viewer.zoom)
    if hit.port is not None:
        return Wiring(viewer, hit.port, place)
    if hit.count is not None:
        return CountPress(viewer, hit.count, place)
    if hit.item is not None:
        return _on_task(viewer, hit.item, place, adds=adds)
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return Cut(viewer, place)
    if hit.annotation is not None:
        return _on_annotation(viewer, hit.annotation, place, adds=adds)
    return Band(viewer, place, adds=adds) if hit.wire is None else _on_wire(viewer, hit.wire, place, adds=adds)


def _on_annotation(viewer: JobViewer, item: AnnotationItem, place: QPoint, *, adds: bool) -> Gesture | None:
    if adds:
        tasks = {each.key for each in viewer.selected_task_items()}
        viewer.choose(tasks, viewer.chosen_wires(), _annotations(viewer) ^ {item.key})
        return Carry(viewer, item, place, is_click_kept=True) if item.is_chosen else None
    if item.is_corner_at(viewer.scene_point(place)):
        viewer.choose((), annotations=[item.key])
        return Resize(viewer, item, place)
    if not item.is_chosen:
        viewer.choose((), annotations=[item.key])
    return Carry(viewer, item, place)


def _on_task(viewer: JobViewer, item: TaskItem, place: QPoint, *, adds: bool) -> Gesture | None:
    if adds:
        keys = {each.key for each in viewer.selected_task_items()} ^ {item.key}
        viewer.choose(keys, viewer.chosen_wires(), _annotations(viewer))
        return Move(viewer, item, place, is_click_kept=True) if item.isSelected() else None
    if not item.isSelected():
        viewer.choose({item.key})
    return Move(viewer, item, place)


def _on_wire(viewer: JobViewer, wire: Wire, place: QPoint, *, adds: bool) -> Gesture | None:
    if not adds:
        viewer.choose((), [wire])
        return WirePress(viewer, wire, place)
    others = [each for each in viewer.chosen_wires() if each is not wire]
    tasks = {item.key for item in viewer.selected_task_items()}
    viewer.choose(tasks, others if wire.is_chosen else [*others, wire], _annotations(viewer))
    return None


def _annotations(viewer: JobViewer) -> set[AnnotationKey]:
    return {item.key for item in viewer.projection.annotations.chosen()}
