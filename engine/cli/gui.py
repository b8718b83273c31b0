"""``ephemeral`` and ``ephemeral gui``: the builder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cli.window import window_command

if TYPE_CHECKING:
    from argparse import Namespace


def execute(arguments: Namespace) -> int:
    """Show the builder until it is closed; return its exit code."""
    code: int = window_command("builder")(arguments.map, workspace=arguments.workspace, trust=arguments.trust)
    return code
