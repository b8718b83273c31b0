"""Every change that the canvas makes: each method is one gesture, one function of the job map, one undo step, or a refusal in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.model import editing
from engine.model.job_map import Disabled, TaskType
from ephemeral_gui.canvas import annotation_edits, wiring
from ephemeral_gui.canvas.clipboard import PasteError, copied_text, pasted
from ephemeral_gui.canvas.following import with_followers
from ephemeral_gui.canvas.geometry import GRID, body_of, input_place, output_place, snapped
from ephemeral_gui.canvas.going_on import behind
from ephemeral_gui.canvas.layout import arrange, places
from ephemeral_gui.canvas.new_tasks import end_task, has_input, new_task
from ephemeral_gui.canvas.splicing import healed, inserted
from ephemeral_gui.canvas.step_words import on_tasks, on_wires

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

    from engine.catalog import Catalog
    from engine.model.definition import MethodName
    from engine.model.job_map import JobMap, Position, Task, TaskKey
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.wire import WireKey
    from ephemeral_gui.document.document import Document

_STEP = 3 * GRID
_SWITCH_WORDS = {None: "Switch on", Disabled.OFF: "Switch off", Disabled.BYPASS: "Bypass"}
_ONE_INPUT = "A job map has exactly one input: there is one already"


class Editor(QObject):
    """The hand of the canvas on a document. Methods return the identities of the tasks that a user would go on with."""

    refused = Signal(str)
    """Nothing was changed, and why."""

    def __init__(self, document: Document, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._catalog = catalog

    @property
    def job_map(self) -> JobMap:
        """The document's job map, as it is now."""
        return self._document.job_map

    def connect_tasks(self, source: TaskKey, target: TaskKey) -> bool:
        """Draw a wire; return whether it was."""
        return self.rewire(None, source, target)

    def rewire(self, old: WireKey | None, source: TaskKey, target: TaskKey) -> bool:
        """Draw a wire in place of another one, in one step; return whether it was."""
        if old == (source, target):
            return False
        without = self.pinned() if old is None else editing.disconnect(self.pinned(), [self._edge(old)])
        reason = wiring.refusal(without, source, target, self._catalog)
        if reason is not None:
            self.refused.emit(_sentence(reason))
            return False
        words = on_wires("Reconnect" if old else "Connect", [self._edge((source, target))])
        self.change(words, wiring.connected(without, source, target, self._catalog))
        return True

    def disconnect_wires(self, wires: Collection[WireKey], verb: str = "Delete") -> None:
        """Remove wires."""
        self.delete((), wires, verb)

    def insert(self, key: TaskKey, wire: WireKey, at: Position) -> bool:
        """Move a task to a place and put it into a wire, in one step; return whether it was."""
        task = self.job_map.by_key[key]
        moved = editing.move_tasks(self.pinned(), {task.name: at})
        grown = inserted(moved, key, self._edge(wire), self._catalog)
        if grown is not None:
            self.change(on_tasks("Insert", [task.name]), grown)
        return grown is not None

    def add_into(self, method: MethodName, wire: WireKey, at: Position) -> list[TaskKey]:
        """Add a task for a method and put it into a wire, in one step."""
        task = new_task(self.job_map, method, self._catalog)
        if task is None:
            return self.add_methods([method], at)
        added = editing.add_tasks(self.pinned(), [task], {task.name: snapped(at)})
        grown = inserted(added, task.key, self._edge(wire), self._catalog)
        if grown is None:
            return self.add_methods([method], at)
        self.change(on_tasks("Insert", [task.name]), grown)
        return [task.key]

    def delete_and_heal(self, keys: Collection[TaskKey]) -> None:
        """Remove tasks and wire those before them to those behind them, where that fits."""
        if keys:
            result = healed(self.pinned(), keys, self._catalog)
            self.change(on_tasks("Delete and heal", self._names(keys)), result.job_map)
            if result.open_wires:
                self.refused.emit(f"Not healed: {'; '.join(result.open_wires)}")

    def move(self, places_by_key: Mapping[TaskKey, Position], text: str = "") -> None:
        """Put tasks elsewhere."""
        names = {}
        for key, place in places_by_key.items():
            task = self.job_map.by_key.get(key)
            if task is None:
                continue
            if self.job_map.by_name[task.name].key != key:
                self.refused.emit(f"Two tasks are named “{task.name}”: rename one first")
                continue
            names[task.name] = place
        if names:
            self.change(text or on_tasks("Move", names), editing.move_tasks(self.pinned(), names))

    def carry(self, tasks: Mapping[TaskKey, Position], others: Mapping[AnnotationKey, Position], text: str) -> None:
        """Put notes and frames elsewhere, and the tasks that move with them."""
        names = {self.job_map.by_key[key].name: place for key, place in tasks.items() if key in self.job_map.by_key}
        job_map = editing.move_tasks(self.pinned(), names) if names else self.job_map
        self.change(text, annotation_edits.moved(job_map, others))

    def delete(
        self,
        keys: Collection[TaskKey],
        wires: Collection[WireKey] = (),
        verb: str = "Delete",
        others: Collection[AnnotationKey] = (),
    ) -> None:
        """Remove tasks, with every wire of theirs, and other wires, notes and frames."""
        if not keys and not wires:
            if others:
                self.change(f"{verb} {next(iter(others)).kind}", annotation_edits.without(self.job_map, others))
            return
        kept = [wire for wire in wires if wire[0] in self.job_map.by_key and wire[1] in self.job_map.by_key]
        edges = {self._edge(wire) for wire in kept}
        text = on_tasks(verb, self._names(keys)) if keys else on_wires(verb, edges)
        job_map = editing.remove_tasks(editing.disconnect(self.pinned(), edges), set(keys))
        self.change(text, annotation_edits.without(job_map, others))

    def add_methods(self, methods: Sequence[MethodName], at: Position) -> list[TaskKey]:
        """Add a task for each method, the first at a place, each further one a step beside the one before."""
        job_map, keys = self.pinned(), []
        for number, (namespace, method) in enumerate(methods):
            task = new_task(job_map, (namespace, method), self._catalog)
            if task is None:
                self.refused.emit(f"There is no method “{method}” in “{namespace}”")
                return []
            if task.type is TaskType.INPUT and has_input(job_map):
                self.refused.emit(_ONE_INPUT)
                return []
            place = snapped((at[0] + number * _STEP, at[1] + number * _STEP))
            job_map = editing.add_tasks(job_map, [task], {task.name: place})
            keys.append(task.key)
        if keys:
            self.change(on_tasks("Add", [job_map.by_key[key].name for key in keys]), job_map)
        return keys

    def add_end(self, kind: TaskType, at: Position) -> list[TaskKey]:
        """Add an input or an output."""
        if kind is TaskType.INPUT and has_input(self.job_map):
            self.refused.emit(_ONE_INPUT)
            return []
        task = end_task(self.job_map, kind)
        self.change(f"Add {kind}", editing.add_tasks(self.pinned(), [task], {task.name: snapped(at)}))
        return [task.key]

    def add_connected(self, task: Task, anchor: TaskKey, at: Position, *, is_behind: bool) -> list[TaskKey]:
        """Add a task with its port at a place and a wire from (or, where not ``is_behind``, to) the anchor, in one step."""
        port = (input_place if is_behind else output_place)(task.type)
        corner = at if port is None else (at[0] - port.x(), at[1] - port.y())
        job_map = editing.add_tasks(self.pinned(), [task], {task.name: snapped(corner)})
        ends = (anchor, task.key) if is_behind else (task.key, anchor)
        reason = wiring.refusal(job_map, *ends, self._catalog)
        if reason is not None:
            self.refused.emit(_sentence(reason))
            return []
        self.change(on_tasks("Add", [task.name]), wiring.connected(job_map, *ends, self._catalog))
        return [task.key]

    def add_behind(self, task: Task | None, anchors: Sequence[TaskKey]) -> list[TaskKey]:
        """Add a task right of the anchors, wired to each that it fits, in one step; nothing happens where it fits none."""
        job_map = behind(self.pinned(), task, anchors, self._catalog) if task is not None and anchors else None
        if job_map is None or task is None:
            return []
        self.change(on_tasks("Add", [task.name]), job_map)
        return [task.key]

    def rename(self, key: TaskKey, name: str) -> bool:
        """Give a task another name; return whether it has it now."""
        task = self.job_map.by_key.get(key)
        wanted = name.strip()
        if task is None or task.name == wanted:
            return task is not None
        if not wanted:
            self.refused.emit("A task needs a name")
            return False
        if wanted in self.job_map.by_name:
            self.refused.emit(f"There is a task named “{wanted}” already")
            return False
        self.change(on_tasks("Rename", [task.name]), editing.rename_task(self.pinned(), key, wanted))
        return True

    def copy_text(self, keys: Collection[TaskKey], others: Collection[AnnotationKey] = ()) -> str | None:
        """Return tasks, notes and frames as text, None where there are none."""
        return copied_text(self.job_map, keys, others) if keys or others else None

    def paste(self, text: str, at: Position | None = None, *, with_incoming: bool = False) -> list[TaskKey]:
        """Add the tasks of a text, with the wires that came into the originals where that is wanted."""
        catalog = self._catalog if with_incoming else None
        return self._paste("Paste", text, None if at is None else snapped(at), catalog)

    def duplicate(self, keys: Collection[TaskKey], others: Collection[AnnotationKey] = ()) -> list[TaskKey]:
        """Add copies of tasks, notes and frames beside them."""
        text = self.copy_text(keys, others)
        return [] if text is None else self._paste("Duplicate", text, None)

    def switch(self, keys: Collection[TaskKey], how: Disabled) -> None:
        """Switch function tasks off (or to bypass), or on again where all of them are."""
        tasks = [self.job_map.by_key[key] for key in keys if self.job_map.by_key[key].is_function]
        wanted = None if all(task.disabled is how for task in tasks) else how
        job_map = self.job_map
        for task in tasks:
            job_map = editing.replace_task(job_map, task.key, disabled=wanted)
        if tasks:
            self.change(on_tasks(_SWITCH_WORDS[wanted], [task.name for task in tasks]), job_map)

    def arrange(self) -> None:
        """Place every task in layers from left to right."""
        before = self.job_map
        self.change("Arrange", with_followers(before, editing.move_tasks(before, arrange(before))))

    def arrange_some(self, keys: Collection[TaskKey]) -> None:
        """Place these tasks in layers, their left upper corner where it was."""
        before = places(self.job_map)
        others = {task.key for task in self.job_map.tasks} - set(keys)
        wanted = arrange(editing.remove_tasks(self.job_map, others))
        left, top = min(before[name][0] for name in wanted), min(before[name][1] for name in wanted)
        across, down = min(place[0] for place in wanted.values()), min(place[1] for place in wanted.values())
        moved = {name: snapped((place[0] - across + left, place[1] - down + top)) for name, place in wanted.items()}
        pinned = self.pinned()
        self.change("Arrange selection", with_followers(pinned, editing.move_tasks(pinned, moved)))

    def free_place(self, wanted: Position) -> Position:
        """Return the place itself, or the next one down and right of it at which no task stands."""
        taken = set(places(self.job_map).values())
        left, top = snapped(wanted)
        while (left, top) in taken:
            left, top = left + _STEP, top + _STEP
        return left, top

    def _paste(self, verb: str, text: str, at: Position | None, catalog: Catalog | None = None) -> list[TaskKey]:
        try:
            result = pasted(self.pinned(), text, at, catalog=catalog)
        except PasteError as error:
            self.refused.emit(_sentence(str(error)))
            return []
        names = [result.job_map.by_key[key].name for key in result.keys]
        self.change(on_tasks(verb, names) if names else f"{verb} notes", result.job_map)
        if result.has_left_out_input:
            self.refused.emit("Pasted without its input: a job map has exactly one")
        return list(result.keys)

    def pinned(self) -> JobMap:
        """Return the job map with a place for every task, so that an edit does not rearrange what has none of its own."""
        job_map = self.job_map
        missing = {name: place for name, place in places(job_map).items() if name not in job_map.layout.positions}
        return editing.move_tasks(job_map, missing) if missing else job_map

    def _names(self, keys: Collection[TaskKey]) -> list[str]:
        return [self.job_map.by_key[key].name for key in keys]

    def _edge(self, wire: WireKey) -> tuple[str, str]:
        return (self.job_map.by_key[wire[0]].name, self.job_map.by_key[wire[1]].name)

    def change(self, text: str, job_map: JobMap, *, merge: Hashable | None = None) -> None:
        """Go on with this job map, in one undo step; successive changes with an equal ``merge`` are one."""
        self._document.change(text, job_map, merge=merge)

    def take_back(self) -> None:
        """Undo the last change."""
        self._document.undo_stack.undo()


def centred(kind: TaskType, at: Position) -> Position:
    """Return the corner that puts the middle of a task's node at a place."""
    body = body_of(kind)
    return (at[0] - body.width() / 2, at[1] - body.height() / 2)


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]
