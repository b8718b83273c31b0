"""The hand on a view: the gesture under way, the button that holds it, and the view that gives way where the hand comes to its edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer

from ephemeral_gui.canvas.gesture_choice import gesture_for
from ephemeral_gui.canvas.guard import guarded

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QMouseEvent

    from ephemeral_gui.canvas.gestures import Gesture
    from ephemeral_gui.canvas.viewer import JobViewer

_EDGE: Final = 20  # pixels from the edge at which the view gives way
_MOST_PIXELS: Final = 24  # of one step
_MILLISECONDS: Final = 16


class Hand(QObject):
    """One gesture at a time: begun by a button, ended by the same one, given up by Escape, the right button or a window that goes away."""

    def __init__(self, viewer: JobViewer) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        self._place = QPoint()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._is_moving = False
        self._was_inside = False
        self._gave_up_by_button = False
        self._scroll = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._scroll.timeout.connect(self._give_way)
        viewer.view_changed.connect(self._stay)

    @property
    def is_busy(self) -> bool:
        """True while a gesture is under way."""
        return self._gesture is not None

    def press(self, event: QMouseEvent) -> None:
        """Begin a gesture; a second button does not, and the right one ends the gesture under way without a trace."""
        self._gave_up_by_button = False
        if self._gesture is not None:
            self._gave_up_by_button = event.button() is Qt.MouseButton.RightButton and self.cancel()
            return
        self._place, self._modifiers, self._button = event.position().toPoint(), event.modifiers(), event.button()
        self._was_inside = False
        self._gesture = gesture_for(self._viewer, event)

    def move(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Go on with the gesture under way."""
        if self._gesture is None or self._is_moving:
            return
        self._place, self._modifiers = place, modifiers
        self._is_moving = True  # a gesture may move the view, which tells of it
        try:
            self._gesture.move(place, modifiers)
        finally:
            self._is_moving = False
        if self._way_out() and not self._scroll.isActive():
            self._scroll.start()

    def release(self, event: QMouseEvent) -> None:
        """End the gesture, if it was this button that held it."""
        if self._gesture is None or event.button() is not self._button:
            return
        gesture, self._gesture = self._gesture, None
        self._scroll.stop()
        gesture.finish(event.position().toPoint(), event.modifiers())

    def cancel(self) -> bool:
        """End the gesture under way without a trace; return whether there was one."""
        gesture, self._gesture = self._gesture, None
        self._scroll.stop()
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def takes_menu(self) -> bool:
        """Return whether a press of the right button meant the gesture and no menu."""
        return self.is_busy or self._gave_up_by_button

    def _stay(self) -> None:
        """Keep what is held under the hand while the view zooms or moves beneath it."""
        if self._gesture is not None:
            self.move(self._place, self._modifiers)

    @guarded
    def _give_way(self) -> None:
        if self._gesture is not None and (way := self._way_out()):
            self._viewer.pan_by(-way)  # which tells of it, and so moves what is held

    def _way_out(self) -> QPointF:
        """Return how far the view should go in one step: nothing for a hand within it, or one that has not left the edge where it began."""
        if self._gesture is None or not self._gesture.scrolls:
            return QPointF()
        room = self._viewer.viewport().rect()
        inner = room.adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        self._was_inside = self._was_inside or inner.contains(self._place)
        return _beyond(inner if self._was_inside else room, self._place)


def _beyond(box: QRect, place: QPoint) -> QPointF:
    """Return how far outside of a box a place is, each way, as far as one step goes."""
    across = max(0, place.x() - box.right()) - max(0, box.left() - place.x())
    down = max(0, place.y() - box.bottom()) - max(0, box.top() - place.y())
    return QPointF(*(max(-_MOST_PIXELS, min(_MOST_PIXELS, each)) for each in (across, down)))
