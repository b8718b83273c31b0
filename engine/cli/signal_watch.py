"""Signals while a job runs: the first one stops it in an orderly way, the next one leaves at once, also while a body holds the loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from engine.cli.console import say
from engine.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

_CODES = {
    getattr(signal, name): code
    for name, code in (("SIGINT", ExitCode.INTERRUPTED), ("SIGTERM", ExitCode.TERMINATED), ("SIGHUP", ExitCode.TERMINATED))
    if hasattr(signal, name)
}


SECONDS_TO_LEAVE = 2.0


class SignalWatch:
    """What signals came during a run."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.exit_code: ExitCode | None = None
        self._stop = stop

    def take(self, number: int) -> None:
        """Note a signal at once, whatever the main thread is doing; the second one ends the process."""
        code = _CODES[signal.Signals(number)]
        if self.exit_code is not None:
            leave_at_once(code)
        self.exit_code = code

    def stop(self, number: int) -> None:
        """Stop the run; called on the event loop, as soon as that goes on."""
        if number == signal.SIGINT:
            say("Stopping; what was finished is kept. Ctrl-C again leaves at once.")
        self._stop()


@contextlib.contextmanager
def watched_signals(stop: Callable[[], None]) -> Iterator[SignalWatch]:
    """Have signals call ``stop`` on the running loop instead of ending the process; outside the main thread they stay as they are.

    Where one came, the next still leaves at once with its code when the run has ended: the process is about to leave anyhow.
    """
    watch = SignalWatch(stop)
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _CODES}
    installed = [number for number in _CODES if _install(loop, number, watch)]
    try:
        yield watch
    finally:
        for number in installed:
            _remove(loop, number)
            signal.signal(number, before[number] if watch.exit_code is None else _leave)


def _leave(number: int, _frame: object) -> None:
    leave_at_once(_CODES[signal.Signals(number)])


def leave_at_once(code: int) -> NoReturn:
    """End the process without waiting for anything; worker processes notice that it is gone."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # a signal may come while they are written to
            stream.flush()
    os._exit(code)


def leave_soon(code: int, known: Container[threading.Thread]) -> None:
    """See to it that the process ends a few seconds after its work at the latest, although bodies left threads that may never end.

    Args:
        code: the exit code.
        known: threads that were there before, which nobody has to fear.
    """
    if any(each not in known and not each.daemon for each in threading.enumerate()):
        fuse = threading.Timer(SECONDS_TO_LEAVE, leave_at_once, [code])
        fuse.daemon = True
        fuse.start()


def _install(loop: asyncio.AbstractEventLoop, number: signal.Signals, watch: SignalWatch) -> bool:
    def take(_number: int, _frame: object) -> None:
        watch.take(number)

    def take_and_stop(_number: int, _frame: object) -> None:
        watch.take(number)
        loop.call_soon_threadsafe(watch.stop, number)

    try:
        loop.add_signal_handler(number, watch.stop, number)  # which wakes the loop up
        signal.signal(number, take)
    except NotImplementedError:  # Windows
        signal.signal(number, take_and_stop)
    except (ValueError, RuntimeError):  # not the main thread
        return False
    return True


def _remove(loop: asyncio.AbstractEventLoop, number: signal.Signals) -> None:
    with contextlib.suppress(NotImplementedError):
        loop.remove_signal_handler(number)
