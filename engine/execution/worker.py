"""A worker: one asyncio task that calls body after body, each child in place of its parent for as long as it can."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from engine.execution import pulling
from engine.execution.deadlines import NEVER
from engine.execution.describing import BodyTimeoutError
from engine.execution.invocation_context import InvocationContext
from engine.execution.outcome import check_item, flaw_of, is_generator
from engine.execution.payloads import isolated
from engine.execution.recorder import Ended
from engine.execution.stepping import Stepped
from engine.tasks import _context

if TYPE_CHECKING:
    from collections.abc import Sequence
    from traceback import FrameSummary

    from engine.execution.branches import Branch, Opening
    from engine.execution.failure import Failure
    from engine.execution.run import Run
    from engine.execution.run_state import Invocation
    from engine.tasks import Payload

IDLE: Final = -1
BLOCKING: Final = 0.1
"""Seconds after which a body that holds the loop is named."""

CANCEL_AGAIN: Final = 0.5
GRACE: Final = 5.0
"""Seconds that a cancelled body gets to end before it is left behind."""


class Worker:
    """Runs invocations until nothing is ready.

    Items on one worker share its asyncio task; so a body that was cancelled for its time limit, or that left context variables behind, is
    its worker's last.

    Attributes:
        task: number of the task whose body runs; ``IDLE`` between bodies.
        since: when the body was called.
        resumed: when the event loop last let this worker go on.
        held_at: since when a body held the loop, and the calls that it was seen in; the watchdog's.
        deadline: when the body is overdue.
        is_yielding: it gave way to the rest of the loop and will go on by itself.
        is_abandoned: the run goes on without it.
    """

    __slots__ = (
        "_cancelled_at",
        "_run",
        "attempt",
        "branch",
        "deadline",
        "handle",
        "has_timed_out",
        "held_at",
        "is_abandoned",
        "is_closing",
        "is_yielding",
        "resumed",
        "since",
        "task",
    )

    def __init__(self, run: Run) -> None:
        self._run = run
        self.task = IDLE
        self.branch: Branch = run.state.trunk
        self.attempt = 1
        self.since = 0.0
        self.resumed = 0.0
        self.held_at: tuple[float, Sequence[FrameSummary]] = (0.0, ())
        self.deadline = NEVER
        self.has_timed_out = False
        self.is_yielding = True  # it has not begun, but it will by itself
        self.is_abandoned = False
        self.is_closing = False
        self._cancelled_at = 0.0
        self.handle: asyncio.Task[None] = run.loop.create_task(Stepped(self._work(), self), context=run.clean_context.copy())

    # What the event loop tells

    def goes_on(self) -> None:
        """The event loop lets the worker go on."""
        self.resumed = now = perf_counter()
        self._run.turn.begin(now)
        self._run.watchdog.stepping = self

    def stops(self) -> None:
        """The worker waits: for what a body awaits, for the recorder, or for its next turn."""
        self._run.watchdog.stepping = None
        if self.task != IDLE:
            self._look_for_blocking(perf_counter())
        if not self.is_yielding:
            self._run.ensure_runner()

    def holds_since(self) -> float | None:
        """Return when the body that runs now was let on; None between bodies. Asked from another thread, while this worker has the loop."""
        return None if self.task == IDLE else max(self.since, self.resumed)

    def overdue(self) -> None:
        """The body is past its time limit: cancel it, again and again, until its grace is over."""
        now = perf_counter()
        if not self.has_timed_out:
            self.has_timed_out = True
            self._cancelled_at = now
        if now - self._cancelled_at >= GRACE:
            self.deadline = NEVER
            self._run.abandon(self)
            return
        self.deadline = now + CANCEL_AGAIN
        self.handle.cancel()

    # The loop over invocations

    async def _work(self) -> None:  # noqa: C901, PLR0912, PLR0915  the hot path: a call for each step would cost more than all of them
        """Call bodies until nothing is ready, the run halts, or another worker is better placed to go on."""
        run = self._run
        state, bodies, is_plain, announcer = run.state, run.bodies, run.is_plain, run.announcer
        busy, first_start, turn = state.tallies.busy, state.tallies.first_start, run.turn
        enter, is_recorded = _context.set, run.recorder is not None
        following: Invocation | Opening | None = None
        error: BaseException | None
        result: Any
        self.is_yielding = False
        run.has_begun(self)
        enter(InvocationContext((run, run.plan.entry, self.branch, 1)))
        variables = len(copy_context())
        now = perf_counter()
        while not run.is_halted:
            if following is None:
                following = state.next()
                if following is None:
                    return
            if type(following) is tuple:
                task, branch, payload, attempt = invocation = following
                plain = is_plain[task]
                if not plain:
                    if not state.admit(invocation):
                        following = None
                        continue
                    payload = self._under_policy(task, payload, now)
                self.branch = branch
                self.attempt = attempt
                self.since = now
                self.task = task
                if not first_start[task]:
                    first_start[task] = now
                enter(InvocationContext((run, task, branch, attempt)))
                if announcer is not None:
                    announcer.started(task, branch, attempt)
                error = result = None
                try:
                    result = await bodies[task](payload)
                    if type(result) is dict:
                        "".join(result)  # the fastest way to see that all keys are text
                except BaseException as raised:
                    if self.is_closing:
                        raise
                    error = raised
                before = now
                now = perf_counter()
                busy[task] += now - before
                if now - before > BLOCKING:
                    self._look_for_blocking(now)
                self.task = IDLE
                if self.is_abandoned:
                    return
                if not plain:
                    self.deadline = NEVER
                    state.leave(task)
                is_odd = error is not None or is_recorded or run.is_stopping or self.has_timed_out
                if is_odd or (type(result) is not dict and (type(result) is not list or result)):
                    following = await self._finish(invocation, result, error, now - before)
                    error = None
                    now = perf_counter()
                else:
                    if announcer is not None:
                        announcer.succeeded(task, branch, attempt, now - before)
                    if result or type(result) is dict:
                        following = state.returned(task, branch, result)
                    else:  # an empty list, the last step of many a million branches: _finish would cost 1.5 us more
                        state.opened(task, branch, ())
                        following = None
            else:
                opening: Opening = following  # type: ignore[assignment]  # what is no tuple is an opening
                self._enter_generator(opening, now)
                item, error = await self._awaited_item(opening) if opening.is_async else self._next_item(opening)
                before = now
                now = perf_counter()
                self._leave_generator(opening, before, now)
                if self.is_abandoned:
                    return
                if error is not None or is_recorded or run.is_stopping or self.has_timed_out:
                    following = await self._take(opening, item, error)
                    error = None
                    now = perf_counter()
                else:
                    following = state.pulled(opening, item)
            if self.has_timed_out or len(copy_context()) != variables:
                break
            if now > turn.ends:
                if run.spare is not None:
                    break
                await self._give_way(following)
                now = perf_counter()
        if following is not None:
            state.put_back(following)

    def _under_policy(self, task: int, payload: Payload, now: float) -> Payload:
        """Set the deadline, and return what the attempt gets: a fresh copy where there may be another one."""
        policy = self._run.plan.policies[task]
        if policy.timeout is not None:
            self.deadline = now + policy.timeout
            self._run.deadlines.expect(self.deadline)
        return isolated(payload) if policy.retries else payload

    async def _give_way(self, following: Invocation | Opening | None) -> None:
        """Let everything else on the loop have its turn."""
        self.is_yielding = True
        self._run.spare = self
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            if following is not None:
                self._run.state.put_back(following)
            raise
        finally:
            self.is_yielding = False
            self._run.spare = None

    # How an invocation ended, where it was not by one plain payload

    async def _finish(self, invocation: Invocation, result: Any, error: BaseException | None, seconds: float) -> Invocation | None:
        run, state = self._run, self._run.state
        task, branch, _, attempt = invocation
        if self._was_cancelled(error):
            run.was_cancelled(task, branch)
            return None
        if self.has_timed_out:
            error = BodyTimeoutError(run.plan.policies[task].timeout or 0.0)
        elif error is None or result is not None:  # a result and an error: its keys are not all text
            error = await flaw_of(result)
        if error is not None:
            await self._fail(invocation, run.describe(error, task, branch, attempt))
            return None
        if is_generator(result):
            state.streaming(task, branch, result).origin = (invocation[2], attempt)
            return None
        if run.recorder is not None:
            payloads = (result,) if isinstance(result, dict) else tuple(result)
            await run.recorder.record(Ended(run.plan.names[task], branch.path(run.plan.names), attempt, payloads))
        if run.announcer is not None:
            run.announcer.succeeded(task, branch, attempt, seconds)
        if isinstance(result, dict):
            return state.returned(task, branch, result)
        state.opened(task, branch, result)
        return None

    def _was_cancelled(self, error: BaseException | None) -> bool:
        """Return whether the body's end is the run's cancel; one from outside, as of a loop that closes, is taken for the run's."""
        if self._run.is_stopping:
            return True
        if isinstance(error, asyncio.CancelledError) and self.handle.cancelling() and not self.has_timed_out:
            self._run.cancel()
            return True
        return False

    async def _fail(self, invocation: Invocation, failure: Failure) -> None:
        """Try again where the policy says so, else let the branch fail."""
        run = self._run
        task, branch, _, attempt = invocation
        if run.retry_later(invocation, failure):
            return
        if run.recorder is not None:
            await run.recorder.record(Ended(failure.task, failure.branch_path, attempt, failure=failure))
        run.note_failure(task, branch, failure)
        run.state.failed(task, branch)

    # Generators

    def _enter_generator(self, opening: Opening, now: float) -> None:
        run, attempt = self._run, opening.attempt
        _context.set(InvocationContext((run, opening.task, opening.branch, attempt)))
        self.branch = opening.branch
        self.attempt = attempt
        self.since = now
        self.task = opening.task
        if not run.is_plain[opening.task]:
            timeout = run.plan.policies[opening.task].timeout
            if timeout is not None:
                self.deadline = now + timeout - opening.seconds
                run.deadlines.expect(self.deadline)

    def _leave_generator(self, opening: Opening, before: float, now: float) -> None:
        opening.seconds += now - before
        self._run.state.tallies.busy[opening.task] += now - before
        if now - before > BLOCKING:
            self._look_for_blocking(now)
        self.task = IDLE
        self.deadline = NEVER

    def _next_item(self, opening: Opening) -> tuple[Any, BaseException | None]:
        """Return the next item of a plain generator, without the detour (0.4 us) through a coroutine; or what it raised."""
        item: Any = None
        try:
            item = next(opening.source)  # type: ignore[arg-type]  # as it says itself
            check_item(item, opening.opened)
        except BaseException as raised:  # noqa: BLE001  understood there
            return item, pulling.understood(raised, item, opening)
        return item, None

    async def _awaited_item(self, opening: Opening) -> tuple[Any, BaseException | None]:
        """Return the next item of an async generator, or what it raised."""
        item: Any = None
        try:
            item = await anext(opening.source)  # type: ignore[arg-type]  # as it says itself
            check_item(item, opening.opened)
        except BaseException as raised:
            if self.is_closing:
                raise
            return item, pulling.understood(raised, item, opening)
        return item, None

    async def _take(self, opening: Opening, item: Any, error: BaseException | None) -> Invocation | None:
        """Go on from an item that is not just passed on: the generator's end, its failure, or an item that the recorder keeps first."""
        run, task, attempt = self._run, opening.task, opening.attempt
        if self._was_cancelled(error):
            return None
        if self.has_timed_out:
            error = BodyTimeoutError(run.plan.policies[task].timeout or 0.0)
        if error is None:
            await pulling.record(run, opening, attempt, item)
            return run.state.pulled(opening, item)
        if isinstance(error, StopAsyncIteration):
            pulling.finish(run, opening, attempt)
        else:
            await pulling.break_off(run, opening, attempt, error)
        return None

    def _look_for_blocking(self, now: float) -> None:
        """Name the body that held the loop: since it was called, or since the loop let it go on."""
        since = max(self.since, self.resumed)
        if now - since > BLOCKING:
            seen, calls = self.held_at
            self._run.loop_blocked(self.task, self.branch, now - since, calls if seen == since else ())
