"""A thread beside that of the event loop, which sees what a loop that stands cannot tell: what body holds it, and that memory is short."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, Protocol

from engine.execution import memory

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence
    from traceback import FrameSummary
    from types import FrameType

_log = logging.getLogger(__name__)

BETWEEN_LOOKS: Final = 0.04
"""Seconds between two looks: what holds the loop for longer than twice that is seen; one look takes some microseconds."""

LOOKS_BETWEEN_MEMORY: Final = 12
MOST_MEMORY: Final = 0.8
"""Share of what this process could have at most that it may hold before that is said."""

DEEPEST: Final = 20
"""Calls of a body that are shown."""

_CALLER: Final = str(Path(__file__).with_name("worker.py"))


class Stepping(Protocol):
    """Who has the loop's thread at this moment.

    Attributes:
        held_at: since when a body held the loop, and the calls it was in when that was seen, the innermost last.
    """

    held_at: tuple[float, Sequence[FrameSummary]]

    def holds_since(self) -> float | None:
        """Return when the body that runs now was let on, on the clock of ``perf_counter``; None between bodies."""


class Watchdog:
    """Watches the thread that it is made in, from ``start`` to ``stop``.

    Attributes:
        stepping: who has the thread; set by the one who gives it.
        warnings: what was found about memory.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.stepping: Stepping | None = None
        self.warnings: list[str] = []
        self._loop = loop
        self._watched = threading.get_ident()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="ephemeral-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; returns when the thread is gone."""
        self._stopped.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _watch(self) -> None:
        looks = 0
        while not self._stopped.wait(BETWEEN_LOOKS) and not self._loop.is_closed():
            self._look_for_standing()
            looks += 1
            if looks % LOOKS_BETWEEN_MEMORY == 0 and not self.warnings:
                self._look_at_memory()

    def _look_for_standing(self) -> None:
        stepping = self.stepping
        since = None if stepping is None else stepping.holds_since()
        if stepping is None or since is None or perf_counter() - since < BETWEEN_LOOKS or stepping.held_at[0] == since:
            return
        frame = sys._current_frames().get(self._watched)  # noqa: SLF001  the only way to another thread's stack
        if frame is not None:
            stepping.held_at = since, _calls_of_body(frame)

    def _look_at_memory(self) -> None:
        held, spare = memory.held_by(os.getpid()), memory.spare()
        if held > MOST_MEMORY * (held + spare):
            self.warnings.append(
                f"memory is short: this process holds {memory.size_text(held)} and can have {memory.size_text(spare)} more; "
                'a task with "runs": "process" is ended alone where it takes too much'
            )
            _log.warning("%s", self.warnings[-1])


def blocking_advice(task: str, calls: Sequence[FrameSummary]) -> str:
    """Return what a person should know of a task whose body held the loop in these calls, the innermost last."""
    place = f" ({Path(calls[-1].filename).name}, line {calls[-1].lineno}, in {calls[-1].name})" if calls else ""
    return f'the task "{task}" held the event loop{place}; everything else stood meanwhile: give it "runs": "thread" or "process"'


def stack_text(calls: Sequence[FrameSummary]) -> str:
    """Return calls as a traceback shows them."""
    return "".join(traceback.format_list(calls))


def _calls_of_body(frame: FrameType) -> Sequence[FrameSummary]:
    """Return the calls above the engine's own call of the body."""
    calls = traceback.extract_stack(frame)
    own = [number for number, call in enumerate(calls) if call.filename == _CALLER]
    return calls[own[-1] + 1 if own else 0 :][-DEEPEST:]
