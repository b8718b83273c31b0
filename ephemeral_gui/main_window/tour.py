"""Three sentences for a first visit, in a bar that stands in nobody's way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from ephemeral_gui.main_window.banner import Banner

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from ephemeral_gui.main_window.docks import Docks
    from ephemeral_gui.widgets.theme import Look

STEPS: Final = (
    (
        "palette",
        "Open an example from the first page, or drag a task from the palette. On the canvas, Tab adds one at the mouse.",
    ),
    ("inspector", "Drag from port to port to connect. What is selected is set in the inspector; problems say what is missing and mend it."),
    ("progress", "F5 runs the job, and every task shows its state. Ctrl+K finds every task and command, F1 lists every key."),
)
KEY: Final = "tour/seen"


class Tour(QObject):
    """Offered once to a window that starts empty; afterwards only where somebody asks for it."""

    def __init__(self, look: Look, docks: Docks, settings: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._docks = docks
        self._settings = settings
        self._at = 0
        self.banner = Banner("tour_banner", "note", "Next", look)
        self.banner.action_requested.connect(self._next)
        self.banner.put_away.connect(self._end)

    def offer(self) -> None:
        """Begin where it was never seen to its end nor put away."""
        if self._settings.value(KEY) is None:
            self.begin()

    def begin(self) -> None:
        """Show the first step."""
        self._at = 0
        self._show()

    def note_opening(self) -> None:
        """Go on to the second step where a job map was opened at the first."""
        if self._at == 0 and not self.banner.isHidden():
            self._next()

    def _next(self) -> None:
        self._at += 1
        if self._at < len(STEPS):
            self._show()
        else:
            self.banner.hide()
            self._end()

    def _show(self) -> None:
        dock, words = STEPS[self._at]
        self._docks.reveal(dock)
        self.banner.call_action("Next" if self._at < len(STEPS) - 1 else "Done")
        self.banner.say(f"{self._at + 1} of {len(STEPS)}   {words}")

    def _end(self) -> None:
        self._settings.setValue(KEY, "yes")
