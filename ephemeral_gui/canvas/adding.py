"""The road from "a task is wanted here" to a task: quick add, with or without a wire that waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal

from engine.model.job_map import Task, TaskType
from ephemeral_gui.canvas.choices import all_choices, fitting_choices, task_of
from ephemeral_gui.canvas.editor import centred
from ephemeral_gui.canvas.port import OutputPort
from ephemeral_gui.canvas.quick_add import QuickAdd

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from engine.catalog import Catalog
    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.editor import Editor
    from ephemeral_gui.canvas.port import TaskPort
    from ephemeral_gui.canvas.quick_add import Choice
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.widgets.theme import Look


@dataclass(frozen=True, slots=True)
class _Wish:
    """A task is wanted at a point; with an ``anchor``, one that stands behind it or before it."""

    point: QPointF
    anchor: TaskKey | None = None
    is_behind: bool = True


class Adding(QObject):
    """Opens quick add and puts what was chosen on the canvas."""

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
        viewer.add_requested.connect(self.ask_at)
        viewer.wire_dropped.connect(self.ask_for_wire)

    def ask_at(self, point: QPointF) -> None:
        """List everything that can be added at a point of the scene."""
        self._wish = _Wish(point)
        self._open(all_choices(self._editor.job_map, self._catalog), "Add a task")

    def ask_for_wire(self, port: TaskPort, point: QPointF) -> None:
        """List what fits the wire that was dragged from a port and let go at a point."""
        is_behind = isinstance(port, OutputPort)
        self._wish = _Wish(point, port.item.key, is_behind)
        name = " ".join(port.item.name.split())[:40]
        choices = fitting_choices(self._editor.job_map, self._catalog, port.item.key, is_behind=is_behind)
        self._open(choices, f"Add a task {'after' if is_behind else 'before'} “{name}”")

    def _open(self, choices: list[Choice], hint: str) -> None:
        self.list.open_at(self._viewer.view_point(self._wish.point), choices, hint)

    def _add(self, choice: Choice) -> None:
        wish, made = self._wish, choice.made
        at = (wish.point.x(), wish.point.y())
        if wish.anchor is not None:
            task = task_of(self._editor.job_map, choice)
            keys = self._editor.add_connected(task, wish.anchor, at, is_behind=wish.is_behind)
        elif isinstance(made, TaskType):
            keys = self._editor.add_end(made, centred(made, at))
        elif isinstance(made, Task):
            keys = [made.key]  # it is there already: go to it
        else:
            keys = self._editor.add_methods([(made.namespace, made.name)], centred(TaskType.FUNCTION, at))
        self._viewer.setFocus()
        if keys:
            self.added.emit(keys)
