"""``ephemeral examples``: jobs to start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.catalog.examples import copy_example, list_examples
from engine.cli.console import printable, say, tell
from engine.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from argparse import Namespace


def execute(arguments: Namespace) -> int:
    """List the examples, or copy one of them into a folder and write the path of its job map to standard output."""
    if arguments.copy is None:
        for example in list_examples():
            tell(f"{example.name}  ({example.task_count} tasks)")
            tell(f"    {printable(example.description or example.title)}")
        say("Yours to change: ephemeral examples --copy NAME DIR")
        return ExitCode.DONE
    name, folder = arguments.copy
    path = copy_example(name, Path(folder))
    tell(printable(str(path)))
    say(f'Next: ephemeral gui "{printable(str(path))}"')
    return ExitCode.DONE
