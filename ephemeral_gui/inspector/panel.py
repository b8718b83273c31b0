"""The inspector panel: one page for what is selected, made anew when the selection or its method changes, following the document else.

Object names of controls: ``name``, ``description``, ``argument.<name>``, ``consumes``, ``produces``, ``policy.<field>``, ``join``,
``collect``, ``collect.<field>``, ``id`` (of an output), ``datasource.source``, ``datasource.<key>``, ``job.description``,
``job.<policy field>``. Beside each stand ``<control>.error``, ``<control>.mend`` (the suggestion, to be clicked), ``<control>.reset``,
``<control>.help``. Further: ``state``,
``state.counts``, ``branches``, ``section.branches``, ``section.<title>``, ``trouble``, ``trouble.mend``, ``next_run``, ``hint``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.model.job_map import TaskType
from ephemeral_gui.inspector.edits import Edits
from ephemeral_gui.inspector.function_page import FunctionPage
from ephemeral_gui.inspector.input_page import InputPage
from ephemeral_gui.inspector.job_page import JobPage
from ephemeral_gui.inspector.many_page import ManyPage
from ephemeral_gui.inspector.output_page import OutputPage
from ephemeral_gui.inspector.page import Page
from ephemeral_gui.inspector.recent_list import NoDocument
from ephemeral_gui.widgets.labels import IconLabel, PlainLabel, line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from engine.catalog import Catalog
    from engine.execution.progress import ProgressSnapshot
    from engine.model.definition import Definition
    from engine.model.job_map import Task, TaskKey
    from engine.problems import Problem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.runs.branch_log import TaskBranches
    from ephemeral_gui.widgets.theme import Look

MILLISECONDS_BETWEEN_BRANCHES = 250
"""The list of branches is read, not watched: four times a second is enough for the eye and nothing for the run."""


class InspectorPanel(QWidget):
    """Shows and changes the selected task of one document, several of one method together, or the job where none is selected."""

    open_requested = Signal(object)
    """The ``Path`` of a job map that the user wants to open."""

    branches_wanted = Signal(bool)
    """Whether the user wants to see what becomes of each branch."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._edits: Edits | None = None
        self._catalog: Catalog | None = None
        self._keys: tuple[TaskKey, ...] = ()
        self._problems: Sequence[Problem] = ()
        self._snapshot: ProgressSnapshot | None = None
        self._branches: Callable[[str], TaskBranches] | None = None
        self._wants_branches = False
        self._refresh = QTimer(self, singleShot=True, interval=MILLISECONDS_BETWEEN_BRANCHES)
        self._refresh.timeout.connect(self._show_branches)
        self._subject: object = None
        self._recent: Sequence[Path] = ()
        self._page: QWidget = QWidget()
        self._next_run = _NextRun(look)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._page, 1)
        self._column.addWidget(self._next_run)
        self._show_page()

    def show_document(self, document: Document | None, catalog: Catalog | None) -> None:
        """Follow another document, or none."""
        if self._edits is not None:
            self._edits.document.changed.disconnect(self._show_page)
        self._edits = Edits(document) if document is not None else None
        self._catalog = catalog
        self._keys = ()
        self._subject = object()
        if document is not None:
            document.changed.connect(self._show_page)
        self._show_page()

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer these files while no job map is shown."""
        self._recent = tuple(paths)
        if self._edits is None:
            self._subject = object()
            self._show_page()

    def show_selection(self, keys: Sequence[TaskKey]) -> None:
        """Show the one selected task, else the job."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self._show_page()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show problems at the fields that they speak of."""
        self._problems = problems
        if isinstance(self._page, Page):
            self._page.show_problems(problems)

    def follow_branches(self, branches: Callable[[str], TaskBranches] | None) -> None:
        """Ask ``branches`` from now on what became of each branch of a task; None where no job map is shown."""
        self._branches = branches
        self._show_branches()

    def open_branches(self) -> None:
        """Open the list of what became of each branch of the task, and bring it into view."""
        if isinstance(self._page, FunctionPage):
            self._page.branch_list.header.setChecked(True)
            self._page.ensureWidgetVisible(self._page.branch_list)

    def show_progress(self, snapshot: ProgressSnapshot | None) -> None:
        """Show how the task stands in a run."""
        self._snapshot = snapshot
        self._next_run.setVisible(snapshot is not None and not snapshot.status.has_ended)
        if isinstance(self._page, Page):
            self._page.show_progress(snapshot)
        if snapshot is None or snapshot.status.has_ended:
            self._show_branches()
        elif not self._refresh.isActive():
            self._refresh.start()

    def focus_argument(self, key: TaskKey, name: str) -> None:
        """Show a task and put the cursor into one of its arguments."""
        self.show_selection([key])
        control = self._page.argument_control(name) if isinstance(self._page, FunctionPage) else None
        if control is not None and isinstance(self._page, FunctionPage):
            control.setFocus(Qt.FocusReason.OtherFocusReason)
            self._page.ensureWidgetVisible(control, 0, 60)

    def _task(self) -> Task | None:
        if self._edits is None or len(self._keys) != 1:
            return None
        return self._edits.task(self._keys[0])

    def _definition(self, task: Task) -> Definition | None:
        return self._catalog.definition(task.namespace, task.method) if self._catalog is not None and task.is_function else None

    def _shared_definition(self) -> Definition | None:
        """Return the method that all selected tasks have in common, None where they have none."""
        tasks = [self._edits.task(key) for key in self._keys] if self._edits is not None else []
        methods = {(task.namespace, task.method) for task in tasks if task is not None and task.is_function}
        is_one = len(methods) == 1 and all(task is not None and task.is_function for task in tasks)
        return self._definition(tasks[0]) if is_one and tasks[0] is not None else None

    def _show_page(self) -> None:
        task = self._task()
        definition = self._definition(task) if task is not None else None
        selected = len([key for key in self._keys if self._edits is not None and self._edits.task(key) is not None])
        subject: object = (self._edits, selected)
        if task is not None:
            subject = (self._edits, task.key, task.type, task.namespace, task.method, definition)
        shared = self._shared_definition() if selected > 1 else None
        if shared is not None:
            subject = (self._edits, self._keys, shared)
        if subject != self._subject:
            self._subject = subject
            if shared is not None and self._edits is not None:
                self._put(ManyPage(self._keys, shared, self._edits.document, self._look))
            else:
                self._put(self._make_page(task, definition, selected))
        if isinstance(self._page, Page):
            self._page.follow()

    def _make_page(self, task: Task | None, definition: Definition | None, selected: int) -> QWidget:
        if self._edits is None:
            nothing = NoDocument(self._look, self._recent)
            nothing.chosen.connect(self.open_requested)
            return nothing
        if task is None:
            return JobPage(self._edits, self._look, selected if selected > 1 else 0)
        match task.type:
            case TaskType.INPUT:
                return InputPage(task, self._edits, self._look)
            case TaskType.OUTPUT:
                return OutputPage(task, self._edits, self._look)
            case TaskType.FUNCTION:
                page = FunctionPage(task, definition, self._edits, self._look)
                page.branch_list.header.setChecked(self._wants_branches)
                page.branch_list.header.toggled.connect(self._want_branches)
                return page

    def _show_branches(self) -> None:
        if isinstance(self._page, Page):
            self._page.show_branches(self._branches if self._snapshot is not None else None)

    def _want_branches(self, wanted: bool) -> None:  # noqa: FBT001  the signal's own form
        self._wants_branches = wanted
        self.branches_wanted.emit(wanted)

    def _put(self, page: QWidget) -> None:
        old, self._page = self._page, page
        self._column.replaceWidget(old, page)
        self._column.setStretchFactor(page, 1)
        old.hide()
        old.deleteLater()
        page.show()
        if isinstance(page, Page):
            page.follow()
            page.show_problems(self._problems)
            page.show_progress(self._snapshot)
            self._show_branches()
            first = page.first_control()
            if first is not None:
                self.setFocusProxy(first)


class _NextRun(QWidget):
    """Says beneath a running job that edits come too late for it. Object: ``next_run``."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("next_run")
        self._look = look
        self._icon = IconLabel(look)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(PlainLabel("Edits apply to the next run.", "text2"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line())
        column.addLayout(row)
        look.changed.connect(self._draw)
        self._draw()
        self.hide()

    def _draw(self) -> None:
        self._icon.show_icon("note", self._look.theme.text2)
