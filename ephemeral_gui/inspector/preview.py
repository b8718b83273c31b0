"""The first payloads of the datasource, read when a person asks for them and never before."""

from __future__ import annotations

import contextlib
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ephemeral_gui.inspector.json_text import json_text
from ephemeral_gui.widgets.labels import PlainLabel, cut
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from engine.model.job_map import JobMap
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.widgets.theme import Look

MOST_PAYLOADS = 5
MOST_CHARACTERS = 600
"""Of one payload."""


class Preview(QWidget):
    """A button, and beneath it what it read. Objects: ``preview``, ``preview.show``, ``preview.text``, ``preview.error``."""

    _was_read = Signal(str, str)

    def __init__(self, edits: Edits, look: Look) -> None:
        super().__init__()
        self.setObjectName("preview")
        self._edits = edits
        self._read_from: JobMap | None = None
        self._was_read.connect(self._take)
        self._button = QPushButton("Show the first payloads", objectName="preview.show")
        self._button.clicked.connect(self._read)
        self._text = TextArea(objectName="preview.text", readOnly=True, accessibleName="The first payloads")
        self._text.setFont(look.mono_font(10))
        self._text.setFixedHeight(150)
        self._text.setTabChangesFocus(True)
        self._error = PlainLabel(role="error", wrap=True)
        self._error.setObjectName("preview.error")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 12, 12)
        column.setSpacing(6)
        for widget in (self._button, self._text, self._error):
            column.addWidget(widget)
        self._text.hide()
        self._error.hide()

    def follow(self) -> None:
        """Forget what was read once the datasource is another one."""
        if self._read_from is not None and self._edits.job_map.datasource != self._read_from.datasource:
            self._show("", "")

    def _read(self) -> None:
        job_map = self._read_from = self._edits.job_map
        self._button.setEnabled(False)
        Thread(target=lambda: self._say(*first_payloads(job_map)), name="preview", daemon=True).start()

    def _say(self, text: str, error: str) -> None:
        """Hand over what a thread read; nobody listens where the page is gone by then."""
        with contextlib.suppress(RuntimeError):
            self._was_read.emit(text, error)

    def _take(self, text: str, error: str) -> None:
        self._button.setEnabled(True)
        if self._read_from is not None and self._read_from.datasource == self._edits.job_map.datasource:
            self._show(text, error)

    def _show(self, text: str, error: str) -> None:
        self._text.put(text)
        self._text.setVisible(bool(text))
        self._error.setText(error)
        self._error.setVisible(bool(error))


def first_payloads(job_map: JobMap) -> tuple[str, str]:
    """Return the first payloads as text, or why there are none to be shown; may block for as long as the file does."""
    from engine.execution.datasources import open_datasource  # noqa: PLC0415  not needed before somebody asks

    try:
        found = list(islice(open_datasource(job_map).read(), MOST_PAYLOADS + 1))
        shown = [cut(json_text(payload, indent=None), MOST_CHARACTERS) for payload in found[:MOST_PAYLOADS]]
    except Exception as error:  # noqa: BLE001  whatever a file does to its reader is said, and ends nothing
        return "", str(error) or type(error).__name__
    more = ["and more"] if len(found) > MOST_PAYLOADS else []
    return "\n".join([*shown, *more]) or "No payloads", ""
