"""What one can begin with: the welcome page and the gallery of templates, and what their buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalog.examples import list_examples
from engine.files import load_job_map
from engine.model.job_map import empty_job_map
from ephemeral_gui.welcome.gallery import Gallery
from ephemeral_gui.welcome.page import WelcomePage

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from engine.catalog.examples import Example
    from ephemeral_gui.main_window.window import MainWindow
    from ephemeral_gui.widgets.theme import Theme


def make_welcome(window: MainWindow) -> WelcomePage:
    """Return the page, connected to the window."""
    page = WelcomePage(list_examples(), window.look)
    page.new_requested.connect(window.file_commands.new)
    page.open_requested.connect(window.file_commands.open)
    page.workspace_requested.connect(window.file_commands.open_workspace)
    page.guide_requested.connect(window.actions_by_id["help.guide"].trigger)
    page.example_requested.connect(lambda example: window.pages.open_example(example.path))
    return page


def make_gallery(window: MainWindow) -> Gallery:
    """Return the gallery, connected to the window."""

    def draw(template: Example | None, theme: Theme) -> QImage:
        from ephemeral_gui.canvas.picture import image_of  # noqa: PLC0415  NodeGraphQt need not delay an empty window

        return image_of(empty_job_map() if template is None else load_job_map(template.path), window.catalog, theme)

    gallery = Gallery(list_examples(), draw, window.look, window)
    gallery.chosen.connect(lambda template: window.file_commands.new() if template is None else window.pages.open_example(template.path))
    return gallery
