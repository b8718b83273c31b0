"""Files let go on the window: read, opened or refused, never asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QPointF

    from ephemeral_gui.main_window.dropped_files import Sorted
    from ephemeral_gui.main_window.job_page import JobPage
    from ephemeral_gui.main_window.window import MainWindow


class FileDrop:
    """Takes files for one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def take(self, paths: Sequence[Path], point: QPointF | None = None) -> None:
        """Do with dropped files what their kinds ask for; data go to the job map that is shown, or to a new one.

        Args:
            paths: files and folders.
            point: where on the canvas that is shown; None for elsewhere on the window.
        """
        from ephemeral_gui.main_window.dropped_files import sort_files  # noqa: PLC0415  not needed before the first drop

        found = sort_files(paths, self._window.catalog)
        if found.rows or found.loaded:
            if self._window.page is None:
                self._window.file_commands.new()
            if self._window.page is not None:
                self._read(found, self._window.page, point)
        for path in found.job_maps:
            self._window.open_job_map(path)
        if found.refused:
            self._window.status.say(
                found.refused[0] if len(found.refused) == 1 else f"{found.refused[0]} So for {len(found.refused) - 1} more."
            )

    def _read(self, found: Sorted, page: JobPage, point: QPointF | None) -> None:
        from ephemeral_gui.canvas.editor import Editor  # noqa: PLC0415
        from ephemeral_gui.main_window.dropped_files import with_files  # noqa: PLC0415

        place = page.canvas.viewer.visible_rect.center() if point is None else point
        job_map = Editor(page.document, self._window.catalog).pinned()
        job_map, keys = with_files(job_map, found, self._window.catalog, (place.x(), place.y()))
        paths = found.rows or found.loaded
        what = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
        how = ", the path of each as a payload" if len(found.rows) > 1 else ""
        page.document.change(f"Read {what}", job_map)
        page.canvas.select(keys)
        self._window.status.say(f"The job reads {what} now{how}. Undo takes it back.")
