"""The outline panel. Object names: ``outline.tree``, ``outline.none``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedLayout, QStyleOptionViewItem, QWidget
from typing_extensions import override

from ephemeral_gui.outline.lines import Lines, TaskLine, WireLine
from ephemeral_gui.outline.model import NAME, PROBLEMS, STATE, OutlineModel
from ephemeral_gui.widgets.empty_state import EmptyState
from ephemeral_gui.widgets.rows import RowDelegate, RowsView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from engine.catalog import Catalog
    from engine.execution.progress import ProgressSnapshot
    from engine.model.job_map import TaskKey
    from engine.problems import Problem
    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

NO_TASKS: Final = "No tasks. They appear here in the order of their work."
_MILLISECONDS: Final = 100
_WIDE: Final = 280
WIDE_STATE: Final = 112
NARROW_STATE: Final = 26


class OutlinePanel(QWidget):
    """Every task in the order of its work. Typing jumps to a name, Enter goes to the task on the canvas, the selection is one for both."""

    chosen = Signal(list)
    """The identities of the tasks that were selected here."""
    activated = Signal(object)
    """The ``TaskKey`` that the user wants to go to."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._document: Document | None = None
        self._lines = Lines(None)
        self._snapshot: ProgressSnapshot | None = None
        self._problems: Sequence[Problem] = ()
        self._selected: tuple[TaskKey, ...] = ()
        self._is_following = False
        self._later = QTimer(self, singleShot=True, interval=_MILLISECONDS)
        self._later.timeout.connect(self._show_lines)
        self._model = OutlineModel(look, self)
        self.tree = RowsView(look)
        self._none = EmptyState(NO_TASKS, "tasks", look)
        self._stack = QStackedLayout(self)
        self._prepare(look)
        look.changed.connect(self.tree.viewport().update)
        self._show_lines()

    def show_document(self, document: Document | None, catalog: Catalog | None) -> None:
        """Outline another job map, or none."""
        if self._document is not None:
            self._document.changed.disconnect(self._show_lines)
        self._document, self._lines = document, Lines(catalog)
        if document is not None:
            document.changed.connect(self._show_lines)
        self._show_lines()

    def show_selection(self, keys: Sequence[TaskKey]) -> None:
        """Select these tasks, as they are on the canvas."""
        if self._selected != tuple(keys):
            self._selected = tuple(keys)
            self._select()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say how many problems each task has."""
        self._problems = problems
        self._soon()

    def show_progress(self, snapshot: ProgressSnapshot | None) -> None:
        """Say how each task stands in a run."""
        self._snapshot = snapshot
        self._soon()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_lines()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give names the room; where there is little, the states' words are left to their drawings and to the tool tip."""
        super().resizeEvent(event)
        self.tree.header().resizeSection(STATE, WIDE_STATE if self.width() >= _WIDE else NARROW_STATE)
        self.tree.header().resizeSection(PROBLEMS, 36)

    def _soon(self) -> None:
        """Follow a run some times a second at most, and not at all unseen."""
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def _show_lines(self) -> None:
        if not self.isVisible():
            return  # it is told again when it is shown
        job_map = None if self._document is None else self._document.job_map
        lines = [] if job_map is None else self._lines.of(job_map, self._snapshot, self._problems)
        self._is_following = True
        was_reset = self._model.show(lines)
        self._is_following = False
        if was_reset:
            self._select()
        self._stack.setCurrentWidget(self.tree if lines else self._none)

    def _select(self) -> None:
        chosen = QItemSelection()
        indexes = [index for index in map(self._model.index_of, self._selected) if index.isValid()]
        for index in indexes:
            chosen.select(index, index)
        self._is_following = True
        flags = QItemSelectionModel.SelectionFlag
        model = self.tree.selectionModel()
        if indexes:
            model.setCurrentIndex(indexes[-1], flags.NoUpdate)
        model.select(chosen, flags.ClearAndSelect | flags.Rows)
        self._is_following = False
        if indexes and self.isVisible():
            self.tree.scrollTo(indexes[-1])

    def _choose(self) -> None:
        if self._is_following:
            return
        keys = [line.key for line in map(self._model.line_at, self.tree.selectionModel().selectedRows()) if isinstance(line, TaskLine)]
        self._selected = tuple(keys)
        self.chosen.emit(keys)

    def _activate(self, index: QModelIndex) -> None:
        line = self._model.line_at(index)
        if isinstance(line, TaskLine):
            self.activated.emit(line.key)
        elif isinstance(line, WireLine):
            self.activated.emit(line.target_key)

    def _prepare(self, look: Look) -> None:
        tree = self.tree
        tree.setObjectName("outline.tree")
        tree.setAccessibleName("Outline of the job")
        tree.setModel(self._model)
        tree.setItemDelegate(_OutlineDelegate(look, tree))
        tree.setRootIsDecorated(True)
        tree.setIndentation(16)
        tree.setIconSize(QSize(14, 14))
        tree.setHeaderHidden(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = tree.header()
        for column, mode in (
            (NAME, QHeaderView.ResizeMode.Stretch),
            (STATE, QHeaderView.ResizeMode.Fixed),
            (PROBLEMS, QHeaderView.ResizeMode.Fixed),
        ):
            header.setSectionResizeMode(column, mode)
        tree.selectionModel().selectionChanged.connect(self._choose)
        tree.row_activated.connect(self._activate)
        self._none.setObjectName("outline.none")
        self._stack.addWidget(self._none)
        self._stack.addWidget(tree)
        self.setFocusProxy(tree)


class _OutlineDelegate(RowDelegate):
    """Draws names in the text's colour, all else more quietly."""

    @override
    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.column() == STATE and option.rect.width() < WIDE_STATE:
            option.text = ""

    @override
    def colour(self, index: QModelIndex | QPersistentModelIndex) -> str:
        theme = self._look.theme
        return theme.text if index.column() == NAME and not index.parent().isValid() else theme.text2
