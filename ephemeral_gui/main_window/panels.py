"""The panels in their docks, and how they follow the page that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMetaObject, QObject, Qt, Signal

from engine.model.job_map import TaskKey
from engine.problems import Problem
from ephemeral_gui.history.panel import HistoryPanel
from ephemeral_gui.inspector.panel import InspectorPanel
from ephemeral_gui.json_view.panel import JsonPanel
from ephemeral_gui.outline.panel import OutlinePanel
from ephemeral_gui.palette.panel import PalettePanel
from ephemeral_gui.problems.panel import ProblemsPanel
from ephemeral_gui.results.panel import ResultsPanel
from ephemeral_gui.runs.log_panel import LogPanel
from ephemeral_gui.runs.progress_panel import ProgressPanel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSettings

    from engine.catalog import Catalog
    from engine.validation.fixes import Fix
    from ephemeral_gui.main_window.docks import Docks
    from ephemeral_gui.main_window.job_page import JobPage
    from ephemeral_gui.widgets.theme import Look


class Panels(QObject):
    """Makes the panels, tells them what the shown page says, and passes on what the user does in them."""

    problems_shown = Signal()
    """``shown_problems`` is another list than before."""
    add_requested = Signal(str, str)

    def __init__(self, docks: Docks, look: Look, parent: QObject, settings: QSettings | None = None) -> None:
        super().__init__(parent)
        self._docks = docks
        self._look = look
        self._settings = settings
        self._page: JobPage | None = None
        self.shown_problems: Sequence[Problem] = ()
        self._catalog: Catalog | None = None
        self._connections: list[QMetaObject.Connection] = []
        self.palette: PalettePanel | None = None
        self.inspector = InspectorPanel(look)
        self.outline = OutlinePanel(look)
        self.history = HistoryPanel(look)
        self.problems = ProblemsPanel(look)
        self.progress = ProgressPanel(look)
        self.results = ResultsPanel(look)
        self.log = LogPanel(look)
        self.json = JsonPanel(look)
        for name in ("inspector", "outline", "history", "problems", "progress", "results", "log", "json"):
            docks[name].set_panel(getattr(self, name))
        docks["json"].visibilityChanged.connect(self.json.set_in_front)
        self.outline.chosen.connect(self._choose)
        self.outline.activated.connect(self._go_to)
        self.problems.activated.connect(self._problem_activated)
        self.problems.offer_fixes(self._fix_words)
        self.problems.fix_requested.connect(self._fix)
        self.progress.activated.connect(self.go_to_task)
        self._wants_branches = False
        self.inspector.branches_wanted.connect(lambda wanted: self._wish_branches(wanted=wanted))

    def use_catalog(self, catalog: Catalog) -> None:
        """Offer the methods of this catalogue."""
        self._catalog = catalog
        if self.palette is not None:
            self.palette.show_catalog(catalog)
        else:
            self.palette = PalettePanel(catalog, self._look, self._settings)
            self.palette.add_requested.connect(self.add_requested)
            self._docks["palette"].set_panel(self.palette)
        self.show_page(self._page)

    def show_page(self, page: JobPage | None) -> None:
        """Follow another page, or none."""
        for connection in self._connections:
            QObject.disconnect(connection)
        self._connections.clear()
        self._page = page
        self.inspector.show_document(page.document if page else None, self._catalog)
        self.json.show_document(page.document if page else None)
        self.outline.show_document(page.document if page else None, self._catalog)
        self.history.show_document(page.document if page else None)
        if page is not None:
            self._follow(page)
        self._wish_branches(wanted=self._wants_branches)
        self.inspector.follow_branches(page.runs.branches_of if page else None)
        self._show_selection()
        self.show_problems(page.live_problems.found if page else ())
        self._show_progress()
        self.results.show_result(page.runs.last_result if page else None)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show problems in the panel, the inspector and on the tab."""
        self.problems.show_problems(problems)
        self.inspector.show_problems(problems)
        self.outline.show_problems(problems)
        self.json.show_problems(problems if self._page is not None else ())
        self._docks.show_problem_count(len(problems))
        self.shown_problems = problems
        self.problems_shown.emit()

    def go_to_problem(self, problem: Problem) -> None:
        """Show the task that a problem speaks of, and the field where it speaks of one."""
        task = self.go_to_task(problem.task) if problem.task is not None else None
        steps = problem.pointer.split("/")
        if task is not None and self._page is not None and "init_args" in steps[:-1]:
            name = steps[steps.index("init_args") + 1].replace("~1", "/").replace("~0", "~")
            self.inspector.focus_argument(task, name)

    def go_to_task(self, name: str) -> TaskKey | None:
        """Select a task, bring it into view, and return its key; None where there is none of that name."""
        task = self._page.document.job_map.by_name.get(name) if self._page else None
        if self._page is None or task is None:
            return None
        self._page.canvas.select([task.key])
        self._page.canvas.center_on(task.key)
        return task.key

    def _choose(self, keys: Sequence[TaskKey]) -> None:
        if self._page is not None:
            self._page.canvas.select(keys)

    def _go_to(self, key: object) -> None:
        if self._page is not None and isinstance(key, int):
            self._page.canvas.select([TaskKey(key)])
            self._page.canvas.center_on(TaskKey(key))

    def _follow(self, page: JobPage) -> None:
        self._connections = [
            page.live_problems.changed.connect(lambda: self.show_problems(page.live_problems.found)),
            page.selection_changed.connect(self._show_selection),
            page.task_activated.connect(self._show_settings),
            page.items_requested.connect(self._show_items),
            page.runs.started.connect(self._run_started),
            page.runs.progressed.connect(self._show_progress),
            page.runs.finished.connect(self._run_finished),
        ]

    def _problem_activated(self, problem: object) -> None:
        if isinstance(problem, Problem):
            self.go_to_problem(problem)

    def _fix_words(self, problem: Problem) -> str | None:
        fix = self._fix_of(problem)
        return fix.text if fix is not None else None

    def _fix_of(self, problem: Problem) -> Fix | None:
        from engine.validation.fixes import find_fix  # noqa: PLC0415  not needed before the window is shown

        if self._page is None or self._catalog is None:
            return None
        return find_fix(problem, self._page.document.job_map, self._catalog)

    def _fix(self, problem: object) -> None:
        """Mend a problem as one step that can be undone; nothing happens where an edit has mended or moved it meanwhile."""
        if self._page is None or not isinstance(problem, Problem):
            return
        self._page.live_problems.check_now()
        fix = self._fix_of(problem) if problem in self._page.live_problems.found else None
        if fix is not None:
            self._page.document.change(fix.text, fix.job_map)
            self._page.live_problems.check_now()

    def _show_selection(self, *_: object) -> None:
        keys = self._page.canvas.selected_keys() if self._page else []
        self.inspector.show_selection(keys)
        self.outline.show_selection(keys)

    def _show_settings(self, *_: object) -> None:
        self._docks.reveal("inspector")
        self.inspector.setFocus(Qt.FocusReason.TabFocusReason)  # what stands in the field is replaced by typing

    def _show_items(self, _key: object) -> None:
        """Show the items of the task that was just selected, branch by branch."""
        self._docks.reveal("inspector")
        self.inspector.open_branches()

    def _wish_branches(self, *, wanted: bool) -> None:
        self._wants_branches = wanted
        if self._page is not None:
            self._page.runs.follows_branches = wanted

    def _show_progress(self) -> None:
        page = self._page
        snapshot = page.runs.progress if page else None
        self.inspector.show_progress(snapshot)
        self.outline.show_progress(snapshot)
        self.progress.show_progress(page.runs.job_map or page.document.job_map if page else None, snapshot)

    def _run_started(self) -> None:
        self.results.show_result(None)
        self._docks.reveal("progress")
        self._show_progress()

    def _run_finished(self) -> None:
        if self._page is not None:
            self.results.show_result(self._page.runs.last_result)
