"""What is under the hand: a port before the count of a wire, that before a node, a node before a wire."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from ephemeral_gui.canvas.geometry import GRAB_RADIUS
from ephemeral_gui.canvas.style import FAR_ZOOM
from ephemeral_gui.canvas.task_item import TaskItem
from ephemeral_gui.canvas.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ephemeral_gui.canvas.annotation_item import AnnotationItem
    from ephemeral_gui.canvas.port import TaskPort
    from ephemeral_gui.canvas.projection import Projection
    from ephemeral_gui.canvas.scene import JobScene

_WIRE_REACH = 7.0  # pixels of the screen


@dataclass(frozen=True, slots=True)
class Hit:
    """What a point of the scene is on: at most one of them."""

    port: TaskPort | None = None
    count: Wire | None = None
    item: TaskItem | None = None
    wire: Wire | None = None
    annotation: AnnotationItem | None = None

    @property
    def whole(self) -> Hit:
        """The task of a port, the wire of a count: what can be selected."""
        if self.port is not None:
            return Hit(item=self.port.item)
        return self if self.count is None else Hit(wire=self.count)

    @property
    def is_empty(self) -> bool:
        """True on bare canvas."""
        return self.port is None and self.count is None and self.item is None and self.wire is None and self.annotation is None


def hit_at(projection: Projection, point: QPointF, zoom: float, *, with_all: bool = True) -> Hit:
    """Return what is at a point of the scene; with ports and nodes alone it is cheap enough for every move of the mouse."""
    hit, near = _port_or_item(projection.scene, point, zoom)
    if not hit.is_empty or not with_all:
        return hit
    if (note := projection.annotations.at(point, are_notes=True)) is not None:
        return Hit(annotation=note)
    if (wire := _wire_among(near, point, zoom)) is not None:
        return Hit(wire=wire)
    return Hit(annotation=projection.annotations.at(point, are_notes=False))


def _port_or_item(scene: JobScene, point: QPointF, zoom: float) -> tuple[Hit, list[object]]:
    near = list(_near(scene, point, max(_WIRE_REACH / zoom, 1.0)))
    items = [each for each in near if isinstance(each, TaskItem)]
    if zoom >= FAR_ZOOM and (port := port_among(items, point)) is not None:
        return Hit(port=port), near
    if (counted := scene.counted_at(point)) is not None:
        return Hit(count=counted), near
    return Hit(item=next((item for item in items if item.body.contains(point)), None)), near


def _wire_among(near: list[object], point: QPointF, zoom: float) -> Wire | None:
    wires = ((each.distance_to(point), order, each) for order, each in enumerate(near) if isinstance(each, Wire) and each.isVisible())
    distance, _, wire = min(wires, default=(math.inf, 0, None))
    return wire if distance <= _WIRE_REACH / zoom else None


def task_at(scene: JobScene, point: QPointF) -> TaskItem | None:
    """Return the node under a point, its ports and margin included."""
    for each in _near(scene, point, 1.0):
        if isinstance(each, TaskItem):
            return each
    return None


def wire_end_at(scene: JobScene, point: QPointF, *, is_input: bool) -> TaskItem | None:
    """Return the node that a wire let go at a point ends on: ports come before nodes, as for a press, and bodies before margins."""
    items = [each for each in _near(scene, point, 1.0) if isinstance(each, TaskItem)]
    places = [(each.input_point() if is_input else each.output_point(), each) for each in items]
    ports = [
        (math.hypot(place.x() - point.x(), place.y() - point.y()), order) for order, (place, _) in enumerate(places) if place is not None
    ]
    distance, order = min(ports, default=(math.inf, 0))
    if distance <= GRAB_RADIUS:
        return items[order]
    return next((each for each in items if each.body.contains(point)), next(iter(items), None))


def port_among(items: list[TaskItem], point: QPointF) -> TaskPort | None:
    """Return the port of these nodes that is nearest to the point and within a hand's reach of it."""
    best, found = GRAB_RADIUS, None
    for item in items:
        for place, port in ((item.input_point(), item.input_port), (item.output_point(), item.output_port)):
            distance = math.inf if place is None else math.hypot(place.x() - point.x(), place.y() - point.y())
            if distance <= best:
                best, found = distance, port
    return None if found is None else found()


def _near(scene: JobScene, point: QPointF, reach: float) -> Iterator[object]:
    area = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
    yield from scene.items(area, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
