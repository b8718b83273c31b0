"""How far a run is, on standard error: live bars on a terminal, a few plain lines else."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

from engine.cli.progress_lines import ProgressLines

if TYPE_CHECKING:
    from engine.execution.progress import ProgressSnapshot


class ProgressView(Protocol):
    """Something that shows snapshots of one run."""

    def show(self, snapshot: ProgressSnapshot) -> None:
        """Show how far the run is now."""

    def finish(self, snapshot: ProgressSnapshot) -> None:
        """Show how the run ended, and leave the terminal to others."""


def progress_view() -> ProgressView:
    """Return the view that suits standard error."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        from engine.cli.progress_bars import ProgressBars  # noqa: PLC0415  rich costs 150 ms that only a terminal needs

        return ProgressBars()
    return ProgressLines()
