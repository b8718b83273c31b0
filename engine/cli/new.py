"""``ephemeral new``: namespaces and tasks of the one shape, in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.catalog.scaffolding import new_namespace, new_task
from engine.cli.console import printable, say, tell
from engine.cli.exit_codes import ExitCode
from engine.cli.failures import UsageError

if TYPE_CHECKING:
    from argparse import Namespace


def execute(arguments: Namespace) -> int:
    """Make what was asked for, and write the paths of the files to standard output."""
    try:
        if arguments.what == "namespace":
            written = new_namespace(arguments.workspace, arguments.name)
        else:
            written = new_task(arguments.workspace, arguments.namespace, arguments.method)
    except ValueError as error:  # a name that cannot be one
        raise UsageError(str(error)) from error
    for path in written:
        tell(printable(str(path)))
    say(_next_step(arguments))
    return ExitCode.DONE


def _next_step(arguments: Namespace) -> str:
    if arguments.what == "namespace":
        return f'Next: ephemeral new task {arguments.name} METHOD --workspace "{arguments.workspace}"'
    return f'It passes the payload on; make it do its work, then: ephemeral gui --workspace "{arguments.workspace}" --trust'
