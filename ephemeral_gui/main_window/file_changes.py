"""What is offered where another program changed the file of an open job map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from engine.errors import EphemeralError
from engine.files import load_job_map
from ephemeral_gui.document.disk_watch import DiskWatch
from ephemeral_gui.document.storage import OnDisk, keep_mine, load_theirs
from ephemeral_gui.main_window.banner import Banner
from ephemeral_gui.main_window.difference_window import DifferenceWindow

if TYPE_CHECKING:
    from pathlib import Path

    from ephemeral_gui.document.document import Document
    from ephemeral_gui.widgets.theme import Look

CHOICES: Final = {"keep_mine": "Keep mine", "load_theirs": "Load theirs", "save_as": "Save as...", "show_difference": "Show difference"}
_NEED_A_FILE: Final = ("load_theirs", "show_difference")


class FileChanges(QObject):
    """Shows a bar over the canvas, which stands in nobody's way, until the user has chosen or the file is as it was."""

    save_requested = Signal()
    """The user was about to save and wants it done, over what the others wrote."""
    save_as_requested = Signal()
    failed = Signal(str)
    task_activated = Signal(str)
    """A task was asked for in a list of differences."""

    def __init__(self, document: Document, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._look = look
        self._is_saving = False
        self.banner = Banner("file_banner", "warning", "", look)
        for name, words in CHOICES.items():
            self.banner.add_choice(name, words)
        self.banner.chosen.connect(self._choose)
        self.watch = DiskWatch(document, self)
        self.watch.changed.connect(lambda: self._show(self.watch.state))
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._check_on_return)

    def ask_before_saving(self) -> None:
        """Show the bar because the file would be overwritten; *Keep mine* saves then."""
        self._is_saving = True
        self.watch.check_now()
        self._show(self.watch.state)

    def _check_on_return(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.watch.check_now()

    def _show(self, state: OnDisk) -> None:
        path = self._document.path
        if state is OnDisk.SAME or path is None:
            self._is_saving = False
            self.banner.hide()
            return
        for name in _NEED_A_FILE:
            self.banner.show_choice(name, shown=state is OnDisk.CHANGED)
        self.banner.say(f"{path.name} was {state.value} by another program." + (" It was not saved." if self._is_saving else ""))

    def _choose(self, name: str) -> None:
        match name:
            case "keep_mine":
                was_saving = self._is_saving
                keep_mine(self._document)
                self.watch.check_now()
                if was_saving:
                    self.save_requested.emit()
            case "load_theirs":
                self._load()
            case "save_as":
                self.save_as_requested.emit()
            case _ if self._document.path is not None:
                self._compare_with(self._document.path)
            case _:
                pass

    def _load(self) -> None:
        try:
            load_theirs(self._document, "Load the file's version")
        except EphemeralError as error:
            self.failed.emit(f"Not loaded: {error}")
        self.watch.check_now()

    def _compare_with(self, path: Path) -> None:
        """Show what the job map of a file has otherwise than the document."""
        try:
            theirs = load_job_map(path)
        except EphemeralError as error:
            self.failed.emit(f"Not compared: {error}")
            return
        title = f"What {path.name} has otherwise"
        window = DifferenceWindow(title, self._document.job_map, theirs, self._look, self.banner.window())
        window.task_activated.connect(self.task_activated)
        window.show()
