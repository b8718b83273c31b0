"""The history panel. Object names: ``history.steps``, ``history.none``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSize, QTimer
from PySide6.QtWidgets import QHeaderView, QStackedLayout, QWidget
from typing_extensions import override

from ephemeral_gui.history.steps import FILE, STEP, Steps
from ephemeral_gui.widgets.empty_state import EmptyState
from ephemeral_gui.widgets.rows import RowDelegate, RowsView

if TYPE_CHECKING:
    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QShowEvent

    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

NO_DOCUMENT: Final = "No job map is open. What is done to one appears here."


class HistoryPanel(QWidget):
    """Every step by its name; a click, or Enter, goes back to a step or forward again. Behind another panel it costs nothing."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._document: Document | None = None
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._follow)
        self._steps = Steps(look, self)
        self.view = RowsView(look)
        self._none = EmptyState(NO_DOCUMENT, "undo", look)
        self._stack = QStackedLayout(self)
        self._prepare(look)

    def show_document(self, document: Document | None) -> None:
        """List what was done to another document, or nothing."""
        if self._document is not None:
            for signal in (self._document.undo_stack.indexChanged, self._document.undo_stack.cleanChanged):
                signal.disconnect(self._soon)
        self._document = document
        if document is not None:
            for signal in (document.undo_stack.indexChanged, document.undo_stack.cleanChanged):
                signal.connect(self._soon)
        self._follow()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._follow()

    def _soon(self, *_: object) -> None:
        if self.isVisible():
            self._later.start()

    def _follow(self) -> None:
        if not self.isVisible():
            return  # it looks again when it is shown
        self._steps.show(self._document)
        self._stack.setCurrentWidget(self._none if self._document is None else self.view)
        now = self._steps.index(self._steps.now, STEP)
        self.view.setCurrentIndex(now)
        self.view.scrollTo(now)

    def _go_to(self, index: QModelIndex) -> None:
        if self._document is not None:
            self._document.go_to(index.row())

    def _prepare(self, look: Look) -> None:
        view, header = self.view, self.view.header()
        view.setObjectName("history.steps")
        view.setAccessibleName("History of the job map")
        view.setModel(self._steps)
        view.setItemDelegate(_StepDelegate(look, self._steps, view))
        view.setIconSize(QSize(12, 12))
        view.setHeaderHidden(True)
        header.setSectionResizeMode(STEP, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(FILE, 28)
        view.row_activated.connect(self._go_to)
        look.changed.connect(view.viewport().update)
        self._none.setObjectName("history.none")
        self._stack.addWidget(self._none)
        self._stack.addWidget(view)
        self.setFocusProxy(view)


class _StepDelegate(RowDelegate):
    """Draws steps that were undone more quietly."""

    def __init__(self, look: Look, steps: Steps, view: RowsView) -> None:
        super().__init__(look, view)
        self._steps = steps

    @override
    def colour(self, index: QModelIndex | QPersistentModelIndex) -> str:
        return self._look.theme.muted if self._steps.is_undone(index) else self._look.theme.text
