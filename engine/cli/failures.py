"""From an error to a sentence on standard error and an exit code."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from engine.cli.console import printable, printable_lines, say, silence
from engine.cli.exit_codes import ExitCode
from engine.cli.log_files import write_log
from engine.errors import (
    EphemeralError,
    ExecutorLostError,
    FileWriteError,
    InputMissingError,
    JobMapError,
    NotTrustedError,
    OutputError,
)
from engine.problems import MOST_PROBLEMS_SHOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.problems import Problem

_CODES: tuple[tuple[type[BaseException], ExitCode], ...] = (
    (JobMapError, ExitCode.BAD_JOB_MAP),
    (InputMissingError, ExitCode.INPUT_MISSING),
    (OutputError, ExitCode.CANNOT_CREATE),
    (FileWriteError, ExitCode.IO_ERROR),
    (BrokenPipeError, ExitCode.IO_ERROR),
    (ExecutorLostError, ExitCode.EXECUTOR_LOST),
    (NotTrustedError, ExitCode.NOT_TRUSTED),
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
)


class UsageError(Exception):
    """The command was called in a way that makes no sense; the text says why."""


def exit_code_for(error: BaseException) -> ExitCode:
    """Say on standard error what went wrong, and return the exit code that stands for it."""
    code = (
        ExitCode.USAGE if isinstance(error, UsageError) else next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.BUG)
    )
    match error:
        case KeyboardInterrupt():
            pass
        case BrokenPipeError():
            silence(sys.stdout)
        case JobMapError():
            say_problems(error.problems, error.file)
        case UsageError() | EphemeralError() if code is not ExitCode.BUG:
            say(f"ephemeral: {printable_lines(str(error), '  ')}")
        case _:
            _say_bug(error)
    if isinstance(error, NotTrustedError):
        say("Where you know what its code does, allow it for this once with --trust.")
    return code


def problem_lines(problems: Sequence[Problem], file: str | None) -> list[str]:
    """Return a line for each problem, up to 100, and how many more there are."""
    lines = [_problem_line(problem, file) for problem in problems[:MOST_PROBLEMS_SHOWN]]
    more = len(problems) - len(lines)
    return [*lines, f"... and {more} more"] if more else lines


def say_problems(problems: Sequence[Problem], file: str | None) -> None:
    """Write the problems to standard error."""
    for line in problem_lines(problems, file):
        say(line)


def _problem_line(problem: Problem, file: str | None) -> str:
    text = printable(problem.describe(file))
    return text if problem.is_error else f"warning: {text}"


def _say_bug(error: BaseException) -> None:
    text = "".join(traceback.format_exception(error))
    path = write_log("bug", text)
    say(f"ephemeral: a bug of ours, not of your job: {type(error).__name__}: {printable_lines(str(error), '  ')}")
    say(f"The traceback is in {path}; please report it." if path else printable_lines(text))
