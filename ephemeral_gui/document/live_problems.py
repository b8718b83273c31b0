"""The problems of a document, kept up with every edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.catalog import Catalog
    from engine.problems import Problem
    from ephemeral_gui.document.document import Document

QUIET_MILLISECONDS = 60
"""How long edits must pause before the job map is checked: typing fast checks once, and an edit of 1,000 tasks is checked in 200 ms."""


class LiveProblems(QObject):
    """Checks the document's job map shortly after each change. 1,000 tasks take some milliseconds, so it is done in one go."""

    changed = Signal(object)
    """The list of problems, after each check."""

    def __init__(self, document: Document, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._catalog = catalog
        self._found: Sequence[Problem] = ()
        self._pause = QTimer(self, singleShot=True, interval=QUIET_MILLISECONDS)
        self._pause.timeout.connect(self.check_now)
        document.changed.connect(self._pause.start)
        document.path_changed.connect(self._pause.start)

    @property
    def found(self) -> Sequence[Problem]:
        """What the last check found."""
        return self._found

    def use_catalog(self, catalog: Catalog) -> None:
        """Check against another catalogue from now on."""
        self._catalog = catalog
        self.check_now()

    def check_now(self) -> None:
        """Check without waiting for a pause."""
        from engine.validation import validate  # noqa: PLC0415  not needed before the window is shown

        self._pause.stop()
        job_map = self._document.job_map
        self._found = validate(job_map, self._catalog)
        if any(problem.code == "cycle" for problem in self._found):
            from engine.validation.fixes import last_drawn_first  # noqa: PLC0415  nor where nothing is to be mended

            self._found = last_drawn_first(self._found, job_map, self._catalog)
        self.changed.emit(self._found)
