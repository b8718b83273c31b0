"""The window of Ephemeral."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ephemeral_gui.main_window.window import MainWindow


def open_window(path: Path | str | None = None, *, workspace: Path | str | None = None, trust: bool = False) -> MainWindow:
    """Show a main window on the running ``QApplication`` and return it.

    Runs and questions need an event loop of ``ephemeral_gui.qt_loop.EventLoop``.

    Args:
        path: job map to open; without one the welcome page is shown.
        workspace: folder with task namespaces of the user's own.
        trust: whether the workspace's task code may be loaded.
    """
    from ephemeral_gui.app import show_window  # noqa: PLC0415  so that importing the package needs no Qt

    return show_window(path, workspace=workspace, trust=trust)
