"""Frames and notes follow the tasks that are arranged: a frame stays around what it held, a note beside the task that it stood by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.job_map import Note
from ephemeral_gui.canvas.annotation_edits import annotations_of, box_of, placed
from ephemeral_gui.canvas.geometry import body_of, united
from ephemeral_gui.canvas.layout import places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QRectF

    from engine.model.job_map import JobMap
    from ephemeral_gui.canvas.annotation_edits import AnnotationKey


def with_followers(before: JobMap, after: JobMap) -> JobMap:
    """Return ``after``, in which tasks of ``before`` stand elsewhere, with notes and frames where they belong now."""
    annotations = annotations_of(before)
    if not annotations:
        return after
    here, there = _bodies(before), _bodies(after)
    boxes: dict[AnnotationKey, QRectF] = {}
    for key, annotation in annotations.items():
        box = box_of(annotation)
        names = [_nearest(box, here)] if isinstance(annotation, Note) and here else _held(box, here)
        if any(here[name] != there[name] for name in names):
            boxes[key] = _followed(box, united(here[name] for name in names), united(there[name] for name in names))
    return placed(after, boxes)


def _bodies(job_map: JobMap) -> Mapping[str, QRectF]:
    return {name: body_of(job_map.by_name[name].type).translated(*place) for name, place in places(job_map).items()}


def _nearest(box: QRectF, bodies: Mapping[str, QRectF]) -> str:
    return min(bodies, key=lambda name: (bodies[name].center() - box.center()).manhattanLength())


def _held(box: QRectF, bodies: Mapping[str, QRectF]) -> list[str]:
    return [name for name, body in bodies.items() if box.contains(body.center())]


def _followed(box: QRectF, here: QRectF, there: QRectF) -> QRectF:
    """Return the box with the room around what it follows that it had."""
    return there.adjusted(box.left() - here.left(), box.top() - here.top(), box.right() - here.right(), box.bottom() - here.bottom())
