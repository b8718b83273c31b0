"""The commands of ``ephemeral`` that need Qt: the command line finds them as entry points, so that the engine never imports the window."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap


def open_builder(path: Path | None, *, workspace: Path | None, trust: bool) -> int:
    """Show the builder until it is closed; return its exit code."""
    from ephemeral_gui.app import run_gui  # noqa: PLC0415  a picture needs no application

    return run_gui(path, workspace=workspace, trust=trust)


def draw_picture(job_map: JobMap, catalog: Catalog, file: Path, *, dark: bool) -> None:
    """Draw the canvas of a job map into a PNG or SVG file, without a display.

    Raises:
        OutputError: the file cannot be written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a picture needs no window, and Qt aborts where it finds no display
    from ephemeral_gui.canvas.picture import write_picture  # noqa: PLC0415  imports Qt, which looks at the environment
    from ephemeral_gui.widgets.theme import DARK, LIGHT  # noqa: PLC0415  as above

    write_picture(job_map, catalog, file, DARK if dark else LIGHT)
