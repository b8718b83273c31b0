"""Keeps the scene equal to a job map: one node per task, one wire per edge, by the tasks' identity. It changes no job map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from ephemeral_gui.canvas.annotation_layer import AnnotationLayer
from ephemeral_gui.canvas.difference_layer import DifferenceLayer
from ephemeral_gui.canvas.face import face_of
from ephemeral_gui.canvas.flows import Flows
from ephemeral_gui.canvas.geometry import GRID
from ephemeral_gui.canvas.layout import places
from ephemeral_gui.canvas.scene import JobScene
from ephemeral_gui.canvas.style import MANY_WIRES
from ephemeral_gui.canvas.task_item import TaskItem
from ephemeral_gui.canvas.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, Position, Task, TaskKey
    from engine.problems import Problem
    from ephemeral_gui.canvas.comparing import Comparison
    from ephemeral_gui.canvas.face import Face
    from ephemeral_gui.canvas.shown_run import ShownRun
    from ephemeral_gui.canvas.style import CanvasStyle
    from ephemeral_gui.canvas.wire import WireKey


class Projection:
    """The picture of a job map.

    Attributes:
        items: the nodes by task identity.
        wires: the wires by the identities of both ends.
        annotations: the notes and frames.
        difference: what is drawn where it is compared with another job map.
        flows: what goes through the wires.
        places: where the nodes stand in the job map; the same object as long as that stays so.
    """

    def __init__(self, catalog: Catalog, style: CanvasStyle) -> None:
        self.catalog = catalog
        self.style = style
        self.scene = JobScene(style)
        self.job_map: JobMap | None = None
        self.items: dict[TaskKey, TaskItem] = {}
        self.wires: dict[WireKey, Wire] = {}
        self.annotations = AnnotationLayer(self.scene, style)
        self.scene.ground.wires, self.scene.ground.annotations = self.wires, self.annotations.items
        self.flows = Flows(self.scene, style)
        self.difference = self.scene.ground.difference = DifferenceLayer(style, self.items, self.wires)
        self.places: Mapping[TaskKey, Position] = {}
        self._stale: frozenset[TaskKey] = frozenset()
        self.run: ShownRun | None = None
        self.problems: Mapping[str, Sequence[Problem]] = {}

    def show(self, job_map: JobMap) -> None:
        """Make the scene the picture of this job map, by changing what differs from the one shown before."""
        before, self.job_map = self.job_map, job_map
        is_new = before is None
        if is_new:  # an index that is rebuilt for each of thousands of new items costs more than it gives
            self.scene.keep_index(is_wanted=False)
        stale_before, self._stale = self._stale, frozenset() if self.run is None else self.run.stale(job_map)
        self._show_tasks(job_map, before)
        self._show_faces(key for key in stale_before ^ self._stale if key in self.items)
        self._show_places(job_map)
        self._show_wires(job_map)
        self.flows.show(self.wires.values(), self.run)
        self.annotations.show(job_map)
        if is_new:
            self.scene.keep_index()

    def show_run(self, run: ShownRun | None) -> None:
        """Show how far a run is, or that there is none; only what changed is painted."""
        before, self.run = self.run, run
        stale_before = self._stale
        if self.job_map is not None and (before is None or run is None or before.job_map is not run.job_map):
            self._stale = frozenset() if run is None else run.stale(self.job_map)
        changed = [*self._changed_by(before, run), *(stale_before ^ self._stale)]
        self._show_faces(changed)
        is_same = before is not None and run is not None and before.snapshot.status is run.snapshot.status
        self.flows.show(self._wires_at(changed) if is_same else self.wires.values(), run)

    def _wires_at(self, keys: Iterable[TaskKey]) -> Iterable[Wire]:
        return {wire: None for key in keys if key in self.items for wire in self.items[key].wires}

    def _changed_by(self, before: ShownRun | None, run: ShownRun | None) -> list[TaskKey]:
        """Return the tasks whose counts are others than in the snapshot shown before."""
        if before is None or run is None or before.job_map is not run.job_map:
            return list(self.items)
        old, new = before.snapshot.tasks, run.snapshot.tasks
        names = run.job_map.by_key
        found = ((key, old.get(name := names[key].name), new.get(name)) for key in self.items if key in names)
        return [key for key, one, other in found if one is not other and one != other]

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show what is otherwise than in another job map, or no longer."""
        if comparison is not None or self.difference.comparison is not None:
            self.difference.show(comparison)
            self.scene.forget_pictures()

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Put badges on the tasks that problems speak of."""
        by_task: dict[str, list[Problem]] = {}
        for problem in problems:
            if problem.task is not None:
                by_task.setdefault(problem.task, []).append(problem)
        before, self.problems = self.problems, by_task
        spoken = {name for name in before.keys() | by_task.keys() if before.get(name) != by_task.get(name)}
        self._show_faces([key for key, item in self.items.items() if item.name in spoken] if spoken else ())

    def item_named(self, name: str) -> TaskItem | None:
        """Return the node of the (first) task of that name."""
        task = None if self.job_map is None else self.job_map.by_name.get(name)
        return None if task is None else self.items.get(task.key)

    def bodies(self) -> Iterator[QRectF]:
        """Yield the box of everything that is shown but wires, of a comparison too."""
        yield from (item.body for item in self.items.values())
        yield from (item.body for item in self.annotations.items.values())
        if self.difference.comparison is not None:
            yield from (ghost.body for ghost in self.difference.comparison.ghosts.values())

    def repaint(self) -> None:
        """Paint everything anew, after a change of theme."""
        self.repen()
        self.scene.repaint()

    def repen(self) -> None:
        """Give every wire the pen for what it shows now."""
        self.scene.ground.forget()
        for wire in self.wires.values():
            wire.repen()

    def _show_tasks(self, job_map: JobMap, before: JobMap | None) -> None:
        for key in [key for key in self.items if key not in job_map.by_key]:
            self._remove_item(key)
        had = {} if before is None else before.by_key
        for key, task in job_map.by_key.items():
            if key not in self.items:
                self._add_item(task)
            elif had.get(key) is not task or self._neighbours_changed(task, job_map, before):
                self.items[key].show_face(task, self._face(task))

    def _neighbours_changed(self, task: Task, job_map: JobMap, before: JobMap | None) -> bool:
        """Whether what enters or leaves the task changed: inputs and outputs show their neighbours' types, and runs go stale by it."""
        if before is None:
            return True
        if task.is_function:
            return self.run is not None and before.parents.get(task.name) != job_map.parents.get(task.name)
        return True

    def _add_item(self, task: Task) -> None:
        item = TaskItem(task, self._face(task), self.style)
        self.items[task.key] = item
        self.scene.add_node(item)

    def _remove_item(self, key: TaskKey) -> None:
        item = self.items.pop(key)
        for wire in list(item.wires):
            self._remove_wire(wire.key)
        item.drop_ports()
        self.scene.remove_node(item)

    def _face(self, task: Task) -> Face:
        job_map = self.job_map
        if job_map is None:
            msg = "no job map is shown"
            raise RuntimeError(msg)
        definition = self.catalog.definition(task.namespace, task.method) if task.is_function else None
        progress = None if self.run is None else self.run.of(task)
        problems = self.problems.get(task.name, ())
        return face_of(task, job_map, definition, progress=progress, is_edited=task.key in self._stale, problems=problems)

    def _show_faces(self, keys: Iterable[TaskKey]) -> None:
        if self.job_map is None:
            return
        for key in keys:
            task = self.job_map.by_key.get(key)
            if task is None:
                continue
            self.items[key].show_face(task, self._face(task))

    def _show_places(self, job_map: JobMap) -> None:
        places = positions_by_key(job_map)
        if places != self.places:
            self.places = places
        moved = [item for key, place in places.items() if _moved(item := self.items[key], place)]
        for wire in {wire.key: wire for item in moved for wire in item.wires}.values():
            wire.redraw()

    def _show_wires(self, job_map: JobMap) -> None:
        wanted = _wanted_wires(job_map)
        self.style.wires_are_thin = len(wanted) > MANY_WIRES
        for key in [key for key in self.wires if key not in wanted]:
            self._remove_wire(key)
        for key in wanted:
            if key not in self.wires:
                self._add_wire(key)

    def _add_wire(self, key: WireKey) -> None:
        source, target = self.items[key[0]], self.items[key[1]]
        wire = self.wires[key] = Wire(source, target, self.style)
        source.wires.append(wire)
        target.wires.append(wire)
        self.scene.addItem(wire)
        wire.ground = self.scene.ground
        self.scene.ground.wire_changes(wire)

    def _remove_wire(self, key: WireKey) -> None:
        wire = self.wires.pop(key)
        self.flows.forget(wire)
        self.scene.ground.wire_changes(wire)
        wire.ground = None
        for item in (wire.source, wire.target):
            if wire in item.wires:
                item.wires.remove(wire)
        self.scene.removeItem(wire)


def positions_by_key(job_map: JobMap) -> dict[TaskKey, Position]:
    """Return where each task stands; of several tasks of one name the later ones stand a step beside the first."""
    by_name = places(job_map)
    seen: dict[str, int] = {}
    found = {}
    for task in job_map.tasks:
        step = seen[task.name] = seen.get(task.name, -1) + 1
        left, top = by_name[task.name]
        found[task.key] = (left + step * 2 * GRID, top + step * 2 * GRID)
    return found


def _moved(item: TaskItem, place: Position) -> bool:
    here = item.pos()
    if (here.x(), here.y()) == place:  # exactly: Qt's own comparison lets small differences pass
        return False
    item.move_to(QPointF(*place))
    return True


def _wanted_wires(job_map: JobMap) -> dict[WireKey, None]:
    by_name = job_map.by_name
    return {(by_name[one].key, by_name[other].key): None for one, other in job_map.workflow if one in by_name and other in by_name}
