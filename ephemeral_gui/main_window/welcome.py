"""The welcome page and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalog.examples import list_examples
from ephemeral_gui.welcome.page import WelcomePage

if TYPE_CHECKING:
    from ephemeral_gui.main_window.window import MainWindow


def make_welcome(window: MainWindow) -> WelcomePage:
    """Return the page, connected to the window."""
    page = WelcomePage(list_examples(), window.look)
    page.new_requested.connect(window.file_commands.new)
    page.open_requested.connect(window.file_commands.open)
    page.workspace_requested.connect(window.file_commands.open_workspace)
    page.guide_requested.connect(window.actions_by_id["help.guide"].trigger)
    page.example_requested.connect(lambda example: window.pages.open_example(example.path))
    return page
