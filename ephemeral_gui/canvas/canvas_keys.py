"""The keys of the canvas, as a table: what a key does is the name of a method of ``Canvas``, or of one of its parts.

The window's own actions come first where they have the same keys; these hold where there is no such action.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QKeyEvent

COMMAND_OF_KEYS: Final[Mapping[str, str]] = {
    "Ctrl+C": "copy",
    "Ctrl+X": "cut",
    "Ctrl+V": "paste",
    "Ctrl+Shift+V": "paste_with_wires",
    "Ctrl+D": "duplicate",
    "Ctrl+A": "select_all",
    "Del": "delete_selection",
    "Backspace": "delete_selection",
    "Ctrl+Del": "delete_and_heal",
    "F2": "rename_selected",
    "Ctrl+L": "arrange",
    "Ctrl+Shift+L": "arranging.arrange_selection",
    "Shift+Left": "select_upstream",
    "Shift+Right": "select_downstream",
    "F": "fit",
    "Ctrl+1": "fit",
    "Ctrl+0": "reset_zoom",
    "Ctrl++": "zoom_in",
    "Ctrl+=": "zoom_in",
    "Ctrl+-": "zoom_out",
    "+": "zoom_in",
    "-": "zoom_out",
    "Tab": "quick_add",
    "C": "wiring.connect_on",
    "Shift+C": "wiring.connect_back",
    "N": "add_note",
    "Ctrl+G": "annotating.frame_selection",
    "D": "switch_off",
    "Ctrl+B": "bypass",
    "Return": "activate_selected",
    "Enter": "activate_selected",
    "Esc": "clear_selection",
}

ARROWS: Final = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down})


def command_of(event: QKeyEvent) -> str | None:
    """Return the command that a key press asks for, None where there is none."""
    return _COMMANDS.get(_keys_of(event))


def _keys_of(event: QKeyEvent) -> str:
    """Return the keys without what tells the number pad's from the others, and without Shift where it only makes the sign."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(modifiers.value | event.key()).toString(QKeySequence.SequenceFormat.PortableText)


_COMMANDS: Final = {QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText): name for keys, name in COMMAND_OF_KEYS.items()}
