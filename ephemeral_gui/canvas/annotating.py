"""What the canvas does with notes and frames: adding, editing in place, carrying, sizing. One undo step each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, Signal
from PySide6.QtGui import QDesktopServices

from ephemeral_gui.canvas import annotation_edits
from ephemeral_gui.canvas.annotation_edits import TITLE_HEIGHT, AnnotationKey, AnnotationKind
from ephemeral_gui.canvas.annotation_item import AnnotationItem
from ephemeral_gui.canvas.geometry import snapped
from ephemeral_gui.canvas.gestures import position_of
from ephemeral_gui.canvas.in_place_field import InPlaceField
from ephemeral_gui.canvas.note_text import openable
from ephemeral_gui.canvas.task_item import TaskItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from ephemeral_gui.canvas.editor import Editor
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.widgets.theme import Look

_LEAST_FIELD = (160, 30)


class Annotating(QObject):
    """Adds and edits notes and frames."""

    refused = Signal(str)
    """Nothing was done, and why."""

    def __init__(self, editor: Editor, viewer: JobViewer, look: Look, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._editor = editor
        self._viewer = viewer
        self.field: InPlaceField[AnnotationKey] = InPlaceField("annotation_field", look, viewer)
        self.field.text_given.connect(self._set_text)
        viewer.carried.connect(self._keep_carried)
        viewer.resized.connect(self._keep_size)
        viewer.edit_requested.connect(self.edit)
        viewer.link_clicked.connect(self._open)

    def add_note(self, point: QPointF) -> None:
        """Add a note at a point of the scene and ask for its text."""
        self._editor.change("Add note", annotation_edits.with_note(self._editor.job_map, "", snapped((point.x(), point.y()))))
        self._go_on_with(AnnotationKey(AnnotationKind.NOTE, len(self._editor.job_map.layout.notes) - 1))

    def frame_selection(self) -> None:
        """Put a frame around what is selected and ask for its title."""
        boxes = [item.body for item in self._viewer.selected_task_items()]
        boxes += [item.body for item in self._viewer.projection.annotations.chosen()]
        if not boxes:
            self.refused.emit("Select what the frame should stand around")
            return
        self._editor.change("Add frame", annotation_edits.with_frame(self._editor.pinned(), "Frame", boxes))
        self._go_on_with(AnnotationKey(AnnotationKind.FRAME, len(self._editor.job_map.layout.frames) - 1))

    def edit_selected(self) -> bool:
        """Ask for the text of the selected note or frame; return whether there is one."""
        chosen = self._viewer.projection.annotations.chosen()
        if len(chosen) == 1:
            self.edit(chosen[0])
        return len(chosen) == 1

    def edit(self, item: AnnotationItem) -> None:
        """Ask for the text of a note, or the title of a frame."""
        words = "Text of the note, in Markdown" if item.is_note else "Title of the frame"
        self.field.open_over(self._field_box(item), item.key, item.words, words, is_line=not item.is_note)

    def _go_on_with(self, key: AnnotationKey) -> None:
        self._viewer.choose((), annotations=[key])
        self.edit(self._viewer.projection.annotations.items[key])

    def _set_text(self, text: str) -> None:
        if self.field.key is not None:
            verb = f"Edit {self.field.key.kind}"
            self._editor.change(verb, annotation_edits.with_text(self._editor.job_map, self.field.key, text))

    def _keep_carried(self, items: Sequence[TaskItem | AnnotationItem]) -> None:
        tasks = {item.key: position_of(item) for item in items if isinstance(item, TaskItem)}
        others = {item.key: (item.pos().x(), item.pos().y()) for item in items if isinstance(item, AnnotationItem)}
        self._editor.carry(tasks, others)

    def _keep_size(self, item: AnnotationItem) -> None:
        size = (item.body.width(), item.body.height())
        self._editor.change(f"Resize {item.key.kind}", annotation_edits.resized(self._editor.job_map, item.key, size))

    def _open(self, link: str) -> None:
        url = openable(link)
        if url is None:
            self.refused.emit(f"Only web addresses are opened, not “{link[:80]}”")
        else:
            QDesktopServices.openUrl(url)

    def _field_box(self, item: AnnotationItem) -> QRect:
        zoom, body = self._viewer.zoom, item.body
        corner: QPoint = self._viewer.view_point(body.topLeft())
        height = body.height() if item.is_note else TITLE_HEIGHT
        width = max(round(body.width() * zoom), _LEAST_FIELD[0])
        return QRect(corner.x(), corner.y(), width, max(round(height * zoom), _LEAST_FIELD[1] * (3 if item.is_note else 1)))
