"""The first payloads of the datasource, read when a person asks for them and never before."""

from __future__ import annotations

import contextlib
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ephemeral_gui.inspector.first_payloads import MOST_CHARACTERS, first_payloads
from ephemeral_gui.widgets.labels import PlainLabel, cut
from ephemeral_gui.widgets.text_area import TextArea

if TYPE_CHECKING:
    from engine.model.job_map import JobMap
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.widgets.theme import Look


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
        Thread(target=lambda: self._say(*_said(job_map)), name="preview", daemon=True).start()

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


def _said(job_map: JobMap) -> tuple[str, str]:
    """Return the first payloads as text, and why there are none to be shown."""
    found = first_payloads(job_map)
    shown = [cut(text, MOST_CHARACTERS) for text in found.texts]
    more = ["and more"] if found.has_more else []
    return "" if found.error else "\n".join([*shown, *more]) or "No payloads", found.error
