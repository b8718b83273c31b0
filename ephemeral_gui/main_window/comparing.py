"""Another job map beside the one that is shown: on the canvas, under a bar that counts, until the bar is put away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.errors import EphemeralError
from engine.files import load_job_map
from ephemeral_gui.main_window.banner import Banner
from ephemeral_gui.main_window.difference_window import DifferenceWindow

if TYPE_CHECKING:
    from pathlib import Path

    from engine.model.job_map import JobMap
    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look


class Comparing(QObject):
    """Compares the document of one page with the job map of a file.

    Attributes:
        banner: the bar above the canvas, hidden while nothing is compared.
    """

    failed = Signal(str)
    task_activated = Signal(str)
    """A task was asked for in the list of differences."""

    def __init__(self, document: Document, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._look = look
        self._canvas: Canvas | None = None
        self._other: JobMap | None = None
        self._name = ""
        self.banner = Banner("difference_banner", "note", "", look)
        self.banner.add_choice("list", "List")
        self.banner.chosen.connect(lambda _: self._list())
        self.banner.put_away.connect(self.stop)

    def follow(self, canvas: Canvas) -> None:
        """Draw on this canvas from now on."""
        self._canvas = canvas
        canvas.compared.connect(self._say)
        canvas.show_difference(self._other)

    def start(self, path: Path) -> None:
        """Show what the document has otherwise than the job map of a file."""
        try:
            self._other = load_job_map(path)
        except EphemeralError as error:
            self.failed.emit(f"Not compared: {error}")
            return
        self._name = path.name
        if self._canvas is not None:
            self._canvas.show_difference(self._other)
            self._canvas.select([])  # else it is the selection that is fitted
            self._canvas.fit()

    def stop(self) -> None:
        """Show the document alone again."""
        self._other = None
        self.banner.hide()
        if self._canvas is not None:
            self._canvas.show_difference(None)

    def _say(self, summary: str) -> None:
        self.banner.say(f"Comparing with {self._name}: {summary}")

    def _list(self) -> None:
        if self._other is None:
            return
        title = f"What is otherwise here than in {self._name}"
        window = DifferenceWindow(title, self._other, self._document.job_map, self._look, self.banner.window(), goes_to_later=True)
        window.task_activated.connect(self.task_activated)
        window.show()
