"""The job maps that were opened last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

KEY = "recent_files"
MOST = 10


class RecentFiles(QObject):
    """A list of paths, newest first, remembered in the settings."""

    changed = Signal()

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings

    @property
    def paths(self) -> list[Path]:
        """The remembered paths; a file may have gone since."""
        stored = self._settings.value(KEY, [])
        texts = stored if isinstance(stored, list) else [stored]  # Qt gives a list of one back as what is in it
        return [Path(text) for text in texts if isinstance(text, str)]

    def add(self, path: Path) -> None:
        """Put a path first."""
        path = path.absolute()
        self._store([path, *(each for each in self.paths if each != path)][:MOST])

    def remove(self, path: Path) -> None:
        """Forget a path."""
        self._store([each for each in self.paths if each != path])

    def clear(self) -> None:
        """Forget all."""
        self._store([])

    def _store(self, paths: list[Path]) -> None:
        self._settings.setValue(KEY, [str(path) for path in paths])
        self.changed.emit()
