"""Questions to the user, asked without a nested event loop: a dialog is opened and its answer awaited."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QPushButton

from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

JOB_MAP_FILES = "Job maps (*.json);;All files (*)"
PICTURE_FILES = "PNG pictures (*.png);;SVG pictures (*.svg)"
SCRIPT_FILES = "Python scripts (*.py);;All files (*)"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its name, also the button's object name, and the words on the button."""

    name: str
    text: str
    role: QMessageBox.ButtonRole = QMessageBox.ButtonRole.AcceptRole
    is_accent: bool = False


CANCEL = Choice("cancel", "Cancel", QMessageBox.ButtonRole.RejectRole)


async def ask(parent: QWidget, name: str, question: str, explanation: str, choices: Sequence[Choice]) -> str:
    """Return the name of the choice that the user makes, ``cancel`` where the dialog is closed.

    Args:
        parent: the window that the question belongs to.
        name: object name of the dialog.
        question: what is asked, in one sentence.
        explanation: what follows from the answers.
        choices: the answers; the first one is taken by Enter.
    """
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle("Ephemeral")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(explanation)
    buttons = {choice.name: _add_button(box, choice) for choice in choices}
    box.setDefaultButton(next(iter(buttons.values())))
    await _closed(box)
    clicked = box.clickedButton()
    return next((name for name, button in buttons.items() if button is clicked), CANCEL.name)


async def tell(parent: QWidget, name: str, statement: str, explanation: str) -> None:
    """Show something and return once it was closed."""
    await ask(parent, name, statement, explanation, [Choice("ok", "Close")])


async def ask_for_file_to_open(parent: QWidget, folder: Path, title: str = "Open job map") -> Path | None:
    """Return the job map file that the user chooses, None where none."""
    dialog = QFileDialog(parent, title, str(folder), JOB_MAP_FILES)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return await _chosen(dialog, "open_dialog")


async def ask_for_file_to_save(parent: QWidget, suggested: Path, title: str = "Save job map", files: str = JOB_MAP_FILES) -> Path | None:
    """Return the path that the user chooses to write to, None where none. An existing file is asked about by the dialog.

    Args:
        parent: the window that the question belongs to.
        suggested: what is offered; its ending is given to a name without one.
        title: of the dialog.
        files: the kinds of files, in Qt's form.
    """
    dialog = QFileDialog(parent, title, str(suggested.parent), files)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suggested.suffix.removeprefix("."))
    dialog.selectFile(suggested.name)
    return await _chosen(dialog, "save_dialog")


async def ask_for_folder(parent: QWidget, title: str, folder: Path) -> Path | None:
    """Return the folder that the user chooses, None where none."""
    dialog = QFileDialog(parent, title, str(folder))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return await _chosen(dialog, "folder_dialog")


def _add_button(box: QMessageBox, choice: Choice) -> QPushButton:
    button = box.addButton(choice.text, choice.role)
    button.setObjectName(choice.name)
    if choice.is_accent:
        set_variant(button, "flavour", "accent")
    return button


async def _chosen(dialog: QFileDialog, name: str) -> Path | None:
    dialog.setObjectName(name)
    code = await _closed(dialog)
    paths = dialog.selectedFiles()
    return Path(paths[0]) if code == QDialog.DialogCode.Accepted and paths else None


async def _closed(dialog: QDialog) -> int:
    """Open the dialog and return its result code once it is closed; it is closed too where the caller is cancelled."""
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    dialog.finished.connect(lambda code: None if answer.done() else answer.set_result(code))
    dialog.open()
    try:
        return await answer
    finally:
        dialog.close()
        dialog.deleteLater()
