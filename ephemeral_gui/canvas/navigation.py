"""Looking around: an exact zoom on whole pixels, panning, and fitting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QPaintEvent, QRegion, QTransform
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView
from typing_extensions import override

from ephemeral_gui.canvas.geometry import united
from ephemeral_gui.canvas.guard import guarded, guarded_answer
from ephemeral_gui.canvas.node_graph_qt import NodeViewer
from ephemeral_gui.canvas.style import BLOCK_ZOOM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QResizeEvent, QWheelEvent

    from ephemeral_gui.canvas.projection import Projection

LEAST_ZOOM: Final = 0.05
MOST_ZOOM: Final = 4.0
FIT_MARGIN: Final = 36.0
_WHEEL_STEP: Final = 1.0015
_LEAST_PINCH: Final = 0.5  # of one event, whatever a device says
_REST_MILLISECONDS: Final = 150


class ZoomView(NodeViewer):
    """A view on one job map's scene that can be zoomed and panned.

    Attributes:
        projection: what is seen.
        style_kit: what it is painted with; its ``zoom`` is this view's.
    """

    touched = Signal()
    """A hand took the view: a press, or a turn of the wheel."""
    view_changed = Signal()
    """Zoom or place is another one than before."""

    def __init__(self, projection: Projection) -> None:
        self._job_scene = projection.scene
        self.projection = projection
        self.style_kit = projection.style
        self._is_fitted = True
        self._is_afar = False
        super().__init__()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self.draw_well)
        self._prepare_view()

    @override
    def setScene(self, scene: QGraphicsScene | None) -> None:
        """Take our scene: NodeViewer makes a plain one in its constructor, and this is the place to put ours in."""
        super().setScene(self._job_scene)

    @property
    def zoom(self) -> float:
        """The scale, 1.0 at 100 %."""
        return self.style_kit.zoom

    @property
    def visible_rect(self) -> QRectF:
        """The part of the scene that is seen."""
        return QRectF(self._scene_range)

    def look_at(self, centre: QPointF, zoom: float) -> None:
        """Show this point of the scene in the middle, at this zoom."""
        zoom = min(MOST_ZOOM, max(LEAST_ZOOM, zoom))
        size = QSizeF(self.viewport().size()) / zoom
        self._show(QPointF(centre.x() - size.width() / 2, centre.y() - size.height() / 2), zoom)

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Scale the view; the point under ``at`` (the middle where it is None) stays where it is."""
        place = self.viewport().rect().center() if at is None else at
        zoom = min(MOST_ZOOM, max(LEAST_ZOOM, self.zoom * factor))
        held = self.scene_point(place)
        self._is_fitted = False
        self._show(QPointF(held.x() - place.x() / zoom, held.y() - place.y() / zoom), zoom)

    def hold(self) -> None:
        """Leave zoom and place to the hand when the view is resized."""
        self._is_fitted = False

    def pan_by(self, pixels: QPointF) -> None:
        """Move what is seen by pixels of the screen."""
        self._is_fitted = False
        self._show(self._scene_range.topLeft() - pixels / self.zoom, self.zoom)

    def fit(self, bodies: Iterable[QRectF]) -> None:
        """Show all these boxes, at 100 % at most."""
        self.look_at(*self.fitting(bodies))

    def fitting(self, bodies: Iterable[QRectF]) -> tuple[QPointF, float]:
        """Return the middle and the zoom that show all these boxes."""
        rect = united(bodies)
        if rect.isEmpty():
            return QPointF(0, 0), 1.0
        room = QSizeF(self.viewport().size())
        margin = min(FIT_MARGIN, room.width() / 12, room.height() / 12)  # of a small view little is given away
        wide = max(room.width() - 2 * margin, 40) / rect.width()
        high = max(room.height() - 2 * margin, 40) / rect.height()
        return rect.center(), min(1.0, wide, high)

    @property
    def is_fitted(self) -> bool:
        """True while the view shows the whole map because it was asked to and no hand has moved it since."""
        return self._is_fitted

    def reaching(self, body: QRectF) -> tuple[QPointF, float]:
        """Return the nearest middle at which this box is in sight, and the zoom as it is."""
        seen, wanted = self.visible_rect, body.adjusted(-FIT_MARGIN, -FIT_MARGIN, FIT_MARGIN, FIT_MARGIN)
        across = max(0.0, wanted.right() - seen.right()) - max(0.0, seen.left() - wanted.left())
        down = max(0.0, wanted.bottom() - seen.bottom()) - max(0.0, seen.top() - wanted.top())
        return seen.center() + QPointF(across, down), self.zoom

    def has_room_for(self, body: QRectF) -> bool:
        """Return whether this box can be seen whole at the zoom as it is."""
        seen = self.visible_rect
        return body.width() + 2 * FIT_MARGIN <= seen.width() and body.height() + 2 * FIT_MARGIN <= seen.height()

    def fit_all(self) -> None:
        """Show the whole map, and go on doing so when the view is resized, until the hand moves it."""
        self.fit(self.projection.bodies())
        self._is_fitted = True

    def scene_point(self, place: QPoint | QPointF) -> QPointF:
        """Return the point of the scene under a place of the view."""
        corner = self._scene_range.topLeft()
        return QPointF(corner.x() + place.x() / self.zoom, corner.y() + place.y() / self.zoom)

    def view_point(self, point: QPointF) -> QPoint:
        """Return the place of the view at which a point of the scene is seen."""
        return ((point - self._scene_range.topLeft()) * self.zoom).toPoint()

    def _show(self, corner: QPointF, zoom: float) -> None:
        pixel = zoom * self.devicePixelRatioF()
        whole = QPointF(round(corner.x() * pixel) / pixel, round(corner.y() * pixel) / pixel)
        were_fine, self.style_kit.zoom = self.style_kit.wires_are_fine, zoom
        if were_fine is not self.style_kit.wires_are_fine:
            self.projection.repen()
        self._job_scene.show_blocks(self.projection.items.values(), are_shown=zoom < BLOCK_ZOOM)
        self.draw_quickly()
        self.style_kit.pixel_ratio = self.devicePixelRatioF()
        self._scene_range = QRectF(whole, QSizeF(self.viewport().size()) / zoom)
        self._update_scene()
        self.view_changed.emit()

    def draw_quickly(self) -> None:
        """Draw thousands of wires without smoothing while the view moves; once it rests they are drawn smooth again."""
        if self.style_kit.wires_are_thin and self.isVisible():
            self.style_kit.is_quick = True
            self._rest.start()

    def draw_well(self) -> None:
        """Draw smooth what was drawn quickly."""
        self.style_kit.is_quick = False
        self._job_scene.ground.rest()

    @override
    def _update_scene(self) -> None:
        """Show the range: NodeViewer fits it with a margin, which makes every zoom odd and every line soft."""
        self.setTransform(QTransform.fromScale(self.style_kit.zoom, self.style_kit.zoom))
        self.setSceneRect(self._scene_range)

    def _prepare_view(self) -> None:
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @override
    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._job_scene.shows_blocks:
            self._is_afar = False
            super().paintEvent(event)
            return
        if not self._is_afar:
            self._is_afar = True
            super().paintEvent(QPaintEvent(QRegion()))  # Qt hears of no further change if it never painted the one before
        painter = QPainter(self.viewport())
        painter.setClipRegion(event.region())
        painter.setRenderHints(self.renderHints())
        painter.setWorldTransform(self.viewportTransform())
        self._job_scene.paint_from_afar(painter, self.mapToScene(event.rect()).boundingRect())
        painter.end()

    @override
    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        QGraphicsView.resizeEvent(self, event)  # NodeViewer zooms when it is resized
        if self._is_fitted:
            self.fit_all()
        else:
            self._show(self._scene_range.topLeft(), self.zoom)

    @override
    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        self.touched.emit()
        turned = event.angleDelta()
        is_pad = event.phase() is not Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or (self.style_kit.wheel_zooms and not is_pad):
            self.zoom_by(_WHEEL_STEP ** (turned.y() or turned.x()), event.position().toPoint())
        elif is_pad:
            self.pan_by(QPointF(event.pixelDelta()))  # two fingers push what is seen; to zoom they pinch
        else:
            across = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not turned.x()
            self.pan_by(QPointF(turned.y(), 0) if across else QPointF(turned))
        event.accept()

    @override
    @guarded_answer(otherwise=False)
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.touched.emit()
            self.zoom_by(max(_LEAST_PINCH, 1 + event.value()), event.position().toPoint())
            return True
        return super().viewportEvent(event)
