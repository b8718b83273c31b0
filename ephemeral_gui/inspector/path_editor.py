"""Editors of what a text may stand for: a path to a file or folder, and the name of a secret."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QToolButton
from typing_extensions import override

from ephemeral_gui.inspector.json_text import SECRET, Absent, secret_name
from ephemeral_gui.inspector.line_editors import LineEditor
from ephemeral_gui.widgets.icons import icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.model.json_value import JsonValue
    from ephemeral_gui.widgets.theme import Look


class PathEditor(LineEditor):
    """A path beside a button that opens a file dialog.

    Args:
        folder: where relative paths start, None where the job map was never saved.
        reads: True for a file to be read, which is looked for; False for one to be written.
        wants_folder: True where a folder is chosen.
    """

    def __init__(
        self, look: Look, folder: Callable[[], Path | None], *, hint: str = "", reads: bool = True, wants_folder: bool = False
    ) -> None:
        super().__init__(hint)
        self._look = look
        self._folder = folder
        self._reads = reads
        self._wants_folder = wants_folder
        self.line.setFont(look.mono_font())
        self.browse = QToolButton()
        self.browse.setProperty("flavour", "small")
        self.browse.setAccessibleName("Choose a file")
        self.browse.setToolTip("Choose a file")
        self.browse.clicked.connect(self._browse)
        look.changed.connect(self._draw)
        self._draw()
        self._row.addWidget(self.browse)
        if not reads:
            self.browse.hide()

    @override
    def display(self, value: JsonValue | Absent) -> None:
        super().display(value)
        self._look_for(self.line.text())

    @override
    def typed(self, text: str) -> None:
        super().typed(text)
        self._look_for(text)

    def _draw(self) -> None:
        self.browse.setIcon(icon("folder", self._look.theme.text2))

    def _look_for(self, text: str) -> None:
        self.noted.emit("Nothing is there yet." if self._reads and text and not self._is_there(text) else "")

    def _is_there(self, text: str) -> bool:
        """Return whether the path exists; addresses and network paths are never asked."""
        if text.startswith(("//", "\\\\")) or "://" in text:
            return True
        try:
            return ((self._folder() or Path.cwd()) / text).exists()
        except (OSError, ValueError):
            return False

    def _browse(self) -> None:
        dialog = QFileDialog(self, "Choose a folder" if self._wants_folder else "Choose a file", str(self._folder() or Path.cwd()))
        dialog.setFileMode(QFileDialog.FileMode.Directory if self._wants_folder else QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, chosen: str) -> None:
        folder = self._folder()
        path = Path(chosen)
        text = path.relative_to(folder).as_posix() if folder is not None and path.is_relative_to(folder) else str(path)
        self.line.setText(text)
        self.typed(text)


class SecretEditor(LineEditor):
    """The name of a secret; the job map holds ``{"$secret": name}``, never the secret."""

    def __init__(self) -> None:
        super().__init__("NAME")

    @override
    def text_of(self, value: JsonValue | Absent) -> str:
        return secret_name(value) or ""

    @override
    def typed(self, text: str) -> None:
        if text.strip():
            self.say({SECRET: text.strip()})
        else:
            self.complained.emit("Write the name of the secret")
