"""The runs of one document: started on a snapshot of it, watched at a person's pace, stopped and paused."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from ephemeral_gui.runs.branch_log import BranchLog, TaskBranches, failed_branches
from ephemeral_gui.runs.run_part import Kept, kept_of

if TYPE_CHECKING:
    from engine.catalog import Catalog
    from engine.execution import Job, Run
    from engine.execution.progress import ProgressSnapshot
    from engine.execution.result import RunResult
    from engine.model.job_map import JobMap
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.runs.run_part import RunPart

MILLISECONDS_BETWEEN_LOOKS = 40
"""Progress is looked at 25 times a second: smooth to the eye, and independent of what the run does."""

_logger = logging.getLogger(__name__)


class RunInProgressError(RuntimeError):
    """The document runs already."""

    def __init__(self) -> None:
        super().__init__("this job map is running already; stop it, or wait for its end")


class Runs(QObject):
    """Starts, watches and ends the runs of a document, one at a time. Lives on the event loop that runs on Qt."""

    started = Signal()
    progressed = Signal()
    """``progress`` is newer, at most 25 times a second, and once more at the end."""
    finished = Signal()
    changed = Signal()
    """``is_running`` or ``is_paused`` is another one than before."""

    def __init__(self, document: Document, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._catalog = catalog
        self._running: asyncio.Task[RunResult] | None = None
        self._run: Run | None = None
        self._is_paused = False
        self._progress: ProgressSnapshot | None = None
        self._job_map: JobMap | None = None
        self._part: RunPart | None = None
        self._kept: Kept | None = None
        self._last_result: RunResult | None = None
        self._branches: BranchLog | None = None
        self.follows_branches = False
        """Whether later runs keep what becomes of each branch; it costs a run of short tasks several times what it costs else."""
        self._clock = QTimer(self, interval=MILLISECONDS_BETWEEN_LOOKS)
        self._clock.timeout.connect(self._look)

    @property
    def is_running(self) -> bool:
        """True from ``start`` until the result is there."""
        return self._running is not None

    @property
    def is_paused(self) -> bool:
        """True while nothing new is started."""
        return self._is_paused

    @property
    def progress(self) -> ProgressSnapshot | None:
        """How far the present run, else the last one, came; None before the first."""
        return self._progress

    @property
    def job_map(self) -> JobMap | None:
        """The snapshot of the document that the present run, else the last one, works on."""
        return self._job_map

    @property
    def last_result(self) -> RunResult | None:
        """What the last run that ended gave."""
        return self._last_result

    @property
    def part(self) -> RunPart | None:
        """What the present run, else the last one, does of the job; None where that is all of it."""
        return self._part

    @property
    def kept(self) -> Kept | None:
        """What earlier runs gave that a later one can start with; None before the first."""
        return self._kept

    def branches_of(self, task: str) -> TaskBranches:
        """Return what became of each branch of a task in the present run, else the last one; failures alone where it was not followed."""
        if self._branches is not None:
            return self._branches.of(task)
        result = None if self._running is not None else self._last_result
        return failed_branches(result.failures if result is not None else (), task)

    def use_catalog(self, catalog: Catalog) -> None:
        """Take methods of later runs from another catalogue."""
        self._catalog = catalog

    def start(self, part: RunPart | None = None, **options: Any) -> asyncio.Task[RunResult]:
        """Run the job map as it is now; the document may be edited meanwhile. Needs a running event loop.

        Args:
            part: what of the job is to run, None for all.
            options: those of ``Job.start``.

        Returns:
            an awaitable of the run's result. It raises ``JobMapError`` with all problems where the job map cannot run; cancelling it
            cancels the run.

        Raises:
            RunInProgressError: the document runs already.
        """
        if self._running is not None:
            raise RunInProgressError
        self._job_map = self._document.job_map
        self._part = part
        job_map = self._job_map
        if part is not None:
            job_map, options = part.map_to_run(job_map), {**options, **part.options}
        self._branches = BranchLog(len(job_map.tasks)) if self.follows_branches else None
        if self._branches is not None:
            options = {**options, "subscribers": (*options.get("subscribers", ()), self._branches)}
        running = asyncio.get_running_loop().create_task(self._to_the_end(job_map, options), name=f"run of {job_map.name}")
        self._running = running
        self.changed.emit()
        return running

    def stop(self) -> None:
        """End the run soon; what was finished is kept. Nothing happens where none runs."""
        if self._run is not None:
            self._run.cancel()
        elif self._running is not None:
            self._running.cancel()

    def pause(self) -> None:
        """Let running bodies end and start none."""
        self._set_paused(paused=True)

    def resume(self) -> None:
        """Go on."""
        self._set_paused(paused=False)

    async def wait(self) -> None:
        """Return once no run is left, however it ended."""
        if self._running is not None:
            await asyncio.wait([self._running])

    def _set_paused(self, *, paused: bool) -> None:
        if self._run is None or paused is self._is_paused:
            return
        if paused:
            self._run.pause()
        else:
            self._run.resume()
        self._is_paused = paused
        self.changed.emit()

    async def _to_the_end(self, job_map: JobMap, options: dict[str, Any]) -> RunResult:
        try:
            job = await asyncio.to_thread(_build, job_map, self._catalog)
            self._run = job.start(**options)
            self._progress = self._of_part(self._run.progress)
            self._clock.start()
            self.started.emit()
            return await self._wait_for(self._run)
        finally:
            self._settle()

    async def _wait_for(self, run: Run) -> RunResult:
        try:
            return self._keep(await run.wait())
        except asyncio.CancelledError:
            run.cancel()
            self._keep(await run.wait())
            raise

    def _keep(self, result: RunResult) -> RunResult:
        self._last_result = result
        self._progress = self._of_part(result.progress)
        if self._job_map is not None:
            self._kept = kept_of(result, self._job_map, None if self._part is None else self._kept)
        return result

    def _of_part(self, snapshot: ProgressSnapshot) -> ProgressSnapshot:
        """Return the snapshot without tasks that are no part of the run: they are neither off nor done."""
        if self._part is None:
            return snapshot
        return replace(snapshot, tasks={name: task for name, task in snapshot.tasks.items() if name in self._part.names})

    def _settle(self) -> None:
        """Be as before the start, and tell those who watch."""
        began = self._run is not None
        self._clock.stop()
        self._run = None
        self._running = None
        self._is_paused = False
        if began:
            self.progressed.emit()
            self.finished.emit()
        self.changed.emit()

    def _look(self) -> None:
        if self._run is not None:
            self._progress = self._of_part(self._run.progress)
            self.progressed.emit()


def _build(job_map: JobMap, catalog: Catalog) -> Job:
    """Build the job, in a thread: it may import task code, which takes seconds."""
    from engine.execution import build_job  # noqa: PLC0415  heavy, and not needed before the first run

    return build_job(job_map, catalog)
