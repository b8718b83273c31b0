"""Where to learn more: ``help.*``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from ephemeral_gui.actions.rows import ACTIONS
from ephemeral_gui.main_window.dialogs import tell

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow

GUIDE = """\
1. Drag a task from the palette onto the canvas, or press Tab there.
2. Drag from port to port to connect; only fitting types accept the wire.
3. Select a task and fill in its settings. Problems say what is missing.
4. Run, and watch every task; results, progress and log lie below the canvas.

Your own tasks:  ephemeral new task NAMESPACE METHOD --workspace DIR
Without a window:  ephemeral run MAP --results -

Keys"""
LICENCE = "MIT licence. The fonts Inter and JetBrains Mono are under the SIL Open Font License."


class HelpCommands:
    """Shows the welcome page, the guide, and what this is."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def welcome(self) -> None:
        """Show the examples."""
        self._window.show_welcome()

    def guide(self) -> None:
        """Show how jobs are built, and every key."""
        keys = [f"{_native(row.keys[0])}  {row.title}" for row in ACTIONS.values() if row.keys]
        self._window.background.start(tell(self._window, "guide", "How to build and run a job", "\n".join([GUIDE, *keys])))

    def about(self) -> None:
        """Show version and licence."""
        from importlib.metadata import version  # noqa: PLC0415  it costs what a tenth of the start costs

        text = f"Version {version('ephemeral')}\n\n{LICENCE}"
        self._window.background.start(tell(self._window, "about", "Ephemeral", text))


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
