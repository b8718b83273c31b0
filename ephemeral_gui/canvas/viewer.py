"""The view: what is under the hand, what it selects, and the gestures that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeySequence
from PySide6.QtWidgets import QGraphicsView, QToolTip
from typing_extensions import override

from ephemeral_gui.canvas.annotation_item import AnnotationItem
from ephemeral_gui.canvas.guard import guarded, guarded_answer
from ephemeral_gui.canvas.hand import Hand
from ephemeral_gui.canvas.hit import Hit, hit_at
from ephemeral_gui.canvas.hovering import Hovering
from ephemeral_gui.canvas.port import TaskPort
from ephemeral_gui.canvas.task_item import TaskItem
from ephemeral_gui.canvas.tips import tip_of
from ephemeral_gui.canvas.wire import Wire
from ephemeral_gui.canvas.wire_view import WireView

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from PySide6.QtGui import (
        QContextMenuEvent,
        QFocusEvent,
        QKeyEvent,
        QMouseEvent,
    )

    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.projection import Projection
    from ephemeral_gui.canvas.wire import WireKey

MANY_MOVED: Final = 100


class JobViewer(WireView):
    """The view on one job map's scene, and the hand on it. It tells what was done by NodeGraphQt's signals and a few of its own."""

    wire_dropped = Signal(TaskPort, QPointF)
    """A wire from a port was let go on bare canvas, at a point of the scene."""
    wire_refused = Signal(str)
    """A wire was let go on a task that it does not fit, and why."""
    add_requested = Signal(QPointF)
    """A task is wanted at a point of the scene."""
    insert_requested = Signal(Wire, QPointF)
    """A task is wanted in a wire, at a point of the scene."""
    menu_requested = Signal(Hit, QPoint)
    """A menu is wanted for a ``Hit``, at a place of the screen."""
    inserted = Signal(TaskItem, Wire)
    """A task was moved onto a wire that it fits into."""
    carried = Signal(list)
    """Notes, frames and the tasks in them stand elsewhere now."""
    resized = Signal(AnnotationItem)
    """A note or frame has another size now."""
    edit_requested = Signal(AnnotationItem)
    """A note or frame is to be edited."""
    link_clicked = Signal(str)
    """A link of a note was clicked."""
    items_requested = Signal(object)
    """The items that left a task are asked for; its ``TaskKey``."""
    chosen = Signal()
    """The selected tasks or wires are perhaps others than before."""

    def __init__(self, projection: Projection) -> None:
        self._chosen: dict[WireKey, Wire] = {}
        self._is_space_held = False
        self._hovering = Hovering(self)
        super().__init__(projection)
        self._hand = Hand(self)
        self.setObjectName("canvas_view")
        self.viewport().setAccessibleName("Canvas")

    # What gestures ask for

    @property
    def is_space_held(self) -> bool:
        """True while the hand would pan."""
        return self._is_space_held

    @property
    def is_busy(self) -> bool:
        """True while a gesture is under way."""
        return self._hand.is_busy

    def selected_task_items(self) -> list[TaskItem]:
        """Return the selected nodes, in the order of the job map."""
        selected = {item.key: item for item in self.projection.scene.selectedItems() if isinstance(item, TaskItem)}
        if len(selected) <= 1:  # most often; thousands that are not selected need not be asked
            return list(selected.values())
        return [item for key, item in self.projection.items.items() if key in selected]

    def chosen_wires(self) -> list[Wire]:
        """Return the selected wires."""
        return list(self._chosen.values())

    def choose(self, keys: Collection[TaskKey], wires: Iterable[Wire] = (), annotations: Collection[AnnotationKey] = ()) -> None:
        """Select these tasks, wires, notes and frames, and nothing else."""
        self.projection.annotations.choose(annotations)
        scene = self.projection.scene
        for key, item in self.projection.items.items():
            if item.isSelected() != (key in keys):
                item.choose(is_chosen=key in keys)
                scene.node_changes(item)
        scene.chosen = [item for key, item in self.projection.items.items() if key in keys] if keys else ()
        wanted = {wire.key: wire for wire in wires}
        for wire in [wire for key, wire in self._chosen.items() if key not in wanted]:
            wire.choose(is_chosen=False)
        for wire in wanted.values():
            wire.choose(is_chosen=True)
        if wanted.keys() != self._chosen.keys():
            self._chosen = wanted
            scene.update_counts(wanted.values())
        self.chosen.emit()

    def forget_missing_wires(self) -> None:
        """Unselect wires that the document no longer has."""
        self._chosen = {key: wire for key, wire in self._chosen.items() if self.projection.wires.get(key) is wire}

    def prepare_drag(self, items: Collection[TaskItem]) -> list[Wire]:
        """Get ready to move these nodes; return the wires that are to be drawn anew at every step.

        Of many nodes the wires between them are carried as one picture; and keeping the index would be most of the work.
        """
        scene, is_many = self.projection.scene, len(items) > MANY_MOVED
        wires = {wire: None for item in items for wire in item.wires}
        carried = {wire: None for wire in wires if is_many and wire.source in items and wire.target in items}
        live = [wire for wire in wires if wire not in carried]
        if is_many:
            scene.keep_index(is_wanted=False)
            scene.ground.carry(carried)
            scene.blocks.carry(items if scene.shows_blocks else ())
        scene.ground.hold(live)
        return live

    def shift(self, places: Mapping[TaskItem, QPointF], way: QPointF) -> None:
        """Show these nodes so far from their places."""
        if len(places) <= MANY_MOVED:
            for item, place in places.items():
                item.move_to(place + way)
        else:
            for item, place in places.items():
                item.setPos(place + way)
            self.projection.scene.carry_nodes(places, way)

    def end_drag(self) -> None:
        """Let everything that moved rest where it is now."""
        scene = self.projection.scene
        carried, redrawn = scene.ground.carried, scene.ground.in_hand
        scene.show_guides(())
        scene.ground.carry(())
        scene.blocks.carry(())
        scene.ground.hold(())
        if carried is not None:
            for wire in carried.wires:
                wire.shift(carried.way)
        for wire in redrawn:
            wire.redraw()
        scene.keep_index()

    def show_cursor(self) -> None:
        """Show the pointer that fits what a press would do now."""
        self._hovering.show_cursor()

    def cancel_gesture(self) -> bool:
        """End the gesture under way without a trace; return whether there was one."""
        return self._hand.cancel()

    # What Qt sends

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.touched.emit()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._hovering.press()
        self._hand.press(event)

    @override
    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        place = event.position().toPoint()
        if self._hand.is_busy:
            self._hand.move(place, event.modifiers())
        else:
            self._hovering.move(place)

    @override
    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._hand.release(event)
        if not self._hand.is_busy:
            self._hovering.move(event.position().toPoint())

    @override
    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self.cancel_gesture()
        point = self.scene_point(event.position())
        hit = hit_at(self.projection, point, self.zoom)
        if hit.item is not None:
            self.node_double_clicked.emit(hit.item.id)
        elif hit.annotation is not None:
            self.edit_requested.emit(hit.annotation)
        elif hit.wire is not None:
            self.insert_requested.emit(hit.wire, point)
        elif hit.is_empty:
            self.add_requested.emit(point)

    @override
    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()
        if self._hand.takes_menu():
            return
        hit = hit_at(self.projection, self.scene_point(event.pos()), self.zoom).whole
        self._choose_for_menu(hit)
        self.menu_requested.emit(hit, event.globalPos())

    def _choose_for_menu(self, hit: Hit) -> None:
        """Select what a menu is asked for; what is selected already stays so, with all that is selected beside it."""
        if hit.item is not None and not hit.item.isSelected():
            self.choose({hit.item.key})
        if hit.wire is not None and not hit.wire.is_chosen:
            self.choose((), [hit.wire])
        if hit.annotation is not None and not hit.annotation.is_chosen:
            self.choose((), annotations=[hit.annotation.key])

    @override
    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_held = True
            self.show_cursor()
        elif not (_gives_up(event) and self.cancel_gesture()):
            event.ignore()  # the canvas has the keys

    @override
    @guarded
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_held = False
            self.show_cursor()
        else:
            event.ignore()

    @override
    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_space_held = False
        if event.reason() is Qt.FocusReason.ActiveWindowFocusReason:
            self.cancel_gesture()  # another window has the mouse now: where it lets go is not told here
        self.show_cursor()
        QGraphicsView.focusOutEvent(self, event)  # NodeViewer empties a menu bar that is not ours

    @override
    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        QGraphicsView.focusInEvent(self, event)

    @override
    @guarded_answer(otherwise=False)
    def focusNextPrevChild(self, following: bool) -> bool:
        """Keep Tab, which adds a task; Shift+Tab leaves the canvas."""
        return False if following else super().focusNextPrevChild(following)

    @override
    @guarded_answer(otherwise=False)
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hit = hit_at(self.projection, self.scene_point(event.pos()), self.zoom)
            QToolTip.showText(event.globalPos(), tip_of(hit), self.viewport())
            return True
        if event.type() is QEvent.Type.Leave:
            self._hovering.leave()
        return super().viewportEvent(event)


def _gives_up(event: QKeyEvent) -> bool:
    """Return whether a key takes back what the hand is doing."""
    return event.key() == Qt.Key.Key_Escape or event.matches(QKeySequence.StandardKey.Undo)
