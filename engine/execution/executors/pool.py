"""Seats, and who may sit on them: threads or processes of one run, made when they are first needed and kept until the run ends."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from engine.execution.describing import portrait

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.execution.executors.body_host import Batch, Outcome
    from engine.execution.invocation_context import InvocationContext
    from engine.tasks import Payload

S = TypeVar("S", bound="Seat[Any]")
B = TypeVar("B")
A = TypeVar("A", "Outcome", "Batch")

_ENDED_BY_CANCEL = ("asyncio.exceptions.CancelledError", "worker-ended")


class Seat(ABC, Generic[B]):
    """A thread or process that runs one body at a time. All of it but what a seat says of itself is used on the run's loop.

    Attributes:
        streams: generators that live here between two requests for items.
        is_lost: it takes nothing any more: its process ended, or its body does not end when it is cancelled.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.streams = 0
        self.is_busy = False
        self.is_lost = False
        self.waiting: deque[asyncio.Future[None]] = deque()

    @abstractmethod
    async def prepare(self, body: B, context: InvocationContext) -> None:
        """See to it that the body is there to be called. Raises why it cannot be."""

    @abstractmethod
    async def call(self, body: B, context: InvocationContext, payload: Payload) -> Outcome:
        """Call a body here. A cancelled wait cancels the body, as often as it comes, and goes on until the body or the seat ends."""

    @abstractmethod
    async def pull(self, stream: Any, most: int) -> Batch:
        """Ask a generator that lives here for items; cancelled as ``call`` is."""

    @abstractmethod
    def close_stream(self, stream: Any) -> None:
        """Let a generator be closed as soon as the seat is free."""

    @abstractmethod
    async def close(self) -> list[str]:
        """End the seat, and say in words what went wrong; what still runs here is not waited for."""

    @abstractmethod
    def _cancel(self) -> None:
        """Cancel what runs here; called again as long as it does not end."""

    async def _answered(self, answer: asyncio.Future[A]) -> A:
        """Wait for the end of what runs here. Being cancelled cancels that, and the wait goes on."""
        was_cancelled = False
        while not answer.done():
            try:
                await asyncio.wait([answer])
            except asyncio.CancelledError:
                was_cancelled = True
                self._cancel()
        error = answer.result().error
        if was_cancelled and error is not None and portrait(error)[0] in _ENDED_BY_CANCEL:
            raise asyncio.CancelledError
        return answer.result()


class Pool(Generic[S]):
    """The seats of one kind.

    Args:
        make_seat: makes one more.
        limit: most bodies at once.
    """

    def __init__(self, make_seat: Callable[[], S], limit: int) -> None:
        self._make_seat = make_seat
        self._limit = limit
        self._seats: list[S] = []
        self._waiting: deque[asyncio.Future[S]] = deque()

    @property
    def seats(self) -> tuple[S, ...]:
        """The seats that there are."""
        return tuple(self._seats)

    def drop(self, seat: S) -> None:
        """Count on a seat no longer; others may take its place."""
        seat.is_lost = True
        if seat in self._seats:
            self._seats.remove(seat)
            self._wake(seat)

    async def close(self) -> list[str]:
        """End all seats; return in words what went wrong."""
        endings = await asyncio.gather(*(seat.close() for seat in self._seats))
        self._seats.clear()
        return [complaint for complaints in endings for complaint in complaints]

    async def take(self) -> S:
        """Wait for a free seat and take it."""
        seat = None if self._waiting else self._free()
        if seat is not None:
            seat.is_busy = True
            return seat
        turn: asyncio.Future[S] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back(turn.result())
            raise

    async def take_this(self, seat: S) -> None:
        """Wait until this seat is free, and take it; one that is lost too: it says so when it is asked for something."""
        while seat.is_busy and not seat.is_lost:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            seat.waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._wake(seat)
                raise
        seat.is_busy = True

    def give_back(self, seat: S) -> None:
        """Let others have the seat."""
        seat.is_busy = False
        self._wake(seat)

    def _free(self) -> S | None:
        """Return a seat without generators of its own, so that it endangers none: one that is there, else a new one; else any."""
        idle = [seat for seat in self._seats if not seat.is_busy]
        best = min(idle, key=lambda seat: seat.streams, default=None)
        if best is not None and not best.streams:
            return best
        holding = sum(1 for seat in self._seats if seat.streams)
        if len(self._seats) < self._limit + min(holding, self._limit):
            self._seats.append(self._make_seat())
            return self._seats[-1]
        return best

    def _wake(self, seat: S) -> None:
        """Let those go on who wait for this seat; else one who waits for any."""
        if self._let_on(seat.waiting):
            return
        while self._waiting:
            turn = self._waiting[0]
            if turn.done():
                self._waiting.popleft()
                continue
            free = self._free()
            if free is not None:
                self._waiting.popleft()
                free.is_busy = True
                turn.set_result(free)
            return

    def _let_on(self, waiting: deque[asyncio.Future[None]]) -> bool:
        while waiting:
            turn = waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return True
        return False
