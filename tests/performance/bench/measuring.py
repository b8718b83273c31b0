"""Interleaved samples of the same work done in several ways, and what their medians come to."""

from __future__ import annotations

import asyncio
import gc
import inspect
import statistics
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    Loop: TypeAlias = "Callable[[], asyncio.AbstractEventLoop] | None"

FLOOR: Final = "floor"
OURS: Final = "ephemeral"
ON_QT: Final = "on Qt"
PAIRS: Final = 5

Work: TypeAlias = "Callable[[], Awaitable[Any] | Any]"
"""The work once over; what it returns does not matter, what it raises ends the benchmark."""


@dataclass(frozen=True, slots=True)
class Target:
    """The most that one figure of a row may be."""

    most: float
    of: str = OURS
    over: str = FLOOR


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to do the work.

    Attributes:
        work: a function or a coroutine function.
        units: invocations that the work makes, so that slow ways may do less of it.
        loop: makes the event loop that it runs on.
        clock: this thread's time, which no other process or thread adds to; the whole process's where threads do the work.
        setting: what has to stand around the work; neither its beginning nor its end counts, and it is gone while others are measured.
    """

    work: Work
    units: int
    loop: Loop = None
    clock: Callable[[], float] = time.thread_time
    setting: Callable[[], AbstractContextManager[Any]] = nullcontext


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    What slows the machine slows all contestants of a turn: targets are about ratios within a turn.
    """

    name: str
    contestants: Mapping[str, Contestant]
    targets: tuple[Target, ...] = ()
    pairs: int = PAIRS


@dataclass(frozen=True, slots=True)
class Measured:
    """The samples of one row, in seconds a unit, by contestant."""

    row: Row
    samples: Mapping[str, list[float]] = field(default_factory=dict)

    def seconds(self, name: str) -> float | None:
        """Return the median of a contestant's samples."""
        found = self.samples.get(name)
        return statistics.median(found) if found else None

    def ratio(self, of: str, over: str) -> float | None:
        """Return the median of the ratios of samples taken one after the other: what slows the machine slows both of a pair."""
        if of not in self.samples or over not in self.samples:
            return None
        return statistics.median(one / other for one, other in zip(self.samples[of], self.samples[over], strict=True))

    def misses(self) -> list[tuple[Target, float]]:
        """Return the targets that were missed, with what was measured."""
        found = [(target, self.ratio(target.of, target.over)) for target in self.row.targets]
        return [(target, ratio) for target, ratio in found if ratio is not None and ratio > target.most]


def measure(row: Row) -> Measured:
    """Do the work of each contestant in turn, as often as the row asks; a first round, which warms up, does not count."""
    samples: dict[str, list[float]] = {name: [] for name in row.contestants}
    for turn in range(row.pairs + 1):
        for name, contestant in row.contestants.items():
            seconds = _sample(contestant) / contestant.units
            if turn:
                samples[name].append(seconds)
    return Measured(row, samples)


def _sample(contestant: Contestant) -> float:
    with contestant.setting(), _only_own_garbage():
        if not inspect.iscoroutinefunction(contestant.work):
            start = contestant.clock()
            contestant.work()
            return contestant.clock() - start
        with asyncio.Runner(loop_factory=contestant.loop) as runner:
            return runner.run(_timed(contestant.work, contestant.clock))


@contextmanager
def _only_own_garbage() -> Iterator[None]:
    """Keep what others left behind, and what they imported, out of the collections that happen meanwhile."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


async def _timed(work: Callable[[], Awaitable[Any]], clock: Callable[[], float]) -> float:
    start = clock()
    await work()
    return clock() - start
