"""The minimap: every task as a block in the colour of its state, and a frame around what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from ephemeral_gui.canvas.guard import guarded, guarded_paint

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer

SIZE: Final = QSize(188, 112)
_PADDING: Final = 8.0
_MILLISECONDS: Final = 100
_MOST_ROUND: Final = 200


class Minimap(QWidget):
    """The whole map in 188 by 112; a click or a drag moves the view there."""

    def __init__(self, viewer: JobViewer, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self.setFixedSize(SIZE)
        self.setObjectName("minimap")
        self.setAccessibleName("Minimap")
        self._later = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._later.timeout.connect(self._draw_anew)
        self._blocks: QPixmap | None = None
        self._mapped = (1.0, QPointF())
        self._boxes: list[tuple[TaskItem, QRectF]] = []
        self._places: object = None
        viewer.view_changed.connect(self._follow_view)

    def refresh(self) -> None:
        """Draw the tasks anew soon: many changes in a row are drawn once. Where no task has moved, only their colours are."""
        if not self._later.isActive():
            self._later.start()

    def _draw_anew(self) -> None:
        self._blocks = None
        self.update()

    def _follow_view(self) -> None:
        if self._blocks is None or not self._viewer.projection.items:
            self._blocks = None
        self.update()

    @override
    @guarded_paint
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._blocks is None:
            self._blocks = self._drawn()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._blocks)
        self._paint_frame(painter)

    @override
    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go_to(event.position())

    @override
    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def _drawn(self) -> QPixmap:
        """Return ground and tasks as a picture: the view below is painted far more often than they change."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(SIZE * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self._paint_tasks(painter)
        painter.end()
        return picture

    def _paint_ground(self, painter: QPainter) -> None:
        style = self._viewer.style_kit
        painter.setPen(QPen(style.colour(style.theme.border), 1))
        painter.setBrush(style.colour(style.theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_tasks(self, painter: QPainter) -> None:
        style = self._viewer.style_kit
        if self._places is not self._viewer.projection.places:
            self._places = self._viewer.projection.places
            self._boxes = self._placed()
        boxes: dict[str, list[QRectF]] = {}
        for item, box in self._boxes:
            boxes.setdefault(item.face.status.state, []).append(box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for state, group in boxes.items():
            painter.setBrush(style.colour(style.theme.state_colour(state)))
            if len(self._boxes) > _MOST_ROUND:
                painter.drawRects(group)  # all in one go: nobody sees the corners of so many
            else:
                for box in group:
                    painter.drawRoundedRect(box, 1.5, 1.5)

    def _paint_frame(self, painter: QPainter) -> None:
        seen = self._viewer.visible_rect
        scale, corner = self._mapped
        frame = QRectF((seen.topLeft() - corner) * scale, seen.size() * scale)
        inside = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._viewer.style_kit.colour(self._viewer.style_kit.theme.accent), 1.5))
        painter.drawRoundedRect(frame.intersected(inside), 3, 3)

    def _go_to(self, place: QPointF) -> None:
        scale, corner = self._mapped
        self._viewer.look_at(corner + place / scale, self._viewer.zoom)

    def _placed(self) -> list[tuple[TaskItem, QRectF]]:
        scale, corner = self._mapped = self._mapping()
        found = []
        for item in self._viewer.projection.items.values():
            body = item.body
            place = (body.topLeft() - corner) * scale
            found.append((item, QRectF(place.x(), place.y(), max(body.width() * scale, 2), max(body.height() * scale, 2))))
        return found

    def _mapping(self) -> tuple[float, QPointF]:
        """Return the scale, and the point of the scene at the minimap's left upper corner."""
        bodies = QRectF()
        for item in self._viewer.projection.items.values():
            bodies = bodies.united(item.body)
        shown = bodies.adjusted(-80, -60, 80, 60) if not bodies.isEmpty() else self._viewer.visible_rect
        scale = min((SIZE.width() - 2 * _PADDING) / shown.width(), (SIZE.height() - 2 * _PADDING) / shown.height())
        return scale, shown.center() - QPointF(SIZE.width(), SIZE.height()) / 2 / scale
