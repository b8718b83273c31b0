"""Undo, clipboard and selection: ``edit.*`` and ``task.*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow


class EditCommands:
    """Changes the job map that is shown; nothing happens where none is."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def undo(self) -> None:
        """Take back what a hand is doing on the canvas, else the last change."""
        canvas, document = self._window.canvas, self._window.document
        if document is not None and not (canvas is not None and canvas.viewer.cancel_gesture()):
            document.undo_stack.undo()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self._window.document is not None:
            self._window.document.undo_stack.redo()

    def cut(self) -> None:
        """Move the selection to the clipboard."""
        if self._window.canvas is not None:
            self._window.canvas.cut()

    def copy(self) -> None:
        """Copy the selection to the clipboard."""
        if self._window.canvas is not None:
            self._window.canvas.copy()

    def paste(self) -> None:
        """Add the tasks on the clipboard."""
        if self._window.canvas is not None:
            self._window.canvas.paste()

    def paste_with_wires(self) -> None:
        """Add the tasks on the clipboard, fed by what feeds the originals."""
        if self._window.canvas is not None:
            self._window.canvas.paste_with_wires()

    def duplicate(self) -> None:
        """Copy the selection beside itself."""
        if self._window.canvas is not None:
            self._window.canvas.duplicate()

    def delete(self) -> None:
        """Remove the selection."""
        if self._window.canvas is not None:
            self._window.canvas.delete_selection()

    def delete_and_heal(self) -> None:
        """Remove the selected tasks and close the wires over them."""
        if self._window.canvas is not None:
            self._window.canvas.delete_and_heal()

    def select_all(self) -> None:
        """Select every task, note and frame."""
        if self._window.canvas is not None:
            self._window.canvas.select_all()

    def find(self) -> None:
        """Go to the search field."""
        self._window.search.begin()

    def fix(self) -> None:
        """Take the fix of the problem that is selected in the list, else of the first that has one."""
        self._window.docks.reveal("problems")
        self._window.panels.problems.fix_current()

    def settings(self) -> None:
        """Show the settings beside the window."""
        self._window.show_settings()

    def rename(self) -> None:
        """Give the selected task another name, on its node."""
        if self._window.canvas is not None:
            self._window.canvas.rename_selected()


class TaskCommands:
    """What is done to the selected task."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def settings(self) -> None:
        """Go to the settings of the selected task."""
        self._window.docks.reveal("inspector")
        self._window.panels.inspector.setFocus(Qt.FocusReason.TabFocusReason)

    def connect(self) -> None:
        """Connect what is selected, or choose what it is connected to."""
        if self._window.canvas is not None:
            self._window.canvas.wiring.connect_on()

    def connect_from(self) -> None:
        """Choose what feeds the selected task."""
        if self._window.canvas is not None:
            self._window.canvas.wiring.connect_back()

    def select_upstream(self) -> None:
        """Select everything that the selected tasks depend on."""
        if self._window.canvas is not None:
            self._window.canvas.select_upstream()

    def select_downstream(self) -> None:
        """Select everything that depends on the selected tasks."""
        if self._window.canvas is not None:
            self._window.canvas.select_downstream()

    def switch_off(self) -> None:
        """Switch the selected tasks off or on again."""
        if self._window.canvas is not None:
            self._window.canvas.switch_off()

    def bypass(self) -> None:
        """Let payloads pass the selected tasks by, or not any more."""
        if self._window.canvas is not None:
            self._window.canvas.bypass()
