"""The one clock of the canvas: it turns running rings and moves dashes, and stands still while nothing runs or nobody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from ephemeral_gui.canvas.style import FAR_ZOOM

if TYPE_CHECKING:
    from ephemeral_gui.canvas.projection import Projection
    from ephemeral_gui.widgets.theme import Look

MILLISECONDS: Final = 40  # 25 a second
_TURN_SECONDS: Final = 1.2
_DASH_SPEED: Final = 20.0  # pixels a second


class Motion(QObject):
    """Moves what tells something by moving."""

    def __init__(self, projection: Projection, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._projection = projection
        self._look = look
        self._is_seen = False
        self._clock = QTimer(self, interval=MILLISECONDS)
        self._clock.timeout.connect(self._step)

    @property
    def is_moving(self) -> bool:
        """True while the clock ticks."""
        return self._clock.isActive()

    def follow(self, *, is_seen: bool | None = None) -> None:
        """Start or stop the clock, as what is shown now asks."""
        self._is_seen = self._is_seen if is_seen is None else is_seen
        run = self._projection.run
        is_wanted = self._is_seen and run is not None and not run.snapshot.status.has_ended and not self._look.reduced_motion
        if is_wanted != self._clock.isActive():
            self._clock.start() if is_wanted else self._clock.stop()

    def _step(self) -> None:
        style, projection = self._projection.style, self._projection
        style.turn = (style.turn + 360 * MILLISECONDS / 1000 / _TURN_SECONDS) % 360
        style.dash_offset = (style.dash_offset + _DASH_SPEED * MILLISECONDS / 1000) % 11  # a dash of 7 and a gap of 4
        if style.zoom < FAR_ZOOM:
            return
        for item in projection.items.values():
            if item.face.status.state == "running":
                item.turn_ring()
        for wire in projection.flows.dashed:
            wire.repen()
