"""The page of one open job map: its document, canvas, runs and problems, connected to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ephemeral_gui.document.live_problems import LiveProblems
from ephemeral_gui.main_window.comparing import Comparing
from ephemeral_gui.main_window.file_changes import FileChanges
from ephemeral_gui.runs.runs import Runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

    from engine.catalog import Catalog
    from ephemeral_gui.canvas.canvas import Canvas
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look


class JobPage(QWidget):
    """Shows one document. What lies outside the page (panels, status bar, tab) listens to its signals while it is shown."""

    situation_changed = Signal()
    """What can be done with the page is another than before."""
    title_changed = Signal()
    selection_changed = Signal(list)
    """The identities of the selected tasks."""
    task_activated = Signal(object)
    items_requested = Signal(object)
    """What left a task is asked for; its ``TaskKey``."""
    refused = Signal(str)
    files_dropped = Signal(list, QPointF)
    """The paths of files and folders that were dropped on the canvas, and where."""

    def __init__(self, document: Document, catalog: Catalog, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.document.setParent(self)
        self._look = look
        self._task_actions: tuple[QAction, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.file_changes = FileChanges(document, look, self)
        self._column.addWidget(self.file_changes.banner)
        self.comparing = Comparing(document, look, self)
        self._column.addWidget(self.comparing.banner)
        self._definitions = catalog.definitions
        self.canvas = self._make_canvas(catalog)
        self.live_problems = LiveProblems(document, catalog, self)
        self.runs = Runs(document, catalog, self)
        self.live_problems.changed.connect(lambda found: self.canvas.show_problems(found))  # noqa: PLW0108  the canvas may be another by then
        self.runs.progressed.connect(lambda: self.canvas.show_progress(self.runs.progress))
        look.changed.connect(self._follow_wishes)
        self._announce()
        self.live_problems.check_now()

    @property
    def title(self) -> str:
        """What the tab and the window are called: the job's name."""
        return self.document.job_map.name or (self.document.path.stem if self.document.path else "Unnamed job")

    @property
    def place(self) -> str:
        """Where it is saved, in words."""
        return "Not saved yet" if self.document.path is None else str(self.document.path)

    def offer_on_tasks(self, actions: Sequence[QAction]) -> None:
        """Offer actions in the menu of a task on the canvas."""
        self._task_actions = self.canvas.task_actions = tuple(actions)

    def use_catalog(self, catalog: Catalog) -> None:
        """Take methods from another catalogue from now on; where it defines the same ones the canvas stays as it is."""
        if catalog.definitions != self._definitions:
            self._definitions = catalog.definitions
            self._draw_anew(catalog)
        self.runs.use_catalog(catalog)
        self.live_problems.use_catalog(catalog)

    def _draw_anew(self, catalog: Catalog) -> None:
        """Put another canvas in place of the first: with the same view and selection, and with the keyboard where that had it."""
        before = self.canvas
        had_keyboard = before.viewer.hasFocus()
        self.canvas = self._make_canvas(catalog)
        self.canvas.show_progress(self.runs.progress)
        self.canvas.select(before.selected_keys())
        before.hide()
        before.deleteLater()
        if not before.viewer.is_fitted:
            self.canvas.show()
            self._column.activate()  # what the view shows in its middle depends on its size
            self.canvas.viewer.hold()
            self.canvas.viewer.look_at(before.viewer.visible_rect.center(), before.viewer.zoom)
        if had_keyboard:
            self.canvas.setFocus()

    def _make_canvas(self, catalog: Catalog) -> Canvas:
        from ephemeral_gui.canvas.canvas import Canvas  # noqa: PLC0415  NodeGraphQt need not delay an empty window

        canvas = Canvas(self.document, catalog, self._look)
        canvas.selection_changed.connect(self.selection_changed)
        canvas.drawn_selected.connect(self.situation_changed)
        canvas.task_activated.connect(self.task_activated)
        canvas.items_requested.connect(self.items_requested)
        canvas.refused.connect(self.refused)
        canvas.files_dropped.connect(self.files_dropped)
        canvas.task_actions = self._task_actions
        self._grant_wishes(canvas)
        self.comparing.follow(canvas)
        self._column.addWidget(canvas)
        self.setFocusProxy(canvas)
        return canvas

    def _follow_wishes(self) -> None:
        self._grant_wishes(self.canvas)

    def _grant_wishes(self, canvas: Canvas) -> None:
        """Take over what the user wants of every canvas."""
        kit = canvas.viewer.style_kit
        kit.wheel_zooms = "wheel_zooms" in self._look.wishes
        kit.shows_grid = "shows_grid" in self._look.wishes
        canvas.viewer.viewport().update()

    def _announce(self) -> None:
        """Gather the signals of the parts into two."""
        stack = self.document.undo_stack
        modified, moved = self.document.modified_changed, self.document.path_changed
        for signal in (stack.canUndoChanged, stack.canRedoChanged, modified, moved, self.selection_changed, self.runs.changed):
            signal.connect(self._say_situation)
        for signal in (self.document.changed, self.document.path_changed, self.document.modified_changed):
            signal.connect(self._say_title)

    def _say_situation(self, *_: object) -> None:
        self.situation_changed.emit()

    def _say_title(self, *_: object) -> None:
        self.title_changed.emit()
