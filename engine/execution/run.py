"""One run of a job: what carries out, on the event loop, what the run state says."""

from __future__ import annotations

import asyncio
import contextlib
import os
from contextvars import copy_context
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from engine.execution.account import Account
from engine.execution.announcer import Announcer
from engine.execution.deadlines import NEVER, Deadlines
from engine.execution.describing import BodyTimeoutError
from engine.execution.executors.pools import Pools
from engine.execution.failure import Failure
from engine.execution.invocation_context import InvocationContext
from engine.execution.leftovers import Leftovers
from engine.execution.log_records import kept_out
from engine.execution.ordering import in_branch_order
from engine.execution.output_folder import OutputFolder
from engine.execution.payloads import isolated
from engine.execution.progress import RunStatus
from engine.execution.pulling import close_source
from engine.execution.resources import Resources
from engine.execution.result import Output, RunResult
from engine.execution.retries import Retries
from engine.execution.run_state import RunState
from engine.execution.snapshots import Moment, take_snapshot
from engine.execution.turns import Turn
from engine.execution.watchdog import Watchdog, stack_text
from engine.execution.worker import CANCEL_AGAIN, GRACE, Worker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from traceback import FrameSummary

    from engine.errors import ExecutorLostError
    from engine.execution.backlog import Invocation
    from engine.execution.branches import Branch
    from engine.execution.job import Job
    from engine.execution.plan import Plan
    from engine.execution.progress import ProgressSnapshot
    from engine.execution.run_options import RunOptions
    from engine.tasks import Payload


class Run:
    """A run that is under way, or has ended. Made by ``Job.start``.

    Awaiting it waits for its end; a cancelled wait does not cancel the run. The run owns every asyncio task that it makes and ends with
    none of them left, but for bodies that would not end when they were cancelled, which the result names.
    """

    def __init__(self, job: Job, options: RunOptions, plan: Plan, starts: Mapping[int, Sequence[Payload]] | None = None) -> None:
        self.id = os.urandom(8).hex()
        self.plan = plan
        self.options = options
        self.bodies = job.bodies
        self.input_folder = job.job_map.folder or Path.cwd()
        self.recorder = options.recorder
        self.announcer = Announcer(self.id, self.plan.names, options.subscribers) if options.subscribers else None
        is_watched = self.recorder is not None or self.announcer is not None
        self.is_plain = (False,) * len(self.bodies) if is_watched else self.plan.is_plain
        self.max_concurrent = options.max_concurrent or self.plan.max_concurrent
        self.fail_fast = self.plan.fail_fast if options.fail_fast is None else options.fail_fast
        self.loop = asyncio.get_running_loop()
        self.clean_context = copy_context()
        self.state = RunState(self.plan, self.announcer, self._rule_failed)
        self.turn = Turn(self.loop)
        self.watchdog = Watchdog(self.loop)
        self.leftovers = Leftovers()
        self.resources = Resources()
        self.output_folder = OutputFolder(options.output, self.plan.job)
        self.output_folder.check()
        self.pools = Pools(self.output_folder)
        self.retries = Retries(self.loop, self._retry)
        self.deadlines = Deadlines(self.loop, lambda: self._workers)
        self.spare: Worker | None = None
        self.is_halted = False
        self.is_stopping = False
        self._secrets = job.secrets
        self._workers: set[Worker] = set()
        self._account = Account(self.plan, job.secrets)
        self._status = RunStatus.RUNNING
        self._end_status = RunStatus.DONE
        self._bug: BaseException | None = None
        self._on_dask: set[int] = set()
        self._began = perf_counter()
        self._seconds: float | None = None
        self._movement = 0.0
        self._moved_at = self._began
        self._settled: asyncio.Future[None] = self.loop.create_future()
        self._starts = starts
        self._main = self.loop.create_task(self._go())  # owned here: wait() ends with it

    # Control

    @cached_property
    def input_place(self) -> str:
        """The folder that relative paths to read start at, as it is told to bodies elsewhere."""
        return str(self.input_folder.absolute())

    @property
    def status(self) -> RunStatus:
        """The one word for the run."""
        return self._status

    @property
    def progress(self) -> ProgressSnapshot:
        """How far the run is; cheap enough for 30 times a second."""
        now = perf_counter()
        seconds = now - self._began if self._seconds is None else self._seconds
        running = [(each.task, now - each.since) for each in self._workers if each.is_busy]
        if not self._status.has_ended and (movement := self.state.tallies.movement()) != self._movement:
            self._movement, self._moved_at = movement, now
        return take_snapshot(self.state, running, Moment(self.id, self._status, seconds, self._began, now - self._moved_at))

    def cancel(self) -> None:
        """Start nothing any more and cancel what runs; what was finished is kept. The run ends within seconds, whatever its bodies do."""
        self._stop(RunStatus.CANCELLED)

    def pause(self) -> None:
        """Let running bodies end and start none, until resumed; waits before retries stand still."""
        if self._status is RunStatus.RUNNING:
            self._status = RunStatus.PAUSED
            self.is_halted = True
            self.retries.freeze()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._status is RunStatus.PAUSED:
            self._status = RunStatus.RUNNING
            self.is_halted = False
            self.retries.thaw()
            self.ensure_runner()
            self._look_whether_settled()

    async def wait(self) -> RunResult:
        """Wait for the end of the run and return its result.

        Being cancelled ends the wait, not the run. Raises whatever a bug of the engine or a recorder raised.
        """
        await asyncio.wait([self._main])
        return self._main.result()

    def __await__(self) -> Generator[None, None, RunResult]:
        return self.wait().__await__()

    @contextlib.contextmanager
    def clock_stopped(self) -> Iterator[None]:
        """A body of the worker that asks waits for its turn elsewhere: neither its time limit nor its busy time count that."""
        worker = self.watchdog.stepping
        if not isinstance(worker, Worker) or worker.handle is not asyncio.current_task():  # a task of the body's own asks
            yield
            return
        stopped_at = perf_counter()
        deadline, worker.deadline = worker.deadline, NEVER
        yield
        waited = perf_counter() - stopped_at
        self.state.tallies.busy[worker.task] -= waited
        if deadline != NEVER:
            worker.deadline = deadline + waited
            self.deadlines.expect(worker.deadline)

    # What workers tell

    def ensure_runner(self) -> None:
        """See to it that somebody takes what is ready: as long as one worker can go on, nobody else has to.

        Where all wait, as many more begin as there are, if so much is ready: a hundred are there after seven turns of the loop.
        """
        if self.state.backlog.ready and self.spare is None and not self.is_halted and len(self._workers) < self.max_concurrent:
            most = min(len(self._workers), self.max_concurrent - len(self._workers))
            for _ in range(self.state.backlog.startable(most) or 1):
                self._begin_worker()

    def _begin_worker(self) -> None:
        self.spare = worker = Worker(self)
        self._workers.add(worker)
        worker.handle.add_done_callback(lambda _: self._has_ended(worker))

    def has_begun(self, worker: Worker) -> None:
        """The worker runs: it is no longer the last one that is about to."""
        if self.spare is worker:
            self.spare = None

    def context_of(self, invocation: Invocation) -> InvocationContext:
        """Return what a body may ask of its run."""
        return InvocationContext(self, invocation)

    def describe(self, error: BaseException, task: int, branch: Branch, attempt: int) -> Failure:
        """Return the failure of one attempt, with no secret in its text."""
        return self._account.described(error, task, branch, attempt)

    def retry_later(self, invocation: Invocation, failure: Failure) -> bool:
        """An attempt failed: return whether there is another one, which then comes by itself."""
        task, branch, payload, attempt = invocation
        delay = self.plan.policies[task].delay_before(attempt + 1)
        if delay is None:
            return False
        if self.announcer is not None:
            self.announcer.retried(task, branch, failure, delay)
        self.state.retrying(task)
        self.retries.add((task, branch, payload, attempt + 1), delay)
        return True

    def note_failure(self, task: int, branch: Branch, failure: Failure) -> None:
        """The last attempt failed; where the policy says so, the run ends with it."""
        self._account.failed(task, branch, failure)
        if self.announcer is not None:
            self.announcer.failed(task, branch, failure)
        if self.fail_fast or self.plan.policies[task].stops_run:
            self.is_halted = True  # now: the worker that failed would go on with what is ready before the loop turns
            self.loop.call_soon(self._stop, RunStatus.FAILED)

    def was_cancelled(self, task: int, branch: Branch) -> None:
        """A body ended because the run is being cancelled."""
        self.state.cancelled(task)
        if self.announcer is not None:
            self.announcer.cancelled(task, branch)

    def abandon(self, worker: Worker) -> None:
        """Go on without a body that does not end."""
        task, branch, _, attempt = worker.invocation
        self._account.left_behind(task, branch)
        worker.is_abandoned = True
        self._workers.discard(worker)
        if self.is_stopping:
            self.state.cancelled(task)
            if self.announcer is not None:
                self.announcer.cancelled(task, branch, abandoned=True)
        else:
            self.state.backlog.leave(task)
            error = BodyTimeoutError(self.plan.policies[task].timeout or 0.0, abandoned=True)
            self.note_failure(task, branch, self.describe(error, task, branch, attempt))
            self.state.failed(task, branch)
            self.ensure_runner()
        self._look_whether_settled()

    def report_progress(self, task: int, branch: Branch, fraction: float, text: str) -> None:
        """A body said how far it is."""
        self.state.tallies.fraction[task] = fraction
        self.state.tallies.text[task] = text = self._secrets.redact(text)
        if self.announcer is not None:
            self.announcer.reported(task, branch, fraction, text)

    def loop_blocked(self, task: int, branch: Branch, seconds: float, calls: Sequence[FrameSummary]) -> None:
        """A body held the event loop; it was seen in these calls."""
        self._account.held_the_loop(task, seconds, calls)
        if self.announcer is not None:
            self.announcer.loop_blocked(task, branch, seconds, stack_text(calls))

    def uses_dask(self, task: int) -> None:
        """Bodies of this task wait for the run's dask cluster."""
        self._on_dask.add(task)

    def lose_dask(self, error: ExecutorLostError) -> None:
        """The dask cluster is gone: bodies that wait for it never end, so the run does; what was finished is kept."""
        waiting = [each.invocation for each in self._workers if each.is_busy and each.task in self._on_dask]
        for task, branch, _, attempt in waiting:
            self.note_failure(task, branch, self.describe(error, task, branch, attempt))
        if waiting:
            self._stop(RunStatus.FAILED)

    # The life of a run

    async def _go(self) -> RunResult:
        """Run to the end. Cancelling this task, as a closing event loop does, cancels the run."""
        with kept_out(self._secrets):
            return await self._go_on()

    async def _go_on(self) -> RunResult:
        if self.announcer is not None:
            self.announcer.run_started(self.plan.job)
        self.watchdog.start()
        self._start()
        self.ensure_runner()
        self._look_whether_settled()  # a run that was given no payload has nothing to do
        while not self._settled.done():
            try:
                await asyncio.wait([self._settled])
            except asyncio.CancelledError:
                self.cancel()
        ending = self.loop.create_task(self._end())  # owned here: waited for whatever happens
        while not ending.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([ending])
        return ending.result()

    def _start(self) -> None:
        """Make ready what the run starts with: the input, or the tasks that it was asked to start at."""
        if self._starts is None:
            self.state.start(self.plan.entry, {})
            return
        for task, payloads in reversed(tuple(self._starts.items())):  # the first to start is the last on the stack
            if len(payloads) == 1:
                self.state.start(task, isolated(payloads[0]))
            else:
                self.state.start_branches(task, [isolated(payload) for payload in payloads])

    async def _end(self) -> RunResult:
        if self.is_stopping:
            await self._cancel_bodies()
        for task, branch, _, _ in self.retries.stop():
            self.was_cancelled(task, branch)
            self.state.tallies.retrying[task] -= 1
        self.deadlines.stop()
        for stream in self.state.drop_all():
            await close_source(stream.source)
        self.watchdog.stop()
        self._account.warn(self.watchdog.warnings)
        for close in (self.pools.close, self.resources.close, self.leftovers.named):
            self._account.warn(await close())
        if self._bug is not None:
            self._finish(RunStatus.FAILED)
            raise self._bug
        return self._result([await self._output(number) for number in self.plan.outputs])

    async def _cancel_bodies(self) -> None:
        """Cancel what runs, again and again; after the grace go on without what does not end."""
        give_up_at = perf_counter() + GRACE
        while self._workers:
            left = give_up_at - perf_counter()
            if left <= 0:
                for worker in tuple(self._workers):
                    self.abandon(worker)
                return
            for worker in self._workers:
                worker.handle.cancel()
            await asyncio.wait([worker.handle for worker in self._workers], timeout=min(CANCEL_AGAIN, left))
            await asyncio.sleep(0)  # the callbacks of those that ended

    def _finish(self, status: RunStatus) -> None:
        self._status = status
        self._seconds = perf_counter() - self._began
        if self.announcer is not None:
            self.announcer.run_finished(status, self._seconds)

    def _result(self, outputs: list[Output]) -> RunResult:
        if self.is_stopping:
            self._finish(self._end_status)
        else:
            self._finish(RunStatus.FAILED if self._account.has_failures else RunStatus.DONE)
        return RunResult(
            run_id=self.id,
            status=self._status,
            outputs=outputs,
            failures=self._account.failures,
            progress=self.progress,
            output_folder=self.output_folder.made,
            abandoned=self._account.abandoned,
            warnings=self._account.warnings,
        )

    async def _output(self, number: int) -> Output:
        task = self.plan.tasks[number]
        data = self._secrets.redact_value(await in_branch_order(self.state.results[number]))
        return {"id": task.id or task.name, "name": task.name, "type": task.type.value, "data": data}

    def _stop(self, status: RunStatus) -> None:
        if self.is_stopping or self._settled.done():
            return
        self.is_stopping = True
        self.is_halted = True
        self._end_status = status
        self._status = RunStatus.CANCELLING
        self._settled.set_result(None)

    def _break(self, bug: BaseException) -> None:
        """Something of the engine's own went wrong: end at once, and let the caller of ``wait`` know."""
        if self._bug is None:
            self._bug = bug
        self._stop(RunStatus.FAILED)

    def _has_ended(self, worker: Worker) -> None:
        if self.spare is worker:
            self.spare = None
        handle = worker.handle
        error = None if handle.cancelled() else handle.exception()
        if worker.is_abandoned:
            return
        self._workers.discard(worker)
        if error is not None:
            self._break(error)
        elif handle.cancelled() and not self.is_stopping:
            self.cancel()
        self.ensure_runner()
        self._look_whether_settled()

    def _look_whether_settled(self) -> None:
        if self._workers or self._settled.done() or self.is_stopping:
            return
        if self.state.is_standing and not self.is_halted:
            self._break(AssertionError("the run stands still although not all of it is done"))
        elif not self.state.backlog.ready and not self.retries and not self.state.is_standing:
            self._settled.set_result(None)

    def _retry(self, invocation: Invocation) -> None:
        self.state.retry(invocation)
        self.ensure_runner()

    def _rule_failed(self, task: int, branch: Branch, kind: str, message: str) -> None:
        self.note_failure(task, branch, Failure(self.plan.names[task], branch.path(self.plan.names), 1, kind, message))
