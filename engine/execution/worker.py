"""A worker: one asyncio task that calls body after body, each child in place of its parent for as long as it can."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from engine.execution import ending, pulling
from engine.execution.deadlines import NEVER
from engine.execution.payloads import isolated
from engine.execution.stepping import BLOCKING, Stepped
from engine.tasks import _context

if TYPE_CHECKING:
    from collections.abc import Sequence
    from traceback import FrameSummary

    from engine.execution.backlog import Invocation
    from engine.execution.branches import Stream
    from engine.execution.run import Run

CANCEL_AGAIN: Final = 0.5
GRACE: Final = 5.0
"""Seconds that a cancelled body gets to end before it is left behind."""


class Worker:
    """Runs invocations until nothing is ready.

    Items on one worker share its asyncio task; so a body that was cancelled for its time limit, or that left context variables behind, is
    its worker's last.

    Attributes:
        run: the run that it works for.
        invocation: the one whose body runs, or ran last.
        is_busy: a body runs.
        since: when the body was called.
        resumed: when the event loop last let this worker go on.
        held_at: since when a body held the loop, and the calls that it was seen in; the watchdog's.
        deadline: when the body is overdue.
        has_timed_out: it was; whatever it does now, its time is over.
        is_yielding: it gave way to the rest of the loop and will go on by itself.
        is_abandoned: the run goes on without it.
        is_closing: its event loop is no more.
    """

    __slots__ = (
        "_cancelled_at",
        "_variables",
        "deadline",
        "handle",
        "has_timed_out",
        "held_at",
        "invocation",
        "is_abandoned",
        "is_busy",
        "is_closing",
        "is_yielding",
        "resumed",
        "run",
        "since",
    )

    def __init__(self, run: Run) -> None:
        self.run = run
        self.invocation: Invocation = (run.plan.entry, run.state.trunk, {}, 1)
        self.is_busy = False
        self.since = 0.0
        self.resumed = 0.0
        self.held_at: tuple[float, Sequence[FrameSummary]] = (0.0, ())
        self.deadline = NEVER
        self.has_timed_out = False
        self.is_yielding = True  # it has not begun, but it will by itself
        self.is_abandoned = False
        self.is_closing = False
        self._cancelled_at = 0.0
        self._variables = run.clean_context.copy()
        self.handle: asyncio.Task[None] = run.loop.create_task(Stepped(self._work(), self), context=self._variables)

    @property
    def task(self) -> int:
        """The number of the task whose body runs, or ran last."""
        return self.invocation[0]

    # What the event loop tells

    def goes_on(self) -> None:
        """The event loop lets the worker go on."""
        self.resumed = now = perf_counter()
        run = self.run
        run.watchdog.stepping = self
        if not run.turn.is_open:
            run.turn.begin(now)

    def stops(self) -> None:
        """The worker waits: for what a body awaits, for the recorder, or for its next turn."""
        run = self.run
        run.watchdog.stepping = None
        if self.is_busy and (now := perf_counter()) - self.resumed > BLOCKING:
            self.look_for_blocking(now)
        if not self.is_yielding and run.spare is None:
            run.ensure_runner()

    def holds_since(self) -> float | None:
        """Return when the body that runs now was let on; None between bodies. Asked from another thread, while this worker has the loop."""
        return max(self.since, self.resumed) if self.is_busy else None

    def overdue(self) -> None:
        """The body is past its time limit: cancel it, again and again, until its grace is over."""
        now = perf_counter()
        if not self.has_timed_out:
            self.has_timed_out = True
            self._cancelled_at = now
        if now - self._cancelled_at >= GRACE:
            self.deadline = NEVER
            self.run.abandon(self)
            return
        self.deadline = now + CANCEL_AGAIN
        self.handle.cancel()

    # The loop over invocations

    async def _work(self) -> None:  # noqa: C901, PLR0912, PLR0915  the hot path: a call for each step would cost more than all of them
        """Call bodies until nothing is ready, the run halts, or another worker is better placed to go on."""
        run = self.run
        state, bodies, is_plain, turn = run.state, run.bodies, run.is_plain, run.turn
        busy, first_start = state.tallies.busy, state.tallies.first_start
        enter, context_of, variables = _context.set, run.context_of, self._variables
        following: Invocation | Stream | None = None
        stream: Stream | None
        result: Any
        error: BaseException | None
        while (now := perf_counter()) > turn.ends:  # noqa: ASYNC110  many may begin in one turn; nothing else tells of the next
            await asyncio.sleep(0)
        self.is_yielding = False
        run.has_begun(self)
        enter((context_of, self.invocation))
        known_variables = len(variables)
        while not run.is_halted:
            if following is None:
                following = state.next()
                if following is None:
                    return
            if type(following) is tuple:
                task, branch, payload, _ = invocation = following
                stream = None
            else:
                stream = following  # type: ignore[assignment]  # what is no tuple is a generator
                task, branch, payload, _ = invocation = stream.origin  # type: ignore[union-attr]  # as above
            if is_plain[task] and (stream is None or not stream.is_async):
                self.invocation = invocation
                self.since = now
                self.is_busy = True
                if not first_start[task]:
                    first_start[task] = now
                enter((context_of, invocation))
                result = error = None
                try:
                    result = await bodies[task](payload) if stream is None else next(stream.source)
                except BaseException as raised:
                    if self.is_closing:
                        raise
                    error = raised
                now = perf_counter()
                seconds = now - self.since
                busy[task] += seconds
                if seconds > BLOCKING:
                    self.look_for_blocking(now)
                self.is_busy = False
                is_payload = type(result) is dict
                if is_payload:
                    for key in result:
                        if type(key) is not str:
                            is_payload = False
                if is_payload and not run.is_halted:
                    following = state.returned(task, branch, result) if stream is None else state.pulled(stream, result)
                    if now <= turn.ends and len(variables) == known_variables:
                        continue
                elif self.is_abandoned:
                    return
                elif stream is not None:
                    following = await pulling.take(run, self, stream, result, error)
                elif error is None and type(result) is list and not result and not run.is_halted:
                    state.opened(task, branch, ())  # the last step of many a million branches
                    following = None
                else:
                    following = await ending.finish(run, self, result, error, seconds)
                error = None  # it holds this very frame
            else:
                following = await (self._call(invocation, now) if stream is None else self._ask(stream, now))
                if self.is_abandoned:
                    return
            if self.has_timed_out or len(variables) != known_variables:
                break
            now = perf_counter()
            if now > turn.ends:
                if run.spare is not None:
                    break
                await self._give_way(following)
                now = perf_counter()
        if following is not None:
            state.put_back(following)

    async def _give_way(self, following: Invocation | Stream | None) -> None:
        """Let everything else on the loop have its turn."""
        self.is_yielding = True
        self.run.spare = self
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            if following is not None:
                self.run.state.put_back(following)
            raise
        finally:
            self.is_yielding = False
            self.run.spare = None

    # With a policy, for those who listen, or for a recorder

    async def _call(self, invocation: Invocation, now: float) -> Invocation | None:
        """Call a body with everything that its policy asks for; return what follows in place."""
        run = self.run
        task, branch, payload, attempt = invocation
        if not run.state.backlog.admit(invocation):
            return None
        self._begin(invocation, run.plan.policies[task].timeout, now)
        if not run.state.tallies.first_start[task]:
            run.state.tallies.first_start[task] = now
        if run.announcer is not None:
            run.announcer.started(task, branch, attempt)
        result = error = None
        try:
            result = await run.bodies[task](isolated(payload) if run.plan.policies[task].retries else payload)
        except BaseException as raised:
            if self.is_closing:
                raise
            error = raised
        seconds = self._end(task, now)
        if self.is_abandoned:
            return None
        run.state.backlog.leave(task)
        return await ending.finish(run, self, result, error, seconds)

    async def _ask(self, stream: Stream, now: float) -> Invocation | None:
        """Ask a generator that is awaited, or that has a policy, for its next item; return what follows in place."""
        timeout = self.run.plan.policies[stream.task].timeout
        self._begin(stream.origin, None if timeout is None else timeout - stream.seconds, now)
        item = error = None
        try:
            item = await anext(stream.source) if stream.is_async else next(stream.source)
        except BaseException as raised:
            if self.is_closing:
                raise
            error = raised
        stream.seconds += self._end(stream.task, now)
        return None if self.is_abandoned else await pulling.take(self.run, self, stream, item, error)

    def _begin(self, invocation: Invocation, timeout: float | None, now: float) -> None:
        self.invocation = invocation
        self.since = now
        self.is_busy = True
        _context.set((self.run.context_of, invocation))
        if timeout is not None:
            self.deadline = now + timeout
            self.run.deadlines.expect(self.deadline)

    def _end(self, task: int, began: float) -> float:
        """Note that the body has ended, and return how many seconds it took."""
        now = perf_counter()
        self.run.state.tallies.busy[task] += now - began
        self.look_for_blocking(now)
        self.is_busy = False
        if now > self.deadline:  # also where it held the loop, so that nobody could cancel it
            self.has_timed_out = True
        self.deadline = NEVER
        return now - began

    def look_for_blocking(self, now: float) -> None:
        """Name the body that held the loop: since it was called, or since the loop let it go on."""
        since = max(self.since, self.resumed)
        if now - since > BLOCKING:
            seen, calls = self.held_at
            self.run.loop_blocked(*self.invocation[:2], now - since, calls if seen == since else ())
