"""What a person prefers, remembered from window to window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from ephemeral_gui.actions.rows import ACTIONS
from ephemeral_gui.widgets.theme import Appearance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSettings

    from ephemeral_gui.actions.action_set import ActionSet
    from ephemeral_gui.widgets.theme import Look, Theme

FLAGS = ("wheel_zooms", "shows_grid", "reduces_motion")
"""Preferences of the look that are on or off; their names in the settings too."""


class Preferences(QObject):
    """Takes preferences from the settings to the look and the actions, and back. What the settings hold wrongly is left out."""

    changed = Signal()

    def __init__(self, look: Look, actions: ActionSet, settings: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._actions = actions
        self._settings = settings
        self._keys = self._load_keys()
        self._apply()

    @property
    def appearance(self) -> Appearance:
        """The theme that is asked for."""
        return self._look.appearance

    @property
    def theme(self) -> Theme:
        """The colours as they are now."""
        return self._look.theme

    def choose_appearance(self, appearance: Appearance) -> None:
        """Use this theme from now on."""
        self._settings.setValue("preferences/appearance", appearance.value)
        self._look.choose(appearance)
        self.changed.emit()

    def is_on(self, flag: str) -> bool:
        """Return whether a preference is on."""
        return flag in self._look.wishes

    def switch(self, flag: str, *, on: bool) -> None:
        """Switch a preference on or off."""
        self._settings.setValue(f"preferences/{flag}", "on" if on else "off")
        self._look.wish(flag, on=on)
        self.changed.emit()

    def keys_of(self, action_id: str) -> Sequence[str]:
        """Return the shortcuts of an action as they are now."""
        return self._keys.get(action_id, ACTIONS[action_id].keys)

    def is_own(self, action_id: str) -> bool:
        """Return whether the user gave the action other shortcuts than it has."""
        return action_id in self._keys

    def holder_of(self, keys: str) -> str | None:
        """Return the id of the action that has a shortcut, None where none has."""
        wanted = QKeySequence(keys)
        taken = (each for each in ACTIONS if any(QKeySequence(own) == wanted for own in self.keys_of(each)))
        return next(taken, None)

    def give_keys(self, action_id: str, keys: Sequence[str]) -> None:
        """Give an action these shortcuts instead of its own; whoever had one of them loses it."""
        for text in keys:
            holder = self.holder_of(text)
            if holder is not None and holder != action_id:
                left = [each for each in self.keys_of(holder) if QKeySequence(each) != QKeySequence(text)]
                self._keys[holder] = tuple(left)
        self._keys[action_id] = tuple(keys)
        self._store_keys()

    def reset_keys(self, action_id: str | None = None) -> None:
        """Give one action, or all, their first shortcuts back."""
        if action_id is None:
            self._keys.clear()
            self._store_keys()
        else:
            self._keys.pop(action_id, None)
            self.give_keys(action_id, ACTIONS[action_id].keys)
            self._keys.pop(action_id, None)
            self._store_keys()

    def _apply(self) -> None:
        stored = self._settings.value("preferences/appearance")
        if stored in set(Appearance):
            self._look.choose(Appearance(str(stored)))
        for flag in FLAGS:
            value = self._settings.value(f"preferences/{flag}")
            if value in ("on", "off"):
                self._look.wish(flag, on=value == "on")
        self._show_keys()

    def _show_keys(self) -> None:
        for action_id in ACTIONS:
            self._actions.give_keys(action_id, self.keys_of(action_id))

    def _store_keys(self) -> None:
        self._settings.setValue("preferences/keys", json.dumps(self._keys))
        self._show_keys()
        self.changed.emit()

    def _load_keys(self) -> dict[str, tuple[str, ...]]:
        stored = self._settings.value("preferences/keys")
        try:
            found = json.loads(stored) if isinstance(stored, str) else {}
        except ValueError:
            return {}
        pairs = found.items() if isinstance(found, dict) else ()
        return {each: tuple(keys) for each, keys in pairs if each in ACTIONS and _are_texts(keys)}


def _are_texts(keys: object) -> bool:
    return isinstance(keys, list) and all(isinstance(each, str) for each in keys)
