"""The results panel.

Object names: ``results.summary``, ``results.files``, ``results.tree``, ``results.text``, ``results.copy``, ``results.open``,
``results.folder``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from engine.execution.progress import RunStatus
from ephemeral_gui.results.files import openable, written_files
from ephemeral_gui.results.model import NODE, ResultsModel
from ephemeral_gui.results.nodes import Node, result_root
from ephemeral_gui.results.text import as_json, counted, whole
from ephemeral_gui.widgets.empty_state import EmptyState
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import ElidedLabel, IconLabel, line
from ephemeral_gui.widgets.rows import RowsView
from ephemeral_gui.widgets.state_words import seconds_text
from ephemeral_gui.widgets.stylesheet import set_words
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from pathlib import Path

    from engine.execution.result import RunResult
    from ephemeral_gui.widgets.theme import Look

NO_RESULT = "No results yet. When a run ends, what reached each output is listed here, with the files that it wrote."
MOST_FILE_BUTTONS = 3
MOST_ROWS_OPENED = 12


class ResultsPanel(QWidget):
    """The result of the last run. Files open only by a click, and only those inside the run's output folder."""

    open_failed = Signal(str)
    """A sentence: no program opened the file."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._result: RunResult | None = None
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = ResultsModel(look, self)
        self._state = IconLabel(look)
        self.summary = ElidedLabel(role="strong")
        self._files = QWidget()
        self.tree = RowsView(look)
        self.text = TextArea()
        self.copy_button = QPushButton()
        self.open_button = QPushButton()
        self.folder_button = QPushButton()
        self._prepare()
        self._lay_out()
        self._connect()
        self.show_result(None)

    def show_result(self, result: RunResult | None) -> None:
        """Show what a run gave, None while there is nothing."""
        self._result = result
        self._stack.setCurrentIndex(0 if result is None else 1)
        files = written_files(result.output_folder) if result is not None else []
        self._model.show(Node("", []) if result is None else result_root(result, files))
        self._offer_files(files)
        self.folder_button.setVisible(result is not None and result.output_folder is not None)
        if result is not None:
            self.summary.setText(summary_text(result))
            self._draw_state()
            self._open_short_rows()
            self.tree.setCurrentIndex(self._model.index(0, 0))
        if not self.tree.currentIndex().isValid():  # else it was shown as it became the current one
            self._show_current()

    def _open_short_rows(self) -> None:
        for row in range(self._model.rowCount()):
            index = self._model.index(row, 0)
            if index.data(NODE).count <= MOST_ROWS_OPENED:
                self.tree.expand(index)

    def _prepare(self) -> None:
        names = {
            "results.summary": self.summary,
            "results.files": self._files,
            "results.tree": self.tree,
            "results.text": self.text,
            "results.copy": self.copy_button,
            "results.open": self.open_button,
            "results.folder": self.folder_button,
        }
        for name, widget in names.items():
            widget.setObjectName(name)
        for button, words in ((self.copy_button, "Copy as JSON"), (self.open_button, "Open"), (self.folder_button, "Open folder")):
            set_words(button, words)
        self.tree.setRootIsDecorated(True)
        self.tree.setIndentation(16)
        self.tree.setAccessibleName("Results")
        self.tree.setModel(self._model)
        self.tree.header().resizeSection(0, 220)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.text.setReadOnly(True)
        self.text.setProperty("flavour", "log")
        self.text.setFont(self._look.mono_font())
        self.text.setAccessibleName("The selected value")

    def _lay_out(self) -> None:
        top = _row(self._state, (self.summary, 1), self._files, self.folder_button, margins=(16, 6, 12, 6))
        files = QHBoxLayout(self._files)
        files.setContentsMargins(0, 0, 0, 0)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        column.addWidget(line())
        column.addLayout(_row(self.copy_button, self.open_button, (QWidget(), 1), margins=(12, 6, 12, 6)))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.tree)
        self.setFocusProxy(self.tree)
        split.addWidget(right)
        split.setSizes([600, 500])
        split.setChildrenCollapsible(False)
        page = QWidget()
        pages = QVBoxLayout(page)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.setSpacing(0)
        pages.addLayout(top)
        pages.addWidget(line())
        pages.addWidget(split, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState(NO_RESULT, "output", self._look))
        self._stack.addWidget(page)

    def _connect(self) -> None:
        self.tree.selectionModel().currentChanged.connect(self._show_current)
        self.copy_button.clicked.connect(self._copy)
        self.open_button.clicked.connect(self._open_current)
        self.folder_button.clicked.connect(self._open_folder)
        self._look.changed.connect(self._draw_state)
        self._look.changed.connect(self.tree.viewport().update)

    def _draw_state(self) -> None:
        if self._result is not None:
            state = str(self._result.status)
            self._state.show_icon(state if self._result.status.has_ended else "note", self._look.theme.state_colour(state))
        self.folder_button.setIcon(icon("folder", self._look.theme.text2))
        self.open_button.setIcon(icon("external", self._look.theme.text2))
        self.copy_button.setIcon(icon("copy", self._look.theme.text2))

    def _offer_files(self, files: list[Path]) -> None:
        row = self._files.layout()
        while row is not None and (item := row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        folder = self._result.output_folder if self._result is not None else None
        for path in [path for path in files if openable(path, folder)][:MOST_FILE_BUTTONS]:
            button = QPushButton(path.name.replace("&", "&&"))
            button.setProperty("flavour", "link")
            button.setAccessibleName(f"Open {path.name}")
            button.clicked.connect(lambda _=False, path=path: self._open(path))
            if row is not None:
                row.addWidget(button)

    def _current(self) -> Node | None:
        node = self.tree.currentIndex().data(NODE)
        return node if isinstance(node, Node) else None

    def _current_file(self) -> Path | None:
        node = self._current()
        return openable(node.value, self._result.output_folder) if node is not None and self._result is not None else None

    def _show_current(self, *_: QModelIndex) -> None:
        node = self._current()
        self.text.put("" if node is None else whole(node.whole or _unwrapped(node.value)))
        self.copy_button.setEnabled(node is not None)
        self.open_button.setVisible(self._current_file() is not None)

    def _copy(self) -> None:
        node = self._current()
        if node is not None:
            QGuiApplication.clipboard().setText(as_json(_unwrapped(node.value)))

    def _open_current(self) -> None:
        path = self._current_file()
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        again = openable(path, self._result.output_folder) if self._result is not None else None
        if again is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(again))):
            self.open_failed.emit(f"No program could be started for {again}")

    def _open_folder(self) -> None:
        folder = self._result.output_folder if self._result is not None else None
        if folder is not None and folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def summary_text(result: RunResult) -> str:
    """Return the result in a sentence: ``Done in 3.2 s: 2 outputs, 12 payloads``."""
    payloads = sum(len(output["data"]) for output in result.outputs)
    parts = [counted(len(result.outputs), "output"), counted(payloads, "payload")]
    if result.failures:
        parts.append(counted(len(result.failures), "failure"))
    word = {RunStatus.DONE: "Done", RunStatus.FAILED: "Failed", RunStatus.CANCELLED: "Cancelled"}.get(result.status, str(result.status))
    return f"{word} in {seconds_text(result.progress.seconds)}: {', '.join(parts)}"


def _unwrapped(value: object) -> object:
    """Return the value without the rows that stand for its parts."""
    if isinstance(value, Node):
        return _unwrapped(value.value)
    if isinstance(value, list) and any(isinstance(each, Node) for each in value[:1]):
        return {each.name: _unwrapped(each.value) for each in value if isinstance(each, Node)}
    return value


def _row(*widgets: QWidget | tuple[QWidget, int], margins: tuple[int, int, int, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(*margins)
    row.setSpacing(8)
    for each in widgets:
        widget, stretch = each if isinstance(each, tuple) else (each, 0)
        row.addWidget(widget, stretch)
    return row
