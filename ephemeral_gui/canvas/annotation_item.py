"""Notes and frames as scene items: calm, behind the wires, and only as loud as a pencil mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QPainter, QPainterPath, QPalette
from PySide6.QtWidgets import QGraphicsItem
from typing_extensions import override

from ephemeral_gui.canvas.annotation_edits import TITLE_HEIGHT, AnnotationKind, box_of, text_of
from ephemeral_gui.canvas.note_text import NoteText
from ephemeral_gui.canvas.style import BLOCK_ZOOM, FAR_ZOOM

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from ephemeral_gui.canvas.annotation_edits import Annotation, AnnotationKey
    from ephemeral_gui.canvas.ground import Ground
    from ephemeral_gui.canvas.style import CanvasStyle

PADDING: Final = 12.0
CORNER: Final = 16.0
_BORDER_REACH: Final = 6.0
_LAYERS: Final = {AnnotationKind.FRAME: -3.0, AnnotationKind.NOTE: -2.0}
_RADIUS: Final = 8.0


class AnnotationItem(QGraphicsItem):
    """One note or frame.

    Attributes:
        key: which one.
        ground: what paints it; hears of every change.
        is_chosen: it is selected.
    """

    def __init__(self, key: AnnotationKey, annotation: Annotation, style: CanvasStyle) -> None:
        super().__init__()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents)
        self.setZValue(_LAYERS[key.kind])
        self.key = key
        self.style = style
        self.is_chosen = False
        self.annotation = annotation
        self._text: tuple[tuple[str, float, str], NoteText] | None = None
        self.ground: Ground | None = None
        self._box = QRectF()
        self.show_annotation(annotation)

    @property
    def is_note(self) -> bool:
        """True for notes, False for frames."""
        return self.key.kind is AnnotationKind.NOTE

    @property
    def words(self) -> str:
        """The text of the note, or the title of the frame."""
        return text_of(self.annotation)

    @property
    def body(self) -> QRectF:
        """Its box in the scene."""
        return self._box.translated(self.pos())

    def show_annotation(self, annotation: Annotation) -> None:
        """Show what the job map says now."""
        self.annotation = annotation
        box = box_of(annotation)
        self.move_to(box.topLeft())
        self.show_size(box.width(), box.height())

    def move_to(self, place: QPointF) -> None:
        """Stand there."""
        self._tell()
        self.setPos(place)
        self._tell()

    def show_size(self, width: float, height: float) -> None:
        """Show it so large, before the job map says so."""
        self._tell()
        self.prepareGeometryChange()
        self._box = QRectF(0, 0, width, height)
        self._tell()

    def choose(self, *, is_chosen: bool) -> None:
        """Show it as selected, or no longer."""
        if is_chosen != self.is_chosen:
            self.is_chosen = is_chosen
            self._tell()

    def is_held_at(self, point: QPointF) -> bool:
        """Return whether a hand at a point of the scene holds it: a note anywhere, a frame at its title, edge or corner."""
        place, body = point - self.pos(), self._box
        if self.is_note or not body.contains(place):
            return body.contains(place)
        inside = body.adjusted(_BORDER_REACH, TITLE_HEIGHT, -_BORDER_REACH, -_BORDER_REACH)
        return not inside.contains(place) or self.is_corner_at(point)

    def is_corner_at(self, point: QPointF) -> bool:
        """Return whether a point of the scene is on the corner that resizes it."""
        corner = self.body.bottomRight()
        return QRectF(corner.x() - CORNER, corner.y() - CORNER, CORNER, CORNER).contains(point)

    def link_at(self, point: QPointF) -> str:
        """Return the link of a note at a point of the scene, empty where there is none."""
        if not self.is_note:
            return ""
        return self._document().documentLayout().anchorAt(point - self.pos() - QPointF(PADDING, PADDING))

    @override
    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-2, -2, 2, 2)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Leave the painting to the ground, which lies below the wires."""

    def paint_on(self, painter: QPainter) -> None:
        """Paint it, its left upper corner at the origin."""
        style, theme = self.style, self.style.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(style.pen(theme.accent, 2.0) if self.is_chosen else style.pen(theme.border, 1.0))
        painter.setBrush(style.colour(theme.field if self.is_note else theme.panel))
        painter.drawRoundedRect(self._box, _RADIUS, _RADIUS)
        if style.zoom >= BLOCK_ZOOM:
            self._paint_note(painter) if self.is_note else self._paint_title(painter)
        if style.zoom >= FAR_ZOOM and not style.is_vector:
            self._paint_corner(painter)

    def _tell(self) -> None:
        if self.ground is not None:
            self.ground.spoil(self.sceneBoundingRect())

    def _paint_title(self, painter: QPainter) -> None:
        self.style.draw_text(painter, "title", self.words, self.style.theme.text2, PADDING, 21, self._box.width() - 2 * PADDING)

    def _paint_note(self, painter: QPainter) -> None:
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, self.style.colour(self.style.theme.text))
        context.palette = palette
        inside = self._box.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        painter.save()
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        painter.translate(inside.topLeft())
        context.clip = QRectF(0, 0, inside.width(), inside.height())
        self._document().documentLayout().draw(painter, context)
        painter.restore()

    def _paint_corner(self, painter: QPainter) -> None:
        corner = self._box.bottomRight() - QPointF(4, 4)
        path = QPainterPath(corner - QPointF(0, 7))
        path.lineTo(corner)
        path.lineTo(corner - QPointF(7, 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self.style.pen(self.style.theme.muted, 1.0))
        painter.drawPath(path)

    def _document(self) -> NoteText:
        made_for = (self.words, self._box.width(), self.style.theme.name)
        if self._text is None or self._text[0] != made_for:
            self._text = (made_for, NoteText(self.words, self._box.width() - 2 * PADDING, self.style.theme.accent))
        return self._text[1]
