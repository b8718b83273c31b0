"""Notes and frames of a job map: every change of them as a function of the job map. Only ``layout`` changes."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from PySide6.QtCore import QRectF

from engine.model import editing
from engine.model.job_map import Frame, Note
from ephemeral_gui.canvas.geometry import united

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from engine.model.job_map import JobMap, Position

    Annotation: TypeAlias = Note | Frame

LEAST_SIZE: Final = (64.0, 32.0)
NOTE_SIZE: Final = (224.0, 96.0)
FRAME_MARGIN: Final = 24.0
TITLE_HEIGHT: Final = 32.0


class AnnotationKind(StrEnum):
    """What stands on the canvas beside tasks and wires."""

    NOTE = "note"
    FRAME = "frame"


class AnnotationKey(NamedTuple):
    """Which note or frame: its place in ``layout``. A frame or note has no other identity; it holds until one is taken out."""

    kind: AnnotationKind
    number: int


def annotations_of(job_map: JobMap) -> dict[AnnotationKey, Annotation]:
    """Return every frame and note."""
    frames = {AnnotationKey(AnnotationKind.FRAME, index): frame for index, frame in enumerate(job_map.layout.frames)}
    return {**frames, **{AnnotationKey(AnnotationKind.NOTE, index): note for index, note in enumerate(job_map.layout.notes)}}


def box_of(annotation: Annotation) -> QRectF:
    """Return the box of a frame or note; never so small that a hand cannot reach it."""
    width, height = (max(size, least) for size, least in zip(annotation.size, LEAST_SIZE, strict=True))
    return QRectF(*annotation.position, width, height)


def text_of(annotation: Annotation) -> str:
    """Return the text of a note or the title of a frame."""
    return annotation.text if isinstance(annotation, Note) else annotation.title


def with_note(job_map: JobMap, text: str, at: Position) -> JobMap:
    """Return the job map with one more note, the last."""
    return _with(job_map, notes=(*job_map.layout.notes, Note(text, at, NOTE_SIZE)))


def with_frame(job_map: JobMap, title: str, boxes: Iterable[QRectF]) -> JobMap:
    """Return the job map with one more frame, the last, around the boxes."""
    around = united(boxes).adjusted(-FRAME_MARGIN, -FRAME_MARGIN - TITLE_HEIGHT, FRAME_MARGIN, FRAME_MARGIN)
    frame = Frame(title, (around.left(), around.top()), (around.width(), around.height()))
    return _with(job_map, frames=(*job_map.layout.frames, frame))


def with_text(job_map: JobMap, key: AnnotationKey, text: str) -> JobMap:
    """Return the job map with another text in a note or title of a frame."""
    return _replaced(job_map, {key: {"text" if key.kind is AnnotationKind.NOTE else "title": text}})


def moved(job_map: JobMap, places: Mapping[AnnotationKey, Position]) -> JobMap:
    """Return the job map with notes and frames elsewhere."""
    return _replaced(job_map, {key: {"position": place} for key, place in places.items()})


def resized(job_map: JobMap, key: AnnotationKey, size: tuple[float, float]) -> JobMap:
    """Return the job map with a note or frame of another size, at least as large as a hand needs."""
    return _replaced(job_map, {key: {"size": (max(size[0], LEAST_SIZE[0]), max(size[1], LEAST_SIZE[1]))}})


def placed(job_map: JobMap, boxes: Mapping[AnnotationKey, QRectF]) -> JobMap:
    """Return the job map with notes and frames of other places and sizes."""
    return _replaced(
        job_map, {key: {"position": (box.left(), box.top()), "size": (box.width(), box.height())} for key, box in boxes.items()}
    )


def without(job_map: JobMap, keys: Collection[AnnotationKey]) -> JobMap:
    """Return the job map without these notes and frames."""
    kept = {key: annotation for key, annotation in annotations_of(job_map).items() if key not in keys}
    return _set(job_map, kept.values()) if keys else job_map


def only(job_map: JobMap, keys: Collection[AnnotationKey]) -> JobMap:
    """Return the job map with these notes and frames and no others."""
    return without(job_map, set(annotations_of(job_map)) - set(keys))


def added(job_map: JobMap, annotations: Iterable[Annotation], across: float, down: float) -> JobMap:
    """Return the job map with notes and frames of another one, shifted."""
    shifted = [replace(each, position=(each.position[0] + across, each.position[1] + down)) for each in annotations]
    return _set(job_map, [*annotations_of(job_map).values(), *shifted]) if shifted else job_map


def _replaced(job_map: JobMap, fields: Mapping[AnnotationKey, Mapping[str, object]]) -> JobMap:
    found = annotations_of(job_map)
    for key, changes in fields.items():
        if key in found:
            found[key] = replace(found[key], **changes)  # type: ignore[arg-type]  # the callers name the fields
    return _set(job_map, found.values())


def _set(job_map: JobMap, annotations: Iterable[Annotation]) -> JobMap:
    every = list(annotations)
    frames = tuple(each for each in every if isinstance(each, Frame))
    return _with(job_map, notes=tuple(each for each in every if isinstance(each, Note)), frames=frames)


def _with(job_map: JobMap, **fields: tuple[Note, ...] | tuple[Frame, ...]) -> JobMap:
    return editing.set_layout(job_map, replace(job_map.layout, **fields))  # type: ignore[arg-type]  # notes or frames, as named
