"""The way from one view to the next: 120 ms, so that the eye can follow; at once where nothing should move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation

if TYPE_CHECKING:
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.widgets.theme import Look

MILLISECONDS: Final = 120


class Gliding(QObject):
    """Moves one view; the hand on it always comes first."""

    def __init__(self, viewer: JobViewer, look: Look) -> None:
        super().__init__(viewer)
        self._viewer = viewer
        self._look = look
        self._from = self._to = (QPointF(), 1.0)
        self._then_fitted = False
        self._way = QVariantAnimation(self, duration=MILLISECONDS, startValue=0.0, endValue=1.0)
        self._way.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._way.valueChanged.connect(self._step)
        self._way.finished.connect(self._arrive)
        viewer.touched.connect(self.stop)

    @property
    def zoom(self) -> float:
        """The zoom that the view has, or is on its way to."""
        return self._to[1] if self._is_moving else self._viewer.zoom

    @property
    def centre(self) -> QPointF:
        """The middle that the view has, or is on its way to."""
        return self._to[0] if self._is_moving else self._viewer.visible_rect.center()

    def to(self, centre: QPointF, zoom: float, *, is_fitted: bool = False) -> None:
        """Go to this middle and zoom; ``is_fitted``: from then on the view keeps the whole map in sight."""
        self._way.stop()
        self._from = (self._viewer.visible_rect.center(), self._viewer.zoom)
        self._to, self._then_fitted = (centre, zoom), is_fitted
        if self._look.reduced_motion or not self._viewer.isVisible():
            self._arrive()
        else:
            self._way.start()

    def stop(self) -> None:
        """Stay where the view is now."""
        self._way.stop()

    @property
    def _is_moving(self) -> bool:
        return self._way.state() == QVariantAnimation.State.Running

    def _step(self, share: object) -> None:
        if not isinstance(share, float) or not self._is_moving:
            return
        (here, zoom), (there, wanted) = self._from, self._to
        self._viewer.look_at(here + (there - here) * share, zoom * (wanted / zoom) ** share)

    def _arrive(self) -> None:
        self._viewer.look_at(*self._to)
        if self._then_fitted:
            self._viewer.fit_all()
