"""Places on the canvas, notes and frames: ``arrange.*``. Only ``layout`` changes."""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow


class ArrangeCommands:
    """Moves what is selected on the canvas that is shown; nothing happens where none is."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def selection(self) -> None:
        """Place the selected tasks in layers."""
        self._do("arrange_selection")

    def align_left(self) -> None:
        """Bring the left edges onto one line."""
        self._do("align_left")

    def align_centre(self) -> None:
        """Bring the centres onto one upright line."""
        self._do("align_centre")

    def align_right(self) -> None:
        """Bring the right edges onto one line."""
        self._do("align_right")

    def align_top(self) -> None:
        """Bring the upper edges onto one line."""
        self._do("align_top")

    def align_middle(self) -> None:
        """Bring the centres onto one level line."""
        self._do("align_middle")

    def align_bottom(self) -> None:
        """Bring the lower edges onto one line."""
        self._do("align_bottom")

    def space_across(self) -> None:
        """Make the gaps from left to right equal."""
        self._do("space_across")

    def space_down(self) -> None:
        """Make the gaps from top to bottom equal."""
        self._do("space_down")

    def note(self) -> None:
        """Add a note and ask for its text."""
        if self._window.canvas is not None:
            self._window.canvas.add_note()

    def frame(self) -> None:
        """Put a frame around the selection and ask for its title."""
        if self._window.canvas is not None:
            self._window.canvas.annotating.frame_selection()

    def _do(self, name: str) -> None:
        if self._window.canvas is not None:
            methodcaller(name)(self._window.canvas.arranging)
