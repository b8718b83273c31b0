"""What a task or method is held over: a wire that it would go into, shown dashed, or a task that it would follow, its output ringed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from engine.model import editing
from engine.model.job_map import TaskType
from ephemeral_gui.canvas import wiring
from ephemeral_gui.canvas.geometry import NODE_BODY
from ephemeral_gui.canvas.hit import task_at
from ephemeral_gui.canvas.new_tasks import new_task
from ephemeral_gui.canvas.port import PortMark
from ephemeral_gui.canvas.splicing import inserted
from ephemeral_gui.canvas.wire import Wire

if TYPE_CHECKING:
    from engine.model.definition import MethodName
    from engine.model.job_map import JobMap, TaskKey
    from ephemeral_gui.canvas.projection import Projection
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.wire import WireKey

_REACH = 28.0  # how far the middle of a task may be from the wire it is dropped on


class WireDrop:
    """Finds and marks what is under the thing that is held; there is one for each view.

    Attributes:
        wire: the wire that it would go into.
        task: the task that it would follow; never both.
    """

    def __init__(self, projection: Projection) -> None:
        self._projection = projection
        self._fits: dict[tuple[object, WireKey | TaskKey], bool] = {}
        self.wire: Wire | None = None
        self.task: TaskItem | None = None

    def hold_task(self, item: TaskItem) -> None:
        """A task is held where its node stands now; one that has wires already is never put into another."""
        is_free = item.task.type is TaskType.FUNCTION and not item.wires
        self._mark(self._found(item.body, item.key) if is_free else None)

    def hold_method(self, method: MethodName, point: QPointF) -> None:
        """A method from elsewhere is held with its middle at a point of the scene; a task there comes before the wires behind it."""
        under = task_at(self._projection.scene, point)
        task = under if under is not None and under.body.contains(point) else None
        self._mark_task(task if task is not None and self._may_follow(method, task) else None)
        self._mark(self._found(NODE_BODY.translated(point - NODE_BODY.center()), method) if task is None else None)

    def let_go(self) -> Wire | None:
        """Unmark the wire or task, and return the wire."""
        wire = self.wire
        self._mark(None)
        self._mark_task(None)
        self._fits.clear()
        return wire

    def _may_follow(self, method: MethodName, task: TaskItem) -> bool:
        if (method, task.key) not in self._fits:
            self._fits[method, task.key] = self._follows(method, task.key)
        return self._fits[method, task.key]

    def _follows(self, method: MethodName, anchor: TaskKey) -> bool:
        job_map, catalog = self._projection.job_map, self._projection.catalog
        task = None if job_map is None else new_task(job_map, method, catalog)
        if job_map is None or task is None:
            return False
        return wiring.refusal(editing.add_tasks(job_map, [task]), anchor, task.key, catalog) is None

    def _found(self, body: QRectF, held: TaskKey | MethodName) -> Wire | None:
        middle = body.center()
        near = self._projection.scene.items(body, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        wires = [(each.distance_to(middle), order, each) for order, each in enumerate(near) if isinstance(each, Wire) and each.isVisible()]
        reached = sorted(each for each in wires if each[0] <= _REACH)
        return next((wire for _, _, wire in reached if self._fits_into(held, wire)), None)

    def _fits_into(self, held: TaskKey | MethodName, wire: Wire) -> bool:
        if (held, wire.key) not in self._fits:
            self._fits[held, wire.key] = self._asked(held, wire)
        return self._fits[held, wire.key]

    def _asked(self, held: TaskKey | MethodName, wire: Wire) -> bool:
        job_map, catalog = self._projection.job_map, self._projection.catalog
        if job_map is None:
            return False
        if isinstance(held, tuple):
            task = new_task(job_map, held, catalog)
            if task is None:
                return False
            job_map, held = editing.add_tasks(job_map, [task]), task.key
        return inserted(job_map, held, edge_of(job_map, wire.key), catalog) is not None

    def _mark(self, wire: Wire | None) -> None:
        if wire is self.wire:
            return
        if self.wire is not None:
            self.wire.show_preview(is_shown=False)
        if wire is not None:
            wire.show_preview(is_shown=True)
        self.wire = wire

    def _mark_task(self, task: TaskItem | None) -> None:
        if task is self.task:
            return
        for item, mark in ((self.task, PortMark.NONE), (task, PortMark.ACCEPTED)):
            if item is not None:
                item.output_port().show_mark(mark)
        self.task = task


def edge_of(job_map: JobMap, wire: WireKey) -> tuple[str, str]:
    """Return the names of the tasks at the ends of a wire."""
    return (job_map.by_key[wire[0]].name, job_map.by_key[wire[1]].name)
