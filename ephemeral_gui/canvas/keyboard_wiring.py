"""Wires without the mouse: between two selected tasks at once, or to a task chosen from a list of those that fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.model.data_types import ANY
from engine.model.job_map import Task
from ephemeral_gui.canvas import wiring
from ephemeral_gui.canvas.quick_add import Choice, QuickAdd

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget

    from engine.catalog import Catalog
    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.editor import Editor
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.widgets.theme import Look


class KeyboardWiring(QObject):
    """Connects what is selected."""

    refused = Signal(str)
    """Nothing was connected, and why."""
    connected = Signal(list)
    """The identity of the task to go on with."""

    def __init__(self, editor: Editor, viewer: JobViewer, catalog: Catalog, look: Look, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._editor = editor
        self._viewer = viewer
        self._catalog = catalog
        self._anchor: TaskItem | None = None
        self._is_from = True
        self.list = QuickAdd(look, canvas)
        self.list.setObjectName("target_list")
        self.list.chosen.connect(self._connect_chosen)
        self.list.closed.connect(viewer.setFocus)

    def connect_on(self) -> None:
        """Connect the two selected tasks, left to right where that fits; of one task, list those that its output may go to."""
        self._begin(is_from=True)

    def connect_back(self) -> None:
        """List the tasks that may feed the selected one; of two, connect the right one to the left one."""
        self._begin(is_from=False)

    def _begin(self, *, is_from: bool) -> None:
        selected = sorted(self._viewer.selected_task_items(), key=lambda item: item.body.center().x(), reverse=not is_from)
        if len(selected) == 1:
            self._ask(selected[0], is_from=is_from)
        elif len(selected) == 2:
            self._connect_two(*selected)
        else:
            self.refused.emit("Select one task to choose what it is connected to, or two to connect them")

    def _connect_two(self, first: TaskItem, second: TaskItem) -> None:
        reason = wiring.refusal(self._editor.job_map, first.key, second.key, self._catalog)
        if reason is not None and wiring.refusal(self._editor.job_map, second.key, first.key, self._catalog) is None:
            first, second = second, first
        self._editor.connect_tasks(first.key, second.key)

    def _ask(self, item: TaskItem, *, is_from: bool) -> None:
        rule = wiring.fitting_targets if is_from else wiring.fitting_sources
        keys = rule(self._editor.job_map, item.key, self._catalog)
        if not keys:
            self.refused.emit(f"No task {'takes' if is_from else 'gives'} what “{item.name}” {'gives' if is_from else 'takes'}")
            return
        self._anchor, self._is_from = item, is_from
        name = " ".join(item.name.split())[:40]
        self.list.open_at(self._place(item), self._choices(keys, item), f"Connect “{name}” {'to' if is_from else 'from'}")

    def _choices(self, keys: frozenset[TaskKey], anchor: TaskItem) -> list[Choice]:
        """Return the tasks as choices, the nearest first."""
        items = self._viewer.projection.items
        here = anchor.body.center()
        nearest = sorted((items[key] for key in keys), key=lambda item: (item.body.center() - here).manhattanLength())
        return [_choice(item) for item in nearest]

    def _connect_chosen(self, choice: Choice) -> None:
        anchor = self._anchor
        self._viewer.setFocus()
        if anchor is None or not isinstance(choice.made, Task):
            return
        ends = (anchor.key, choice.made.key) if self._is_from else (choice.made.key, anchor.key)
        if self._editor.connect_tasks(*ends):
            self.connected.emit([choice.made.key])

    def _place(self, item: TaskItem) -> QPoint:
        point = item.output_point() if self._is_from else item.input_point()
        return self._viewer.view_point(point or item.body.center())


def _choice(item: TaskItem) -> Choice:
    type_name = item.face.produced or item.face.consumed or ANY
    place = f"{item.task.namespace}.{item.task.method}" if item.task.is_function else f"the {item.task.type}"
    return Choice(made=item.task, title=item.name, place=place, type_name=type_name)
