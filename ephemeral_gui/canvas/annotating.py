"""What the canvas does with notes and frames: adding, editing in place, carrying, sizing. One undo step each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSizeF, Signal
from PySide6.QtGui import QDesktopServices

from ephemeral_gui.canvas import annotation_edits
from ephemeral_gui.canvas.annotation_edits import TITLE_HEIGHT, AnnotationKey, AnnotationKind
from ephemeral_gui.canvas.annotation_item import AnnotationItem
from ephemeral_gui.canvas.geometry import snapped
from ephemeral_gui.canvas.in_place_field import InPlaceField
from ephemeral_gui.canvas.moving import position_of
from ephemeral_gui.canvas.note_text import openable
from ephemeral_gui.canvas.task_item import TaskItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from engine.model.job_map import JobMap
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
        viewer.view_changed.connect(self.field.follow_view)
        self.field.dropped.connect(self._drop_text)
        self._fresh: tuple[AnnotationKey, JobMap] | None = None
        viewer.carried.connect(self._keep_carried)
        viewer.resized.connect(self._keep_size)
        viewer.edit_requested.connect(self.edit)
        viewer.link_clicked.connect(self._open)

    def add_note(self, point: QPointF) -> None:
        """Add a note at a point of the scene and ask for its text."""
        key = AnnotationKey(AnnotationKind.NOTE, len(self._editor.job_map.layout.notes))
        self._add(key, annotation_edits.with_note(self._editor.job_map, "", snapped((point.x(), point.y()))))

    def frame_selection(self) -> None:
        """Put a frame around what is selected and ask for its title."""
        boxes = [item.body for item in self._viewer.selected_task_items()]
        boxes += [item.body for item in self._viewer.projection.annotations.chosen()]
        if not boxes:
            self.refused.emit("Select what the frame should stand around")
            return
        key = AnnotationKey(AnnotationKind.FRAME, len(self._editor.job_map.layout.frames))
        self._add(key, annotation_edits.with_frame(self._editor.pinned(), "Frame", boxes))

    def edit_selected(self) -> bool:
        """Ask for the text of the selected note or frame; return whether there is one."""
        chosen = self._viewer.projection.annotations.chosen()
        if len(chosen) == 1:
            self.edit(chosen[0])
        return len(chosen) == 1

    def edit(self, item: AnnotationItem) -> None:
        """Ask for the text of a note, or the title of a frame."""
        words = "Text of the note, in Markdown" if item.is_note else "Title of the frame"
        wanted = item.body if item.is_note else QRectF(item.body.topLeft(), QSizeF(*_LEAST_FIELD))
        if not self._viewer.visible_rect.contains(wanted):
            self._viewer.look_at(*self._viewer.reaching(wanted))
        self.field.open_over(lambda: self._field_box(item), item.key, item.words, words, is_line=not item.is_note)

    def _add(self, key: AnnotationKey, job_map: JobMap) -> None:
        """Go on with a new note or frame, and ask for its text, which is part of the same step."""
        self._editor.change(f"Add {key.kind}", job_map, merge=("add", key))
        self._fresh = (key, self._editor.job_map)
        self._viewer.choose((), annotations=[key])
        self.edit(self._viewer.projection.annotations.items[key])

    def _set_text(self, text: str) -> None:
        key, is_fresh = self.field.key, self._take_fresh()
        if key is None:
            return
        if is_fresh and key.kind is AnnotationKind.NOTE and not text.strip():
            self._editor.take_back()
        else:
            after = annotation_edits.with_text(self._editor.job_map, key, text)
            self._editor.change(f"Edit {key.kind}", after, merge=("add", key) if is_fresh else None)

    def _drop_text(self) -> None:
        """Leave the text as it was; of a note that is new, which had none, keep what was typed."""
        if self._fresh is not None and self._fresh[0].kind is AnnotationKind.NOTE:
            self._set_text(self.field.toPlainText())
        self._fresh = None

    def _take_fresh(self) -> bool:
        """Return whether the text is that of what was added last, with nothing done since."""
        fresh, self._fresh = self._fresh, None
        return fresh is not None and fresh[0] == self.field.key and fresh[1] is self._editor.job_map

    def _keep_carried(self, items: Sequence[TaskItem | AnnotationItem]) -> None:
        tasks = {item.key: position_of(item) for item in items if isinstance(item, TaskItem)}
        others = {item.key: (item.pos().x(), item.pos().y()) for item in items if isinstance(item, AnnotationItem)}
        held = items[0]
        is_alone = isinstance(held, AnnotationItem) and (len(items) == 1 or not held.is_note)
        self._editor.carry(tasks, others, f"Move {held.key.kind}" if isinstance(held, AnnotationItem) and is_alone else "Move selection")

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
