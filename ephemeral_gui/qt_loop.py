"""The asyncio event loop that runs on Qt's: the one seam between the two.

qasync brings sockets, subprocesses and the running of Qt's loop. What asyncio calls *ready* and *scheduled* is kept here instead of in a
Qt timer per callback, whose bursts are quadratic: one queue worked off in slices, and one heap of times with one Qt timer.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import logging
import math
import signal
import socket
import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, TypeVarTuple

import PySide6.QtWidgets  # noqa: F401  qasync takes the Qt binding that is imported already
import qasync
from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextvars import Context
    from types import FrameType

    from PySide6.QtWidgets import QApplication

Ts = TypeVarTuple("Ts")

SLICE_SECONDS = 0.004
"""How long callbacks are worked off before Qt gets its turn: a quarter of a frame."""

LONGEST_TIMER_SECONDS = 3600.0
"""A Qt timer counts milliseconds in 32 bits; whatever lies beyond this is looked at again then."""

MANY_CANCELLED = 100
"""Cancelled timers that may wait in the heap before it is swept, where they are also the greater part of it."""


class _Waker(QObject):
    """Brings a call from another thread to the loop's thread."""

    called = Signal()


class EventLoop(qasync.QEventLoop):  # type: ignore[misc]  # qasync is untyped
    """An asyncio event loop on a ``QApplication``, for ``asyncio.Runner(loop_factory=lambda: EventLoop(application))``.

    An interrupt (Ctrl-C) is noticed while Qt is idle. Exceptions of callbacks go to the exception handler of the loop, as with any loop of
    asyncio's; ``SystemExit`` and ``KeyboardInterrupt`` end the loop and leave ``run_forever``.
    """

    def __init__(self, application: QApplication) -> None:
        self._queue: deque[asyncio.Handle] = deque()
        self._times: list[asyncio.TimerHandle] = []
        self._cancelled_times = 0
        self._is_armed = False
        self._is_leaving = False
        self._has_left = True
        self._way_out: BaseException | None = None
        self._turn = QTimer(interval=0)
        self._turn.timeout.connect(self._work)
        self._alarm = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._alarm.timeout.connect(self._work)
        self._waker = _Waker()
        self._waker.called.connect(self._turn.start)
        super().__init__(application)

    # Scheduling -------------------------------------------------------------------------------------------------------------------

    @override
    def call_soon(self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None) -> asyncio.Handle:
        self._check_closed()
        if self.get_debug():
            self._check_thread()
            self._check_callback(callback, "call_soon")
        handle = asyncio.Handle(callback, args, self, context)
        self._queue.append(handle)
        if not self._is_armed:
            self._is_armed = True
            self._turn.start()
        return handle

    @override
    def call_soon_threadsafe(self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None) -> asyncio.Handle:
        self._check_closed()
        if self.get_debug():
            self._check_callback(callback, "call_soon_threadsafe")
        handle = asyncio.Handle(callback, args, self, context)
        self._queue.append(handle)  # before the question: a turn that ends now disarms first and looks into the queue then
        if not self._is_armed:
            self._is_armed = True
            self._waker.called.emit()
        return handle

    @override
    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        if delay is None:
            raise TypeError("delay must not be None")
        return self.call_at(self.time() + delay, callback, *args, context=context)

    @override
    def call_at(self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None) -> asyncio.TimerHandle:
        self._check_closed()
        if self.get_debug():
            self._check_thread()
            self._check_callback(callback, "call_at")
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._times, handle)
        if self._times[0] is handle:
            self._set_alarm()
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Count a cancelled timer (asyncio's handles call this) and sweep the heap where most of it is cancelled."""
        del handle
        self._cancelled_times += 1
        if self._cancelled_times > MANY_CANCELLED and self._cancelled_times * 2 > len(self._times):
            self._times = [each for each in self._times if not each.cancelled()]
            heapq.heapify(self._times)
            self._cancelled_times = 0

    # Working ----------------------------------------------------------------------------------------------------------------------

    def _work(self) -> None:
        """Run what is due and ready, for one slice at most, and see to it that what is left gets its turn."""
        if self._has_left:
            self._turn.stop()
            self._is_armed = False
            return
        self._is_armed = True  # callbacks that add callbacks need not wake anybody
        try:
            self._take_due()
            self._run_slice(time.monotonic() + SLICE_SECONDS)
        except (SystemExit, KeyboardInterrupt) as way_out:
            self._leave_by(way_out)
        self._is_armed = False
        if self._queue:
            self._is_armed = True
            if not self._turn.isActive():
                self._turn.start()
        elif self._turn.isActive():
            self._turn.stop()

    def _run_slice(self, until: float) -> None:
        take, now, queue = self._queue.popleft, time.monotonic, self._queue
        run = self._run_watched if self.get_debug() else asyncio.Handle._run  # noqa: SLF001  what every event loop calls
        while queue and not self._has_left:
            handle = take()
            if not handle._cancelled:  # noqa: SLF001  this loop is as hot as asyncio's own, which reads it so too
                run(handle)
            if now() >= until:
                return

    def _run_watched(self, handle: asyncio.Handle) -> None:
        """Run one callback and report it where it held the loop, as asyncio does in its debug mode."""
        start = time.monotonic()
        handle._run()  # noqa: SLF001
        seconds = time.monotonic() - start
        if seconds >= self.slow_callback_duration:
            logging.getLogger("asyncio").warning("Executing %r took %.3f seconds", handle, seconds)

    def _take_due(self) -> None:
        now = self.time()
        while self._times and (self._times[0].when() <= now or self._times[0].cancelled()):
            handle = heapq.heappop(self._times)
            if handle.cancelled():
                self._cancelled_times -= 1
            else:
                self._queue.append(handle)
        self._set_alarm()

    def _set_alarm(self) -> None:
        """Set the one timer to the earliest time; it may ring for nothing, never too late."""
        if not self._times:
            self._alarm.stop()
            return
        seconds = min(max(self._times[0].when() - self.time(), 0.0), LONGEST_TIMER_SECONDS)
        self._alarm.start(math.ceil(seconds * 1000))

    # Running and leaving ----------------------------------------------------------------------------------------------------------

    @override
    def run_forever(self) -> None:
        """Run until ``stop``.

        Raises:
            KeyboardInterrupt: Ctrl-C, where nobody else handles the signal.
            SystemExit: a callback raised it.
        """
        self._has_left = False
        try:
            with self._asyncio_hooks(), self._interrupts():
                super().run_forever()
        finally:
            self._has_left = True
        if self._way_out is not None:
            way_out, self._way_out = self._way_out, None
            raise way_out

    @override
    def stop(self) -> None:
        """Leave ``run_forever`` once everything that is ready now has run."""
        if not self._is_leaving:
            self._is_leaving = True
            self.call_soon(self._leave)

    def _leave(self) -> None:
        self._is_leaving = False
        self._has_left = True
        super().stop()

    def _leave_by(self, way_out: BaseException) -> None:
        self._way_out = way_out
        self._has_left = True
        super().stop()

    @override
    def close(self) -> None:
        """Give back everything; the loop cannot run again."""
        if self.is_closed():
            return
        super().close()
        self._turn.stop()
        self._alarm.stop()
        self._queue.clear()
        self._times.clear()

    @contextlib.contextmanager
    def _asyncio_hooks(self) -> Iterator[None]:
        """What asyncio's own loops set up for a run and qasync leaves out: the closing of async generators, and whose thread it is."""
        self._thread_id = threading.get_ident()
        before = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=self._asyncgen_firstiter_hook, finalizer=self._asyncgen_finalizer_hook)
        try:
            yield
        finally:
            sys.set_asyncgen_hooks(*before)
            self._thread_id = None  # type: ignore[assignment]  # as asyncio says that it does not run

    @contextlib.contextmanager
    def _interrupts(self) -> Iterator[None]:
        """Let signals wake Qt, and turn Ctrl-C into a way out where it still has Python's default handler."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        is_ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_ours:
            signal.signal(signal.SIGINT, self._interrupt)
        try:
            with _signals_wake_qt():
                yield
        finally:
            if is_ours:
                signal.signal(signal.SIGINT, signal.default_int_handler)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._leave_by(KeyboardInterrupt())

    # qasync keeps a pool of ten Qt threads for these; asyncio's own pool starts a thread when it is needed and ends them in close().
    run_in_executor = asyncio.BaseEventLoop.run_in_executor
    set_default_executor = asyncio.BaseEventLoop.set_default_executor


@contextlib.contextmanager
def _signals_wake_qt() -> Iterator[None]:
    """Run Python's signal handlers while Qt waits: a signal writes to a socket that Qt watches, and Python runs again."""
    receiving, sending = socket.socketpair()
    with receiving, sending:
        receiving.settimeout(0)
        sending.settimeout(0)
        notifier = QSocketNotifier(receiving.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda *_: _drain(receiving))
        before = signal.set_wakeup_fd(sending.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)
            notifier.setEnabled(False)


def _drain(receiving: socket.socket) -> None:
    with contextlib.suppress(BlockingIOError):
        receiving.recv(4096)
