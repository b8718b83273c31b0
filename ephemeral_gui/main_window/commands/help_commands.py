"""Where to learn more: ``help.*``."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion

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

Every key:  F1"""
NAMED = ("PySide6-Essentials", "NodeGraphQt", "qasync", "distributed", "xarray")
LICENCE = "MIT licence. The fonts Inter and JetBrains Mono are under the SIL Open Font License."


class HelpCommands:
    """Shows the welcome page, the guide, and what this is."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def welcome(self) -> None:
        """Show the examples."""
        self._window.pages.show_welcome()

    def guide(self) -> None:
        """Show how jobs are built, and every key."""
        self._window.background.start(tell(self._window, "guide", "How to build and run a job", GUIDE))

    def shortcuts(self) -> None:
        """List every action with its keys, beside the window."""
        self._window.show_shortcuts()

    def tour(self) -> None:
        """Show the three steps of the first visit again."""
        self._window.tour.begin()

    def about(self) -> None:
        """Show versions and licence."""
        text = f"Version {_version('ephemeral')}\n\n{versions()}\n\n{LICENCE}"
        self._window.background.start(tell(self._window, "about", "Ephemeral", text))


def versions() -> str:
    """Return what this runs on, a line each, as a report of a fault needs it."""
    parts = [f"Python {platform.python_version()} on {platform.system()} {platform.machine()}", f"Qt {qVersion()}"]
    return "\n".join([*parts, *(f"{name} {_version(name)}" for name in NAMED)])


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  it costs what a tenth of the start costs

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
