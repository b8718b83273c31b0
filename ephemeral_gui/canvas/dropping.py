"""Methods and files dragged in from elsewhere: while a method is held over the view, the wire or task is shown that it would go to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt, Signal
from typing_extensions import override

from ephemeral_gui.canvas.guard import guarded
from ephemeral_gui.canvas.navigation import ZoomView
from ephemeral_gui.canvas.wire_drop import WireDrop
from ephemeral_gui.widgets.dragged_files import dragged_files, welcome_files

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent

    from engine.model.definition import MethodName
    from ephemeral_gui.canvas.projection import Projection
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.wire import Wire

METHOD_MIME: Final = "application/x-ephemeral-method"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Methods that were let go at a point of the scene; the only one perhaps on a wire that it fits into, or a task that it may follow."""

    methods: tuple[MethodName, ...]
    point: QPointF
    wire: Wire | None = None
    task: TaskItem | None = None


class DropView(ZoomView):
    """A view that methods and files can be dropped on.

    Attributes:
        wire_drop: finds and marks the wire or task that what is held would go to.
    """

    methods_dropped = Signal(Dropped)
    """Methods were let go on the view."""
    files_dropped = Signal(list, QPointF)
    """The paths of files and folders that were let go at a point of the scene."""

    def __init__(self, projection: Projection) -> None:
        super().__init__(projection)
        self.wire_drop = WireDrop(projection)

    @override
    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._answer_drag(event)

    @override
    @guarded
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._answer_drag(event)

    @override
    @guarded
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.wire_drop.let_go()
        event.accept()

    @override
    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._answer_drag(event)
        task, wire = self.wire_drop.task, self.wire_drop.let_go()
        if not event.mimeData().hasFormat(METHOD_MIME):
            self.files_dropped.emit(dragged_files(event.mimeData()), self.scene_point(event.position()))
            return
        self.methods_dropped.emit(Dropped(tuple(methods_in(event.mimeData())), self.scene_point(event.position()), wire, task))

    def _answer_drag(self, event: QDragMoveEvent | QDropEvent) -> None:
        if not event.mimeData().hasFormat(METHOD_MIME):
            welcome_files(event)
            return
        methods = methods_in(event.mimeData())
        if len(methods) == 1:
            self.wire_drop.hold_method(methods[0], self.scene_point(event.position()))
        event.acceptProposedAction()


def methods_in(mime: QMimeData) -> list[MethodName]:
    """Return the methods that are dragged: one ``[namespace, method]``, or a list of them; none where it is anything else."""
    try:
        data = json.loads(bytes(mime.data(METHOD_MIME).data()).decode())
    except ValueError:
        return []
    pairs = [data] if _is_method(data) else data
    return [(pair[0], pair[1]) for pair in pairs if _is_method(pair)] if isinstance(pairs, list) else []


def _is_method(data: object) -> bool:
    return isinstance(data, list) and len(data) == 2 and all(isinstance(each, str) for each in data)
