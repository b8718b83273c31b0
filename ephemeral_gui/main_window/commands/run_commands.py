"""Running the job map that is shown: ``run.*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import JobMapError

if TYPE_CHECKING:
    from ephemeral_gui.main_window.job_page import JobPage
    from ephemeral_gui.main_window.window import MainWindow


class RunCommands:
    """Starts and ends runs; what is wrong with the job map is shown instead of starting it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def start(self) -> None:
        """Run the job as it is now."""
        self._window.panels.json.flush()
        page = self._window.page
        if page is not None and not page.runs.is_running:
            self._window.background.start(self._run(page))

    def stop(self) -> None:
        """End the run; what was finished is kept."""
        if self._window.runs is not None:
            self._window.runs.stop()

    def pause(self) -> None:
        """Pause, or go on."""
        runs = self._window.runs
        if runs is not None and runs.is_paused:
            runs.resume()
        elif runs is not None:
            runs.pause()
        self._window.refresh_actions()

    async def _run(self, page: JobPage) -> None:
        page.live_problems.check_now()
        if any(problem.is_error for problem in page.live_problems.found):
            self._window.docks.reveal("problems")
            return
        try:
            await page.runs.start()
        except JobMapError as error:  # found only now: a datasource that is not there, task code that does not load
            self._window.panels.show_problems(error.problems)
            self._window.docks.reveal("problems")
