"""Files and folders that are dragged in from a file manager."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDropEvent


def dragged_files(mime: QMimeData) -> list[Path]:
    """Return the files and folders of this machine that are dragged; addresses of the net are none."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()] if mime.hasUrls() else []


def welcome_files(event: QDropEvent) -> list[Path]:
    """Accept a drag of files, of which a copy is made and nothing is moved, and return them; ignore any other."""
    files = dragged_files(event.mimeData())
    if files:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
    else:
        event.ignore()
    return files
