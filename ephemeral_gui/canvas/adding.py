"""The road from "a task is wanted here" to a task: dropped, or by quick add, with or without tasks that it goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal

from engine.model.job_map import Task, TaskType
from ephemeral_gui.canvas.choices import all_choices, fitting_choices, inserting_choices, task_of
from ephemeral_gui.canvas.editor import centred
from ephemeral_gui.canvas.new_tasks import new_task
from ephemeral_gui.canvas.port import OutputPort
from ephemeral_gui.canvas.quick_add import QuickAdd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from engine.catalog import Catalog
    from engine.model.definition import MethodName
    from engine.model.job_map import Position, TaskKey
    from ephemeral_gui.canvas.dropping import Dropped
    from ephemeral_gui.canvas.editor import Editor
    from ephemeral_gui.canvas.port import TaskPort
    from ephemeral_gui.canvas.quick_add import Choice
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.canvas.wire import Wire, WireKey
    from ephemeral_gui.widgets.theme import Look


@dataclass(frozen=True, slots=True)
class _Wish:
    """A task is wanted at a point, behind or before an ``anchor``, behind all that is ``selected``, or in a ``wire``."""

    point: QPointF
    anchor: TaskKey | None = None
    is_behind: bool = True
    selected: tuple[TaskKey, ...] = ()
    wire: WireKey | None = None


class Adding(QObject):
    """Opens quick add and puts what was chosen or dropped on the canvas."""

    added = Signal(list)
    """The identities of the new tasks."""

    def __init__(self, editor: Editor, viewer: JobViewer, catalog: Catalog, look: Look, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._editor = editor
        self._viewer = viewer
        self._catalog = catalog
        self._wish = _Wish(QPointF())
        self.list = QuickAdd(look, canvas)
        self.list.chosen.connect(self._add)
        self.list.closed.connect(viewer.setFocus)
        self.list.closed.connect(viewer.end_live_connection)
        viewer.add_requested.connect(self.ask_at)
        viewer.insert_requested.connect(self.ask_into)
        viewer.wire_dropped.connect(self.ask_for_wire)
        viewer.methods_dropped.connect(self._take_dropped)

    def ask_at(self, point: QPointF) -> None:
        """List everything that can be added at a point of the scene."""
        self._wish = _Wish(point)
        self._open(all_choices(self._editor.job_map, self._catalog), "Add a task")

    def ask_behind(self, items: Sequence[TaskItem]) -> None:
        """List everything that can be added behind these tasks, what fits the last of them first."""
        last = items[-1]
        self._wish = _Wish(last.output_point() or last.body.center(), selected=tuple(item.key for item in items))
        fitting = fitting_choices(self._editor.job_map, self._catalog, last.key, is_behind=True)
        first = {id(choice.made) for choice in fitting}
        others = [choice for choice in all_choices(self._editor.job_map, self._catalog) if id(choice.made) not in first]
        self._open([*fitting, *others], f"Add a task after {_words_of(items)}")

    def ask_for_wire(self, port: TaskPort, point: QPointF) -> None:
        """List what fits the wire that was dragged from a port and let go at a point."""
        is_behind = isinstance(port, OutputPort)
        self._wish = _Wish(point, port.item.key, is_behind)
        choices = fitting_choices(self._editor.job_map, self._catalog, port.item.key, is_behind=is_behind)
        self._open(choices, f"Add a task {'after' if is_behind else 'before'} {_words_of([port.item])}")
        self._viewer.start_live_connection(port)  # it stays in sight until a task is chosen
        self._viewer.show_live_wire(port, point, is_refused=False)

    def ask_into(self, wire: Wire, point: QPointF) -> None:
        """List what can be put into a wire."""
        self._wish = _Wish(point, wire=wire.key)
        edge = (wire.source.name, wire.target.name)
        self._open(inserting_choices(self._editor.job_map, self._catalog, edge), f"Insert a task before {_words_of([wire.target])}")

    def add_method(self, method: MethodName, at: Position | None = None) -> list[TaskKey]:
        """Add a task for a method at a place; without one, behind what is selected where it fits, else in the middle of the view."""
        selected = [item.key for item in self._viewer.selected_task_items()] if at is None else []
        keys = self._editor.add_behind(new_task(self._editor.job_map, method, self._catalog), selected)
        if not keys:
            middle = self._viewer.visible_rect.center()
            place = self._editor.free_place(centred(TaskType.FUNCTION, (middle.x(), middle.y()))) if at is None else at
            keys = self._editor.add_methods([method], place)
        self._tell(keys)
        return keys

    def _open(self, choices: list[Choice], hint: str) -> None:
        self.list.open_at(self._viewer.view_point(self._wish.point), choices, hint)

    def _add(self, choice: Choice) -> None:
        self._viewer.end_live_connection()
        keys = [choice.made.key] if isinstance(choice.made, Task) else self._made(choice)  # a task is there already: go to it
        self._viewer.setFocus()
        self._tell(keys)

    def _made(self, choice: Choice) -> list[TaskKey]:
        wish, made = self._wish, choice.made
        at = (wish.point.x(), wish.point.y())
        task = task_of(self._editor.job_map, choice)
        if wish.anchor is not None:
            return self._editor.add_connected(task, wish.anchor, at, is_behind=wish.is_behind)
        if wish.wire is not None:
            return self._editor.add_into((task.namespace, task.method), wish.wire, centred(TaskType.FUNCTION, at))
        if keys := self._editor.add_behind(task, wish.selected):
            return keys
        if isinstance(made, TaskType):
            return self._editor.add_end(made, centred(made, at))
        return self._editor.add_methods([(task.namespace, task.method)], centred(TaskType.FUNCTION, at))

    def _take_dropped(self, dropped: Dropped) -> None:
        """Add what was dragged in: into the wire, behind the task (and what is selected with it), or where it was let go."""
        at = centred(TaskType.FUNCTION, (dropped.point.x(), dropped.point.y()))
        methods, wire, task = dropped.methods, dropped.wire, dropped.task
        if wire is not None:
            keys = self._editor.add_into(methods[0], wire.key, at)
        elif task is not None:
            together = [item.key for item in self._viewer.selected_task_items()] if task.isSelected() else [task.key]
            keys = self._editor.add_behind(new_task(self._editor.job_map, methods[0], self._catalog), together)
        else:
            keys = self._editor.add_methods(methods, at)
        self._tell(keys)

    def _tell(self, keys: list[TaskKey]) -> None:
        if keys:
            self.added.emit(keys)


def _words_of(items: Sequence[TaskItem]) -> str:
    name = " ".join(items[-1].name.split())[:40]
    return f"“{name}”" if len(items) == 1 else f"{len(items)} tasks"
