"""``ephemeral diff``: what one job map says that another does not, apart from moves on the canvas."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

from engine.cli.console import printable, say, tell
from engine.cli.exit_codes import ExitCode
from engine.cli.job_source import read_map
from engine.model.difference import Change, ChangeKind, difference

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

_STYLES: Final = {ChangeKind.ADDED: "green", ChangeKind.REMOVED: "red", ChangeKind.RENAMED: "cyan", ChangeKind.CHANGED: "yellow"}


def execute(arguments: Namespace) -> int:
    """Write every difference to standard output; 0 whether or not there is one, as for every command that did what it was asked."""
    changes = difference(read_map(arguments.map), read_map(arguments.other))
    if arguments.json:
        tell(json.dumps([change.to_data() for change in changes], indent=2, ensure_ascii=False))
    elif _is_terminal():
        _tell_in_colour(changes)
    else:
        for change in changes:
            tell(printable(change.describe()))
    count = len(changes)
    say("no difference" if not count else f"{count} difference{'' if count == 1 else 's'}")
    return ExitCode.DONE


def _is_terminal() -> bool:
    return sys.stdout.isatty()


def _tell_in_colour(changes: Sequence[Change]) -> None:
    """The first word, which says what happened, in a colour of its own; the terminal's wishes, such as ``NO_COLOR``, are kept."""
    from rich.console import Console  # noqa: PLC0415  only a terminal needs it
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False, soft_wrap=True)
    for change in changes:
        line = Text(printable(change.describe()))
        line.stylize(_STYLES[change.kind], 0, len(change.kind.value))
        console.print(line)
