"""A picture that is made as small as its place asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from ephemeral_gui.widgets.theme import Look


class PictureLabel(QWidget):
    """Shows an image as large as fits and no larger than it is, on the colour of the canvas."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._image = QImage()
        self._shown = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        look.changed.connect(self.update)

    def show_image(self, image: QImage) -> None:
        """Show this image from now on; a null one leaves the place empty."""
        self._image = image
        self._shown = QImage()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 320)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(box, 8, 8)
        painter.fillPath(path, QColor(self._look.theme.canvas))
        painter.setPen(QPen(QColor(self._look.theme.border), 1))
        painter.drawPath(path)
        if not self._image.isNull():
            self._paint_image(painter)

    def _paint_image(self, painter: QPainter) -> None:
        ratio = self.devicePixelRatioF()
        room = QSize(self.width() - 16, self.height() - 16)
        wanted = self._image.size().scaled(room * ratio, Qt.AspectRatioMode.KeepAspectRatio).boundedTo(self._image.size() / 2 * ratio)
        if self._shown.size() != wanted:
            self._shown = self._image.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            self._shown.setDevicePixelRatio(ratio)
        size = self._shown.deviceIndependentSize()
        painter.drawImage(round((self.width() - size.width()) / 2), round((self.height() - size.height()) / 2), self._shown)
