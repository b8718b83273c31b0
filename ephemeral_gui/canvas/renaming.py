"""Rename in place: a field over the node's title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect

from ephemeral_gui.canvas.in_place_field import InPlaceField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.editor import Editor
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.widgets.theme import Look


class Renaming(QObject):
    """Gives one task at a time another name."""

    def __init__(self, editor: Editor, viewer: JobViewer, look: Look, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._editor = editor
        self._viewer = viewer
        self._field: InPlaceField[TaskKey] = InPlaceField("rename_field", look, viewer, weight=600)
        self._field.text_given.connect(self._rename)
        viewer.view_changed.connect(self._field.follow_view)

    def ask(self, item: TaskItem) -> None:
        """Ask for another name, over the title of a node that is in view."""
        self._field.open_over(lambda: self._title_box(item), item.key, item.name, "Name of the task", is_line=True)

    def _rename(self, name: str) -> None:
        if self._field.key is not None:
            self._editor.rename(self._field.key, name)

    def _title_box(self, item: TaskItem) -> QRect:
        zoom, body = self._viewer.zoom, item.body
        corner = self._viewer.view_point(body.topLeft())
        height = max(22, round(24 * zoom))
        inset = round(5 * zoom)
        return QRect(corner.x() + inset, corner.y() + inset, max(120, round(body.width() * zoom) - 2 * inset), height)
