"""Keeps the notes and frames of the scene equal to those of a job map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ephemeral_gui.canvas.annotation_edits import annotations_of
from ephemeral_gui.canvas.annotation_item import AnnotationItem

if TYPE_CHECKING:
    from collections.abc import Collection

    from PySide6.QtCore import QPointF

    from engine.model.job_map import JobMap
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey
    from ephemeral_gui.canvas.scene import JobScene
    from ephemeral_gui.canvas.style import CanvasStyle


class AnnotationLayer:
    """The notes and frames that are shown.

    Attributes:
        items: frames first, then notes.
    """

    def __init__(self, scene: JobScene, style: CanvasStyle) -> None:
        self._scene = scene
        self._style = style
        self.items: dict[AnnotationKey, AnnotationItem] = {}

    def show(self, job_map: JobMap) -> None:
        """Show what the job map says."""
        wanted = annotations_of(job_map)
        others_moved_up = wanted.keys() < self.items.keys()
        for key in [key for key in self.items if key not in wanted]:
            gone = self.items.pop(key)
            self._scene.ground.spoil(gone.sceneBoundingRect())
            self._scene.removeItem(gone)
        for key, annotation in wanted.items():
            item = self.items.get(key)
            if item is None:
                item = self.items[key] = AnnotationItem(key, annotation, self._style)
                self._scene.addItem(item)
                item.ground = self._scene.ground
                item.ground.spoil(item.sceneBoundingRect())
            elif item.annotation is not annotation:
                if others_moved_up:  # its key was that of another one: what is selected must not be what stands there now
                    item.choose(is_chosen=False)
                item.show_annotation(annotation)

    def chosen(self) -> list[AnnotationItem]:
        """Return what is selected."""
        return [item for item in self.items.values() if item.is_chosen]

    def choose(self, keys: Collection[AnnotationKey]) -> None:
        """Select these and no others."""
        for key, item in self.items.items():
            item.choose(is_chosen=key in keys)

    def at(self, point: QPointF, *, are_notes: bool) -> AnnotationItem | None:
        """Return the uppermost note, or frame, that a hand at a point of the scene holds."""
        held = [item for item in self.items.values() if item.is_note is are_notes and item.is_held_at(point)]
        return held[-1] if held else None
