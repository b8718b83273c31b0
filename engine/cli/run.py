"""``ephemeral run``: a job without a window."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
import time
from concurrent.futures.thread import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli.console import say
from engine.cli.event_stream import EventStream, open_event_stream
from engine.cli.failure_log import failures_logged
from engine.cli.failures import UsageError, say_problems
from engine.cli.job_source import read_catalog, read_map
from engine.cli.progress_view import progress_view
from engine.cli.run_report import exit_code_of, report_end, write_results
from engine.cli.signal_watch import leave_at_once, leave_soon, watched_signals
from engine.errors import JobMapError, OutputError
from engine.execution import build_job
from engine.validation import check_file

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from engine.cli.exit_codes import ExitCode
    from engine.cli.progress_view import ProgressView
    from engine.execution import Job, Run, RunResult

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_FOR_THREADS = 1.0
THREADS_OF_LOOP = "asyncio"


def execute(arguments: Namespace) -> int:
    """Run the job; return the exit code of its end."""
    if arguments.results == arguments.events == "-":
        raise UsageError("only one of --results and --events can go to standard output")
    job = _job(arguments)
    _check_place(arguments.results)
    stdout, threads = sys.stdout, threading.enumerate()
    with open_event_stream(arguments.events) as events, _stdout_kept_clean(arguments), failures_logged() as log:
        result, signalled, is_free = _carry_out(job, arguments, events)
        write_results(result, job, arguments, stdout)
        report_end(result, job, signalled=signalled is not None, tracebacks=log.path)
        code = exit_code_of(result) if signalled is None else signalled
        if not is_free:
            leave_at_once(code)
        if events is not None:
            events.raise_failure()
    leave_soon(code, threads)
    return code


def _job(arguments: Namespace) -> Job:
    catalog = read_catalog(arguments)
    try:
        job_map = read_map(arguments.map, arguments.set)
    except JobMapError as error:
        if arguments.set:  # the file is not what was refused
            raise
        raise JobMapError(check_file(arguments.map, catalog), file=str(arguments.map)) from error
    job = build_job(job_map, catalog)
    say_problems(job.warnings, str(arguments.map))
    return job


def _check_place(target: str | None) -> None:
    """Find out before the work, not after it, that results have no place.

    Raises:
        OutputError: the file cannot be created.
    """
    if target is None or target == "-":
        return
    path = Path(target)
    if path.is_dir():
        raise OutputError(target, "is a folder, not a file")
    if not path.parent.is_dir():
        raise OutputError(target, f"cannot be written: there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise OutputError(target, "cannot be written: permission denied")


@contextlib.contextmanager
def _stdout_kept_clean(arguments: Namespace) -> Iterator[None]:
    """Send what task code prints to standard error where results or events go to standard output."""
    if "-" not in (arguments.results, arguments.events):
        yield
        return
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _carry_out(job: Job, arguments: Namespace, events: EventStream | None) -> tuple[RunResult, ExitCode | None, bool]:
    """Run the job on a loop of its own, and say whether nothing is left of it; where bodies or their threads are, nobody waits for them."""
    with contextlib.ExitStack() as stack:
        runner = asyncio.Runner()
        stack.callback(runner.close)
        result, signalled = runner.run(_run(job, arguments, events))
        is_free = not result.abandoned and _threads_end(THREADS_OF_LOOP)
        if not is_free:
            stack.pop_all()
    return result, signalled, is_free


def _threads_end(prefix: str) -> bool:
    """Wait a moment for what bodies handed to the loop's threads; say whether all of it has ended."""
    ends = time.monotonic() + SECONDS_FOR_THREADS
    for thread in threading.enumerate():
        if thread.name.startswith(prefix):
            thread.join(max(0.0, ends - time.monotonic()))
    left = [each for each in threading.enumerate() if each.name.startswith(prefix)]
    if left:
        say(f"warning: what tasks handed to threads does not end and is left behind ({len(left)})")
    return not left


async def _run(job: Job, arguments: Namespace, events: EventStream | None) -> tuple[RunResult, ExitCode | None]:
    executor = ThreadPoolExecutor(thread_name_prefix=THREADS_OF_LOOP)
    asyncio.get_running_loop().set_default_executor(executor)
    run = job.start(
        output=arguments.output,
        subscribers=[] if events is None else [events],
        dask=arguments.dask,
        fail_fast=True if arguments.fail_fast else None,
        max_concurrent=arguments.max_concurrent,
    )
    if events is not None:
        events.on_failure = run.cancel
    with watched_signals(run.cancel) as watch, _shown(run, events):
        result = await run.wait()
    executor.shutdown(wait=False, cancel_futures=True)
    return result, watch.exit_code


@contextlib.contextmanager
def _shown(run: Run, events: EventStream | None) -> Iterator[None]:
    """Show the progress of the run from time to time, and its end."""
    looks = _Looks(run, progress_view(), events)
    looks.look()
    try:
        yield
    finally:
        looks.end()


class _Looks:
    """A look at the run ten times a second."""

    def __init__(self, run: Run, view: ProgressView, events: EventStream | None) -> None:
        self._run = run
        self._view = view
        self._events = events
        self._next: asyncio.TimerHandle | None = None

    def look(self) -> None:
        self._view.show(self._run.progress)
        if self._events is not None:
            self._events.flush()
        self._next = asyncio.get_running_loop().call_later(SECONDS_BETWEEN_LOOKS, self.look)

    def end(self) -> None:
        if self._next is not None:
            self._next.cancel()
        self._view.finish(self._run.progress)
        if self._events is not None:
            self._events.flush()
