"""What the pointer is over, no button held: it is set off, and the pointer's shape says what a press would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from ephemeral_gui.canvas.hit import Hit, hit_at
from ephemeral_gui.canvas.port import PortMark

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from ephemeral_gui.canvas.viewer import JobViewer

_NOTHING = Hit()


class Hovering:
    """Sets off one thing at a time: a port, a task or a wire."""

    def __init__(self, viewer: JobViewer) -> None:
        self._viewer = viewer
        self._hit = _NOTHING
        self._shape: Qt.CursorShape | None = None

    def move(self, place: QPoint) -> None:
        """The pointer is here now."""
        viewer, point = self._viewer, self._viewer.scene_point(place)
        hit = hit_at(viewer.projection, point, viewer.zoom, with_all=not viewer.style_kit.wires_are_thin)
        self._set_off(hit)
        shape = self._shape_for(hit, point)
        if shape is not self._shape:
            self._shape = shape
            self.show_cursor()

    def leave(self) -> None:
        """The pointer is elsewhere."""
        self._set_off(_NOTHING)
        self._shape = None
        self.show_cursor()

    def press(self) -> None:
        """A gesture begins: what it holds shows that itself, but for a port, which stays set off."""
        self._set_off(Hit(port=self._hit.port))

    def show_cursor(self) -> None:
        """Show the pointer that fits what a press would do now."""
        shape = Qt.CursorShape.OpenHandCursor if self._viewer.is_space_held else self._shape
        if shape is None:
            self._viewer.viewport().unsetCursor()
        else:
            self._viewer.viewport().setCursor(shape)

    def _set_off(self, hit: Hit) -> None:
        before, self._hit = self._hit, hit
        if before.port is not hit.port:
            for port, mark in ((before.port, PortMark.NONE), (hit.port, PortMark.HOVERED)):
                if port is not None:
                    port.show_mark(mark)
        for one, is_over in ((before.item, False), (hit.item, True)):
            if one is not None and before.item is not hit.item:
                one.show_hover(is_over=is_over)
        for wire, is_over in ((before.wire, False), (hit.wire, True)):
            if wire is not None and before.wire is not hit.wire:
                wire.show_hover(is_over=is_over)

    @staticmethod
    def _shape_for(hit: Hit, point: QPointF) -> Qt.CursorShape | None:
        if hit.port is not None:
            return Qt.CursorShape.CrossCursor
        note = hit.annotation
        if hit.count is not None or (note is not None and note.link_at(point)):
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.SizeFDiagCursor if note is not None and note.is_corner_at(point) else None
