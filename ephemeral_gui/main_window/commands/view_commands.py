"""What is seen and how large: ``view.*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow


class ViewCommands:
    """Moves the eye, not the job map, but for ``layout``."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def fit(self) -> None:
        """Show the selection, or the whole job, as large as fits."""
        if self._window.canvas is not None:
            self._window.canvas.fit()

    def zoom_in(self) -> None:
        """Come nearer."""
        if self._window.canvas is not None:
            self._window.canvas.zoom_in()

    def zoom_out(self) -> None:
        """Step back."""
        if self._window.canvas is not None:
            self._window.canvas.zoom_out()

    def reset_zoom(self) -> None:
        """Show tasks at 100 %."""
        if self._window.canvas is not None:
            self._window.canvas.reset_zoom()

    def layout(self) -> None:
        """Arrange the tasks from left to right."""
        if self._window.canvas is not None:
            self._window.canvas.arrange()

    def next_area(self) -> None:
        """Go on with the keyboard to the next panel."""
        self._window.focus_order.step(1)

    def previous_area(self) -> None:
        """Go back with the keyboard to the panel before."""
        self._window.focus_order.step(-1)

    def reset_panels(self) -> None:
        """Put every panel back to its place."""
        self._window.docks.reset()
