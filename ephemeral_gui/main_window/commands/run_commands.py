"""Running the job map that is shown: ``run.*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import JobMapError
from engine.validation import validate
from ephemeral_gui.main_window.part_runs import FROM, TO
from ephemeral_gui.runs.run_part import RunPart

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

    def selected(self) -> None:
        """Run what leads to the selected tasks, and them."""
        self._start_part(TO)

    def from_selected(self) -> None:
        """Run the selected tasks and what stands behind them, on what an earlier run gave."""
        self._start_part(FROM)

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

    def _start_part(self, action_id: str) -> None:
        self._window.panels.json.flush()
        page, part = self._window.page, self._window.part_runs.meant(action_id)
        if page is None or page.runs.is_running:
            return
        if isinstance(part, RunPart):
            self._window.status.say(f"Running {part.in_words(page.document.job_map)}")
            self._window.background.start(self._run(page, part))
        else:
            self._window.status.say(part)

    async def _run(self, page: JobPage, part: RunPart | None = None) -> None:
        page.live_problems.check_now()
        if self._has_errors(page, part):
            self._window.docks.reveal("problems")
            self._window.status.say("Not run: the errors under Problems come first.")
            return
        try:
            await page.runs.start(part)
        except JobMapError as error:  # found only now: a datasource that is not there, task code that does not load
            self._window.panels.show_problems(error.problems)
            self._window.docks.reveal("problems")

    def _has_errors(self, page: JobPage, part: RunPart | None) -> bool:
        """Return whether what is to run has errors; those elsewhere in the job map hinder no part of it."""
        found = page.live_problems.found
        if part is not None and any(problem.is_error for problem in found):
            found = validate(part.map_to_run(page.document.job_map), self._window.catalog)
        return any(problem.is_error for problem in found)
