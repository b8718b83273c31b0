"""The command ``ephemeral``."""

from __future__ import annotations

import contextlib
import importlib
import signal
import sys
import threading
from typing import TYPE_CHECKING

from engine.cli.arguments import HELP, make_parser
from engine.cli.console import make_lenient, tell
from engine.cli.exit_codes import ExitCode
from engine.cli.failures import exit_code_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; nothing but the code leaves it.

    Args:
        argv: what stands behind ``ephemeral``; None for the arguments of this process.
    """
    make_lenient()
    try:
        with _termination_as_exit():
            code = _execute(argv)
            sys.stdout.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else ExitCode.USAGE
    except BaseException as error:  # noqa: BLE001  the last stop: every error becomes a sentence and a code
        code = exit_code_for(error)
    return int(code)


def _execute(argv: Sequence[str] | None) -> int:
    arguments = make_parser().parse_args(argv)
    if arguments.help:
        tell(HELP.rstrip())
        return ExitCode.DONE
    if arguments.version:
        from engine import __version__  # noqa: PLC0415  a lazy name of the front door

        tell(f"ephemeral {__version__}")
        return ExitCode.DONE
    command = importlib.import_module(f"engine.cli.{arguments.command or 'gui'}")
    code: int = command.execute(arguments)
    return code


@contextlib.contextmanager
def _termination_as_exit() -> Iterator[None]:
    """Have SIGTERM end the process in an orderly way, with its exit code, where nothing else takes it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(_number: int, _frame: object) -> None:
        raise SystemExit(ExitCode.TERMINATED)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is leave:
            signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main())
