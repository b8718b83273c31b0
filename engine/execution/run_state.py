"""The rules of a run as a state machine that knows no event loop, no clock and no task code.

Whoever runs the bodies asks ``next()`` what to start and tells how it ended: ``returned``, ``opened``, ``failed``, ... The machine keeps
what is ready on a stack, so that branches are followed to their end before new ones are opened: deep before wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.execution.backlog import Backlog
from engine.execution.branches import Branch, Opening, Stream
from engine.execution.plan import Entry
from engine.execution.tokens import Absent
from engine.execution.wires import FIRST, Wires

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from engine.execution.announcer import Announcer
    from engine.execution.backlog import Invocation
    from engine.execution.plan import Plan
    from engine.execution.wires import RuleFailure
    from engine.tasks import Payload


def _unheard(task: int, branch: Branch, kind: str, message: str) -> None:
    """Nobody wants to know."""


class RunState:
    """Everything that is known of one run.

    Attributes:
        backlog: what could run and does not yet.
        tallies: what was counted.
        results: by output task, what reached it.
    """

    def __init__(self, plan: Plan, watch: Announcer | None = None, on_rule_failure: RuleFailure = _unheard) -> None:
        self.plan = plan
        self.watch = watch
        self.trunk = Branch()
        self._wires = Wires(plan, watch, on_rule_failure)
        self._ready = self._wires.ready
        self.backlog = Backlog(plan, self._ready)
        self.tallies = self._wires.tallies
        self.results = self._wires.results
        self._only = plan.only
        self._sinks = plan.sinks
        self._collected_by = plan.collected_by
        self._succeeded = self.tallies.succeeded
        self._streams: dict[int, Stream] = {}

    # What to start

    def start(self, task: int, payload: Payload) -> None:
        """Make one invocation on the trunk ready."""
        self._wires.push(task, self.trunk, payload)

    def start_branches(self, task: int, payloads: Sequence[Payload]) -> None:
        """Make one invocation ready for each of several payloads, each on a branch of its own that the task opens."""
        opening = Opening(task, self.trunk)
        opening.opened = len(payloads)
        opening.is_closed = True
        if ~task in self.plan.rivals:
            self._wires.open_rival(~task, self.trunk)
        for index in range(len(payloads) - 1, -1, -1):
            self._wires.push(task, Branch(opening, index), payloads[index])

    def next(self) -> Invocation | Stream | None:
        """Return what to start now: an invocation, a generator to ask for its next item, or None where nothing is ready.

        A generator is not ready again until it was ``pulled`` or has ended, so that it is never asked twice at once.
        """
        ready = self._ready
        while ready:
            top = ready[-1]
            if type(top) is tuple:
                del ready[-1]
                return top
            opening: Opening = top  # type: ignore[assignment]  # what is no tuple is an opening
            if self.backlog.crowd and self.backlog.holds_back(opening):
                continue
            items = opening.items
            if items is None:
                del ready[-1]
                return opening  # type: ignore[return-value]  # what is ready and has no list is a generator
            index = opening.opened
            opening.opened = index + 1
            if index + 1 == len(items):
                del ready[-1]
            child = self._only[opening.task]
            if child is not None and self.watch is None:
                return child, Branch(opening, index), items[index], FIRST
            self._wires.pass_on(opening.task, Branch(opening, index), items[index])
        return None

    def put_back(self, invocation: Invocation | Stream) -> None:
        """Keep what was not started after all."""
        self._ready.append(invocation)

    # How it ended

    def returned(self, task: int, branch: Branch, payload: Payload) -> Invocation | None:
        """The body returned one payload. Return the invocation that follows where there is exactly one; all others come by ``next``."""
        self._succeeded[task] += 1
        child = self._only[task]
        if child is not None:
            if self.watch is not None:
                self.watch.queued(child, branch)
            return child, branch, payload, FIRST
        sink = self._sinks[task]
        if sink is not None:
            self._succeeded[sink.task] += 1
            self.results[sink.task].keep(branch, sink.slot, payload)
            return None
        if self._collected_by[task]:
            self._wires.collects.begin(task, branch)
        self._wires.pass_on(task, branch, payload)
        return None

    def opened(self, task: int, branch: Branch, payloads: Sequence[Payload]) -> None:
        """The body returned a list of payloads: it opens a branch for each, or ends the branch where it is empty."""
        self._succeeded[task] += 1
        self.tallies.fanned[task] += 1
        if not payloads and self.watch is None and not self.plan.listeners[task] and not self._collected_by[task]:
            return  # the branch ends and nobody waits for it: the last step of many a million branches
        self.tallies.opened[task] += len(payloads)
        if self.watch is not None:
            self.watch.opened(task, branch, len(payloads))
        self._wires.collects.begin(task, branch)
        if payloads and self.plan.targets[task]:
            if task in self.plan.rivals:
                self._wires.open_rival(task, branch)
            self._ready.append(Opening(task, branch, payloads))
        elif not payloads:
            self._wires.end(task, branch, Absent.ENDED)

    def streaming(self, invocation: Invocation, source: Iterator[Any] | AsyncIterator[Any]) -> None:
        """The body returned a generator: its branches are opened as it is asked for them."""
        task, branch, _, _ = invocation
        self._wires.collects.begin(task, branch)
        stream = Stream(invocation, source)
        self._streams[id(stream)] = stream
        self._ready.append(stream)

    def pulled(self, stream: Stream, payload: Payload) -> Invocation | None:
        """The generator gave an item: it opens the next branch. Return the invocation that follows where there is exactly one."""
        task, index = stream.task, stream.opened
        stream.opened = index + 1
        self.tallies.opened[task] += 1
        self._ready.append(stream)
        child = self._only[task]
        if child is not None and self.watch is None:
            return child, Branch(stream, index), payload, FIRST
        if not index and task in self.plan.rivals:
            self._wires.open_rival(task, stream.branch)
        self._wires.pass_on(task, Branch(stream, index), payload)
        return None

    def exhausted(self, stream: Stream) -> None:
        """The generator came to its end."""
        task = stream.task
        del self._streams[id(stream)]
        self._succeeded[task] += 1
        self.tallies.fanned[task] += 1
        if self.watch is not None:
            self.watch.opened(task, stream.branch, stream.opened)
        if stream.opened == 0:
            self._wires.end(task, stream.branch, Absent.ENDED)
        else:
            self._complete(stream)

    def broke(self, stream: Stream) -> None:
        """The generator failed midway: the branches that it opened go on, one more counts as failed."""
        task = stream.task
        del self._streams[id(stream)]
        self.tallies.failed[task] += 1
        if stream.opened == 0:
            self._wires.end(task, stream.branch, Absent.BROKEN)
            return
        lost = Branch(stream, stream.opened)
        stream.opened += 1
        self._wires.end(task, lost, Absent.BROKEN)
        self._complete(stream)

    def failed(self, task: int, branch: Branch) -> None:
        """The last attempt failed: what depends on it is skipped on this branch."""
        self.tallies.failed[task] += 1
        self._wires.collects.begin(task, branch)
        self._wires.end(task, branch, Absent.BROKEN)

    def restarted(self, stream: Stream) -> None:
        """The generator failed before its first item and is tried anew: forget it."""
        del self._streams[id(stream)]

    def retrying(self, task: int) -> None:
        """An attempt failed and another one will come by ``retry``."""
        self.tallies.retrying[task] += 1
        self.backlog.crowd += 1

    def retry(self, invocation: Invocation) -> None:
        """The wait before a retry is over."""
        self.tallies.retrying[invocation[0]] -= 1
        self._ready.append(invocation)
        self.backlog.thin_out()

    def cancelled(self, task: int) -> None:
        """A body was cancelled with the run."""
        self.tallies.cancelled[task] += 1

    def drop_all(self) -> list[Stream]:
        """Count everything that has not started as cancelled and forget it; return the generators to close."""
        cancelled = self.tallies.cancelled
        for task, branch, _, _ in self.backlog.invocations():
            cancelled[task] += 1
            if self.watch is not None:
                self.watch.cancelled(task, branch)
        for opening in self.backlog.lists():
            for target in self.plan.targets[opening.task]:
                if target.entry is not Entry.KEPT:
                    cancelled[target.task] += opening.remaining
        streams = list(self._streams.values())
        for stream in streams:
            cancelled[stream.task] += 1
        self._streams.clear()
        self.backlog.clear()
        return streams

    # What is known of it

    @property
    def is_standing(self) -> bool:
        """True where nothing is ready although something waits: with no body running, that is a bug of the engine."""
        return not self._ready and bool(self._streams or self.backlog.waits)

    def streams(self) -> list[int]:
        """Return by task number how many generators have not come to their end."""
        running = [0] * len(self.plan.names)
        for stream in self._streams.values():
            running[stream.task] += 1
        return running

    def _complete(self, opening: Opening) -> None:
        self._wires.collects.complete(opening)
        self._wires.settle()
