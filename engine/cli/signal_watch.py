"""Signals while a job runs: the first one stops it in an orderly way, the next one leaves at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING, NoReturn

from engine.cli.console import say
from engine.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CODES = {
    getattr(signal, name): code
    for name, code in (("SIGINT", ExitCode.INTERRUPTED), ("SIGTERM", ExitCode.TERMINATED), ("SIGHUP", ExitCode.TERMINATED))
    if hasattr(signal, name)
}


class SignalWatch:
    """What signals came during a run."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.exit_code: ExitCode | None = None
        self._stop = stop

    def __call__(self, number: int) -> None:
        """Take one signal."""
        if self.exit_code is not None:
            leave_at_once(_CODES[signal.Signals(number)])
        self.exit_code = _CODES[signal.Signals(number)]
        if number == signal.SIGINT:
            say("Stopping; what was finished is kept. Ctrl-C again leaves at once.")
        self._stop()


@contextlib.contextmanager
def watched_signals(stop: Callable[[], None]) -> Iterator[SignalWatch]:
    """Have signals call ``stop`` on the running loop instead of ending the process; outside the main thread they stay as they are."""
    watch = SignalWatch(stop)
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _CODES}
    installed = [number for number in _CODES if _install(loop, number, watch)]
    try:
        yield watch
    finally:
        for number in installed:
            _remove(loop, number)
            signal.signal(number, before[number])


def leave_at_once(code: int) -> NoReturn:
    """End the process without waiting for anything; worker processes notice that it is gone."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def _install(loop: asyncio.AbstractEventLoop, number: signal.Signals, watch: SignalWatch) -> bool:
    try:
        loop.add_signal_handler(number, watch, number)
    except NotImplementedError:  # Windows

        def call(_number: int, _frame: object) -> None:
            loop.call_soon_threadsafe(watch, number)

        signal.signal(number, call)
    except (ValueError, RuntimeError):  # not the main thread
        return False
    return True


def _remove(loop: asyncio.AbstractEventLoop, number: signal.Signals) -> None:
    with contextlib.suppress(NotImplementedError):
        loop.remove_signal_handler(number)
