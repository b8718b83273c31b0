"""``ephemeral`` and ``ephemeral gui``: the builder."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from engine.cli.failures import UsageError

if TYPE_CHECKING:
    from argparse import Namespace


def execute(arguments: Namespace) -> int:
    """Show the builder until it is closed; return its exit code."""
    if importlib.util.find_spec("PySide6") is None:
        raise UsageError("the builder needs Qt: pip install PySide6-Essentials. Without it jobs run with: ephemeral run MAP")
    from ephemeral_gui.app import run_gui  # noqa: PLC0415  Qt, which only this command needs

    return run_gui(arguments.map, workspace=arguments.workspace, trust=arguments.trust)
