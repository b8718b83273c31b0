"""What remains of a run: its results where they were asked for, its failures and a last line on standard error, its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from engine.cli.console import printable, printable_lines, say, tell, write_stdout
from engine.cli.exit_codes import ExitCode
from engine.cli.progress_words import seconds_text
from engine.execution.output_folder import OutputFolder
from engine.execution.progress import RunStatus
from engine.execution.results import JsonResults, results_to_json
from engine.files.atomic import write_atomically

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from engine.execution import Job, RunResult
    from engine.execution.failure import Failure

MOST_SHOWN = 20
"""Failures, and payloads of an output, that are shown one by one."""

LONGEST_PAYLOAD = 200
_EXECUTOR_LOST = "engine.errors.ExecutorLostError"
_CANNOT_CREATE = "engine.errors.OutputError"


def exit_code_of(result: RunResult) -> ExitCode:
    """Return what the end of a run means for the process."""
    if result.ok:
        return ExitCode.DONE
    if any(failure.error_type == _EXECUTOR_LOST for failure in result.failures):
        return ExitCode.EXECUTOR_LOST
    if result.failures and all(failure.error_type == _CANNOT_CREATE for failure in result.failures):
        return ExitCode.CANNOT_CREATE
    return ExitCode.TASK_FAILED


def write_results(result: RunResult, job: Job, arguments: Namespace, stdout: TextIO) -> None:
    """Write the results, also those of a run that failed, where ``--results`` says; without it, show them.

    Raises:
        OutputError: a file or folder cannot be created.
        FileWriteError: writing failed midway.
        BrokenPipeError: nobody reads standard output any more.
    """
    if arguments.results is None:
        _show(results_to_json(result.outputs, None, job.secrets))
        return
    folder = OutputFolder(result.output_folder or arguments.output, job.job_map.name)
    results = results_to_json(result.outputs, folder, job.secrets)
    for warning in results.warnings[:MOST_SHOWN]:
        say(f"warning: {printable(warning)}")
    if arguments.results == "-":
        write_stdout(results.dump(), stdout)
    else:
        write_atomically(Path(arguments.results), results.dump())
        say(f"Results: {arguments.results}")


def report_end(result: RunResult, job: Job, *, signalled: bool, tracebacks: Path | None) -> None:
    """Write failures, warnings, where their tracebacks are, and how the run ended to standard error."""
    for warning in result.warnings:
        say(f"warning: {printable(job.secrets.redact(warning))}")
    _report_failures(result.failures)
    if tracebacks is not None:
        say(f"Tracebacks: {tracebacks}")
    for body in result.abandoned:
        say(f"abandoned: {printable(body)} would not end when it was cancelled")
    if result.output_folder is not None:
        say(f"Files: {result.output_folder}")
    word = "stopped" if signalled and result.status is RunStatus.CANCELLED else result.status.value
    say(f"{printable(job.job_map.name)}: {word} after {seconds_text(result.progress.seconds)}")


def _report_failures(failures: Sequence[Failure]) -> None:
    for failure in failures[:MOST_SHOWN]:
        say(f"failed: {printable_lines(failure.describe(), '  ')}")
    if len(failures) > MOST_SHOWN:
        say(f"... and {len(failures) - MOST_SHOWN} more")


def _show(results: JsonResults) -> None:
    """Show the outputs on standard output, each payload on one line and cut where it is long."""
    for output in results.outputs:
        tell(f"{printable(output['name'])}:")
        for payload in output["data"][:MOST_SHOWN]:
            text = printable(json.dumps(payload, ensure_ascii=False))
            tell(f"  {text if len(text) <= LONGEST_PAYLOAD else f'{text[:LONGEST_PAYLOAD]}...'}")
        if len(output["data"]) > MOST_SHOWN:
            tell(f"  ... and {len(output['data']) - MOST_SHOWN} more; --results FILE writes them all")
