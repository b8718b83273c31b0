"""``ephemeral picture``: the canvas of a job map as a picture, without a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.cli.console import printable, say
from engine.cli.exit_codes import ExitCode
from engine.cli.failures import UsageError
from engine.cli.job_source import read_catalog, read_map
from engine.cli.window import window_command

if TYPE_CHECKING:
    from argparse import Namespace

SUFFIXES = (".png", ".svg")


def execute(arguments: Namespace) -> int:
    """Draw the canvas into a file."""
    if arguments.file.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{arguments.file}: a picture is a file that ends in .png or .svg")
    job_map = read_map(arguments.map)
    catalog = read_catalog(arguments)
    window_command("picture")(job_map, catalog, arguments.file, dark=arguments.dark)
    say(f"Picture: {printable(str(arguments.file))}")
    return ExitCode.DONE
