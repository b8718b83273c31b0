"""What a view shows over its scene while a hand is at work: the dragged wire, the ports that light, the reason at the mouse, the band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel
from typing_extensions import override

from ephemeral_gui.canvas.dropping import DropView
from ephemeral_gui.canvas.live_wire import LiveWire
from ephemeral_gui.canvas.port import OutputPort

if TYPE_CHECKING:
    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.port import TaskPort
    from ephemeral_gui.canvas.projection import Projection

_MOST_CHARACTERS: Final = 400
_BESIDE: Final = 16  # pixels from the pointer


class WireView(DropView):
    """A view on which wires are drawn."""

    def __init__(self, projection: Projection) -> None:
        super().__init__(projection)
        self._reason = QLabel(self)
        self._reason.setObjectName("refusal")
        self._reason.setTextFormat(Qt.TextFormat.PlainText)
        self._reason.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reason.hide()
        self._replace_live_wire()
        self.dress()

    @override
    def set_layout_direction(self, direction: int) -> None:
        """Wires always lead from left to right; NodeViewer would draw every wire anew."""

    @override
    def set_pipe_layout(self, layout: int) -> None:
        """Wires are always curves; NodeViewer would draw every wire anew."""

    @override
    def start_live_connection(self, selected_port: TaskPort) -> None:
        """Show the wire that is dragged from a port."""
        self._start_port = selected_port
        self._LIVE_PIPE.setVisible(True)

    @override
    def end_live_connection(self) -> None:
        """Take the dragged wire, its reason and the lit ports away."""
        self._start_port = None
        self._LIVE_PIPE.setVisible(False)
        self._reason.hide()
        self.show_fitting(None)

    def show_live_wire(self, port: TaskPort, point: QPointF, *, is_refused: bool) -> None:
        """Show the dragged wire between a port and a point of the scene."""
        held, face = port.scenePos(), port.item.face
        is_out = isinstance(port, OutputPort)
        colour = self.style_kit.type_colour(face.produced if is_out else face.consumed)
        start, end = (held, point) if is_out else (point, held)
        self._LIVE_PIPE.show_between(start, end, colour, is_refused=is_refused)

    def show_fitting(self, keys: frozenset[TaskKey] | None, held: TaskKey | None = None, *, fits_inputs: bool = True) -> None:
        """Light the tasks that the dragged wire may go to and dim all others; None ends it."""
        self.style_kit.held, self.style_kit.fits_inputs = held, fits_inputs
        if keys != self.style_kit.fitting:
            self.style_kit.fitting = keys
            self.viewport().update()

    def show_reason(self, reason: str | None, place: QPoint) -> None:
        """Show beside the pointer why the wire may not end here."""
        self._reason.setVisible(reason is not None)
        if reason is None:
            return
        self._reason.setText(reason if len(reason) < _MOST_CHARACTERS else reason[: _MOST_CHARACTERS - 1] + "…")
        self._reason.adjustSize()
        room = self.viewport().size() - self._reason.size()
        self._reason.move(max(0, min(place.x() + _BESIDE, room.width())), max(0, min(place.y() + _BESIDE, room.height())))

    def show_band(self, band: QRect | None) -> None:
        """Show the rubber band there, or no longer."""
        self._rubber_band.setVisible(band is not None)
        if band is not None:
            self._rubber_band.setGeometry(band)

    def dress(self) -> None:
        """Take the colours of the theme."""
        theme = self.style_kit.theme
        self._reason.setStyleSheet(
            f"#refusal {{ background: {theme.node}; color: {theme.error_text}; border: 1px solid {theme.state_colour('failed')};"
            " border-radius: 6px; padding: 4px 8px; }"
        )
        palette = self._rubber_band.palette()
        palette.setColor(QPalette.ColorRole.Highlight, self.style_kit.colour(theme.accent))
        self._rubber_band.setPalette(palette)

    def _replace_live_wire(self) -> None:
        self._job_scene.removeItem(self._LIVE_PIPE)
        self._LIVE_PIPE = LiveWire(self.style_kit)
        self._job_scene.addItem(self._LIVE_PIPE)
        self._job_scene.overlays.append(self._LIVE_PIPE)
        self._job_scene.removeItem(self._cursor_text)  # its hints on keys are NodeGraphQt's, not ours
