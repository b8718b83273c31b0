"""What a hand does with the mouse held down: one object for one gesture. Nothing of the document changes before its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt

from engine.model import editing
from ephemeral_gui.canvas import wiring
from ephemeral_gui.canvas.geometry import DRAG_DISTANCE
from ephemeral_gui.canvas.hit import wire_end_at
from ephemeral_gui.canvas.port import OutputPort, PortMark

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.model.job_map import JobMap, TaskKey
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.port import TaskPort
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.canvas.wire import Wire


class Gesture(Protocol):
    """From the press of a button to its release, or to Escape.

    Attributes:
        scrolls: the view goes on where the hand comes to its edge.
    """

    scrolls: ClassVar[bool]

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The hand is here now."""

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """The hand let go."""

    def cancel(self) -> None:
        """Leave no trace."""


class Pan:
    """Moves what is seen."""

    scrolls: ClassVar[bool] = False

    def __init__(self, viewer: JobViewer, place: QPoint) -> None:
        self._viewer = viewer
        self._last = place
        viewer.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, place: QPoint, _modifiers: Qt.KeyboardModifier) -> None:
        """Follow the hand."""
        self._viewer.pan_by(QPointF(place - self._last))
        self._last = place

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Stay there."""
        self.move(place, modifiers)
        self.cancel()

    def cancel(self) -> None:
        """Stay there, too: looking elsewhere changes nothing."""
        self._viewer.show_cursor()


class Band:
    """Selects every node that the band touches, and notes and frames that it holds; with Ctrl or Shift beside what was selected before."""

    scrolls: ClassVar[bool] = True

    def __init__(self, viewer: JobViewer, place: QPoint, *, adds: bool) -> None:
        self._viewer = viewer
        self._start = viewer.scene_point(place)
        self._before = frozenset(item.key for item in viewer.selected_task_items()) if adds else frozenset()
        self._wires_before = viewer.chosen_wires() if adds else []
        self._notes_before = frozenset(item.key for item in viewer.projection.annotations.chosen()) if adds else frozenset()
        self._choose()

    def move(self, place: QPoint, _modifiers: Qt.KeyboardModifier) -> None:
        """Select what it touches now."""
        band = QRect(self._viewer.view_point(self._start), place).normalized()
        self._viewer.show_band(band)
        area = QRectF(self._viewer.scene_point(band.topLeft()), self._viewer.scene_point(band.bottomRight()))
        touched = {item.key for item in self._viewer.projection.items.values() if item.body.intersects(area)}
        self._choose(touched, {key for key, item in self._viewer.projection.annotations.items.items() if area.contains(item.body)})

    def finish(self, _place: QPoint, _modifiers: Qt.KeyboardModifier) -> None:
        """Keep the selection."""
        self._viewer.show_band(None)
        self._viewer.chosen.emit()  # it was told only now and then

    def cancel(self) -> None:
        """Go back to the selection from before."""
        self._viewer.show_band(None)
        self._choose()

    def _choose(self, touched: Collection[TaskKey] = (), held: Collection[AnnotationKey] = ()) -> None:
        self._viewer.choose(self._before.union(touched), self._wires_before, self._notes_before.union(held))


class Wiring:
    """Draws a new wire from a port, or takes an end of a wire elsewhere."""

    scrolls: ClassVar[bool] = True

    def __init__(self, viewer: JobViewer, port: TaskPort, place: QPoint, lifted: Wire | None = None) -> None:
        self._viewer = viewer
        self._port = port
        self._start = place
        self._lifted = lifted
        self._is_dragging = False
        self._map: JobMap | None = None
        self._target: TaskItem | None = None
        self._reasons: dict[TaskKey, str | None] = {}

    def move(self, place: QPoint, _modifiers: Qt.KeyboardModifier) -> None:
        """Show the wire to where the hand is, and whether it may end there."""
        if not self._is_dragging:
            if (place - self._start).manhattanLength() < DRAG_DISTANCE:
                return
            self._begin()
        point = self._viewer.scene_point(place)
        self._mark(PortMark.NONE)
        self._target = self._target_at(point)
        reason = None if self._target is None else self._reason(self._target)
        if self._target is not None and reason is None:
            self._mark(PortMark.ACCEPTED)
            point = self._port_of(self._target).scenePos()
        self._viewer.show_live_wire(self._port, point, is_refused=reason is not None)
        self._viewer.show_reason(reason, place)

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Say which wire goes and which comes; on bare canvas ask for a task to connect to."""
        self.move(place, modifiers)
        target, reason = self._target, None if self._target is None else self._reason(self._target)
        was_dragging = self._is_dragging
        self.cancel()
        if not was_dragging:
            return
        if target is not None:
            self._end_on(target, reason)
        elif self._lifted is not None:
            self._viewer.connection_changed.emit([self._ends(self._lifted)], [])
        else:
            self._viewer.wire_dropped.emit(self._port, self._viewer.scene_point(place))

    def cancel(self) -> None:
        """Take the wire away and put the lifted one back."""
        self._mark(PortMark.NONE)
        self._viewer.end_live_connection()
        if self._lifted is not None:
            self._lifted.lift(is_lifted=False)

    def _begin(self) -> None:
        self._is_dragging = True
        job_map = self._viewer.projection.job_map
        if job_map is not None and self._lifted is not None:
            self._lifted.lift(is_lifted=True)
            job_map = editing.disconnect(job_map, [(self._lifted.source.name, self._lifted.target.name)])
        self._map = job_map
        self._viewer.start_live_connection(self._port)
        is_out = isinstance(self._port, OutputPort)
        self._viewer.show_fitting(self._fitting(), self._port.item.key, fits_inputs=is_out)

    def _fitting(self) -> frozenset[TaskKey]:
        if self._map is None:
            return frozenset()
        rule = wiring.fitting_targets if isinstance(self._port, OutputPort) else wiring.fitting_sources
        return rule(self._map, self._port.item.key, self._viewer.projection.catalog)

    def _target_at(self, point: QPointF) -> TaskItem | None:
        found = wire_end_at(self._viewer.projection.scene, point, is_input=isinstance(self._port, OutputPort))
        if found is self._port.item and not found.body.contains(point):
            return None
        return found

    def _reason(self, target: TaskItem) -> str | None:
        if target.key not in self._reasons:
            ends = (self._port.item.key, target.key) if isinstance(self._port, OutputPort) else (target.key, self._port.item.key)
            catalog = self._viewer.projection.catalog
            self._reasons[target.key] = "there is no job map" if self._map is None else wiring.refusal(self._map, *ends, catalog)
        return self._reasons[target.key]

    def _end_on(self, target: TaskItem, reason: str | None) -> None:
        if reason is not None:
            self._viewer.wire_refused.emit(reason)
            return
        old = [] if self._lifted is None else [self._ends(self._lifted)]
        other = self._port_of(target)
        pair = (self._port, other) if isinstance(self._port, OutputPort) else (other, self._port)
        self._viewer.connection_changed.emit(old, [pair])

    def _port_of(self, item: TaskItem) -> TaskPort:
        return item.input_port() if isinstance(self._port, OutputPort) else item.output_port()

    def _mark(self, mark: PortMark) -> None:
        if self._target is not None and self._reason(self._target) is None:
            self._port_of(self._target).show_mark(mark)

    @staticmethod
    def _ends(wire: Wire) -> tuple[TaskPort, TaskPort]:
        return wire.output_port, wire.input_port


class WirePress:
    """A press on a wire: it is selected, and a drag takes its nearer end."""

    scrolls: ClassVar[bool] = True

    def __init__(self, viewer: JobViewer, wire: Wire, place: QPoint) -> None:
        self._viewer = viewer
        self._wire = wire
        self._start = place
        self._wiring: Wiring | None = None

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Take the end once the hand has really moved."""
        if self._wiring is None and (place - self._start).manhattanLength() >= 2 * DRAG_DISTANCE:
            self._wiring = Wiring(self._viewer, self._far_port(), self._start, self._wire)
        if self._wiring is not None:
            self._wiring.move(place, modifiers)

    def finish(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Leave it selected, or end the drag."""
        if self._wiring is not None:
            self._wiring.finish(place, modifiers)

    def cancel(self) -> None:
        """Put the end back."""
        if self._wiring is not None:
            self._wiring.cancel()

    def _far_port(self) -> TaskPort:
        point = self._viewer.scene_point(self._start)
        to_start, to_end = point - self._wire.start, point - self._wire.end
        is_near_end = to_end.manhattanLength() <= to_start.manhattanLength()
        return self._wire.output_port if is_near_end else self._wire.input_port


class CountPress:
    """A press on the count of a wire: letting go there asks for the items that went through it."""

    scrolls: ClassVar[bool] = False

    def __init__(self, viewer: JobViewer, wire: Wire, place: QPoint) -> None:
        self._viewer = viewer
        self._wire = wire
        self._start = place

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Wait for the end."""

    def finish(self, place: QPoint, _modifiers: Qt.KeyboardModifier) -> None:
        """Ask, unless the hand went elsewhere meanwhile."""
        if (place - self._start).manhattanLength() < DRAG_DISTANCE:
            self._viewer.choose({self._wire.source.key})
            self._viewer.items_requested.emit(self._wire.source.key)

    def cancel(self) -> None:
        """Ask for nothing."""
