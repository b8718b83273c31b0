"""Which methods a person likes and which were used last, remembered from window to window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from engine.model.definition import MethodName

MOST_RECENT = 5
_KEYS = {"favourites": "palette/favourites", "recent": "palette/recent"}


class Marks(QObject):
    """Names of methods; those of a catalogue that is not open now are kept too. Without settings they last as long as the object."""

    changed = Signal()

    def __init__(self, settings: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._lists = {name: self._load(key) for name, key in _KEYS.items()}

    @property
    def favourites(self) -> list[MethodName]:
        """The methods with a star, in the order in which they got it."""
        return self._lists["favourites"]

    @property
    def recent(self) -> list[MethodName]:
        """The methods that were added last, newest first."""
        return self._lists["recent"]

    def toggle_favourite(self, method: MethodName) -> None:
        """Give a method a star or take it away."""
        now = self.favourites
        self._store("favourites", [each for each in now if each != method] if method in now else [*now, method])

    def note_used(self, method: MethodName) -> None:
        """Put a method first among the recent ones."""
        self._store("recent", [method, *(each for each in self.recent if each != method)][:MOST_RECENT])

    def _store(self, name: str, methods: list[MethodName]) -> None:
        self._lists[name] = methods
        if self._settings is not None:
            self._settings.setValue(_KEYS[name], json.dumps(methods))
        self.changed.emit()

    def _load(self, key: str) -> list[MethodName]:
        """Return what the settings hold; what others made of them is left out."""
        stored = self._settings.value(key) if self._settings is not None else None
        try:
            names = json.loads(stored) if isinstance(stored, str) else []
        except ValueError:
            return []
        pairs = [each for each in names if isinstance(each, list)] if isinstance(names, list) else []
        return [(pair[0], pair[1]) for pair in pairs if len(pair) == 2 and all(isinstance(part, str) for part in pair)]
