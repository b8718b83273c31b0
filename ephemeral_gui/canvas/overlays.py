"""What lies over the canvas at its edges: the zoom, the map of everything, and a hint where there is nothing yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRectF, QSizeF, QTimer

from ephemeral_gui.canvas.empty_hint import EmptyHint
from ephemeral_gui.canvas.minimap import Minimap
from ephemeral_gui.canvas.zoom_control import ZoomControl

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.widgets.theme import Look

_MARGIN: Final = 12
_MILLISECONDS: Final = 60  # while the view moves, nothing comes and goes
_LEAST_MAPPED: Final = (480, 320)  # a map of a smaller view would hide most of it


class Overlays:
    """Keeps each in its place.

    Attributes:
        zoom_control: shows the zoom and asks for another one.
        minimap: the whole map.
        hint: what to do on an empty canvas.
    """

    def __init__(self, viewer: JobViewer, look: Look, canvas: QWidget) -> None:
        self._canvas = canvas
        self.zoom_control = ZoomControl(look, canvas)
        self.minimap = Minimap(viewer, canvas)
        self.hint = EmptyHint(look, canvas)
        self._viewer = viewer
        self._later = QTimer(canvas, singleShot=True, interval=_MILLISECONDS)
        self._later.timeout.connect(self._choose_minimap)
        viewer.view_changed.connect(lambda: self.zoom_control.show_zoom(viewer.zoom))
        viewer.view_changed.connect(self._later.start)

    def place(self) -> None:
        """Follow the size of the canvas."""
        canvas, minimap, hint = self._canvas, self.minimap, self.hint
        self.zoom_control.adjustSize()
        self.zoom_control.move(QPoint(_MARGIN, canvas.height() - self.zoom_control.height() - _MARGIN))
        minimap.move(QPoint(canvas.width() - minimap.width() - _MARGIN, canvas.height() - minimap.height() - _MARGIN))
        self._choose_minimap()
        hint.adjustSize()
        hint.move((canvas.width() - hint.width()) // 2, canvas.height() // 3 - hint.height() // 2)

    def follow_document(self) -> None:
        """Hear that tasks came, went or moved."""
        self.minimap.refresh()
        self._later.start()

    def _choose_minimap(self) -> None:
        """Show the map where there is room for it; where everything is in sight nobody needs one that lies on a task."""
        canvas = self._canvas
        has_room = canvas.width() >= _LEAST_MAPPED[0] and canvas.height() >= _LEAST_MAPPED[1]
        self.minimap.setVisible(has_room and not (self._sees_all() and self._lies_on_a_task()))

    def _sees_all(self) -> bool:
        seen = self._viewer.visible_rect
        return all(seen.contains(body) for body in self._viewer.projection.bodies())

    def _lies_on_a_task(self) -> bool:
        corner = self._viewer.viewport().mapFrom(self._canvas, self.minimap.pos())
        covered = QRectF(self._viewer.scene_point(corner), QSizeF(self.minimap.size()) / self._viewer.zoom)
        return any(covered.intersects(body) for body in self._viewer.projection.bodies())
