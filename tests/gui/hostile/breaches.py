"""What a careless product would do with the texts of a map: each breach is planted in the window to show that the watch sees it."""

from __future__ import annotations

import importlib
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel

from engine.catalog import Catalog
from ephemeral_gui.canvas import note_text
from ephemeral_gui.inspector import path_editor
from ephemeral_gui.main_window.tabs import Tabs
from ephemeral_gui.widgets import labels

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.model.definition import Definition


def _none() -> None:
    """Leave the window as it is."""


def _import() -> None:
    """Import what a map names."""
    definition = Catalog.definition

    def careless(catalog: Catalog, namespace: str, method: str) -> Definition | None:
        with suppress(Exception):
            importlib.import_module(namespace)
        return definition(catalog, namespace, method)

    Catalog.definition = careless  # type: ignore[method-assign,assignment]


def _on_paths(act: Callable[[str], Any]) -> None:
    """Do that with every path that the inspector shows."""

    before = path_editor.PathEditor._look_for

    def careless(editor: path_editor.PathEditor, text: str) -> None:
        before(editor, text)
        with suppress(OSError, ValueError):
            act(text)

    path_editor.PathEditor._look_for = careless  # type: ignore[method-assign,assignment]


def _open() -> None:
    _on_paths(lambda text: Path(text).open("rb").close())


def _process() -> None:
    _on_paths(lambda text: subprocess.run([sys.executable, "-c", "", text[:50]], check=False))  # noqa: S603  the planted breach


def _connect() -> None:
    def careless(text: str) -> None:
        if text.startswith("http://127"):
            socket.create_connection(("127.0.0.1", int(text.split(":")[2].partition("/")[0])), timeout=1).close()

    _on_paths(careless)


def _note() -> None:
    """Show pictures in notes as Qt does."""
    note_text._without_pictures = lambda text: text
    note_text._FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub  # type: ignore[misc]
    note_text.NoteText.loadResource = QTextDocument.loadResource  # type: ignore[assignment,method-assign]


def _label() -> None:
    """Let labels guess what is HTML, as Qt's do."""
    plain = labels.PlainLabel.setText

    def careless(label: labels.PlainLabel, text: str) -> None:
        plain(label, text)
        QLabel.setTextFormat(label, Qt.TextFormat.RichText)

    labels.PlainLabel.setText = careless  # type: ignore[method-assign,assignment]


def _tip() -> None:
    """Give tabs a tool tip that nobody has looked at."""
    set_title = Tabs.set_title

    def careless(tabs: Tabs, page: Any, title: str, **options: Any) -> None:
        set_title(tabs, page, title, **options)
        tabs.setTabToolTip(tabs.indexOf(page), title)

    Tabs.set_title = careless  # type: ignore[method-assign,assignment]


BREACHES: Final[dict[str, Callable[[], None]]] = {
    "none": _none,
    "import": _import,
    "open": _open,
    "process": _process,
    "connect": _connect,
    "note": _note,
    "label": _label,
    "tip": _tip,
}
