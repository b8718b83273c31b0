"""The rules of a run as a state machine that knows no event loop, no clock and no task code.

Whoever runs the bodies asks ``next()`` what to start and tells how it ended: ``returned``, ``opened``, ``failed``, ... The machine keeps
what is ready on a stack, so that branches are followed to their end before new ones are opened: deep before wide.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.execution import collecting, joining
from engine.execution.branches import Branch, Opening
from engine.execution.grouping import GroupError, groups
from engine.execution.joining import Parting
from engine.execution.payloads import MergeConflictError, isolated, merged
from engine.execution.plan import Entry
from engine.execution.tallies import Tallies
from engine.execution.tokens import Absent
from engine.model.job_map import Join

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from engine.execution.announcer import Announcer
    from engine.execution.collecting import Gather, Item
    from engine.execution.plan import Plan, Target
    from engine.execution.tokens import Token
    from engine.model.job_map import Collect
    from engine.tasks import Payload

Invocation: TypeAlias = tuple[int, Branch, "Payload", int]
"""One call to make: task number, branch, payload, attempt."""

RuleFailure: TypeAlias = "Callable[[int, Branch, str, str], None]"
"""Told of a failure that the rules themselves find (two payloads that cannot be joined): task, branch, kind, message."""

FIRST: Final = 1
_NONE: Final[frozenset[int]] = frozenset()

_PLAIN, _OUTPUT, _JOIN = Entry.PLAIN, Entry.OUTPUT, Entry.JOIN  # looked up on the enumeration each costs 45 ns of the hot path


def _unheard(task: int, branch: Branch, kind: str, message: str) -> None:
    """Nobody wants to know."""


class RunState:
    """Everything that is known of one run.

    Attributes:
        ready: what can start, the next one last: invocations, and fan-outs that have branches left to open.
        results: by output task, what reached it: branch, parent, payload.
    """

    def __init__(self, plan: Plan, watch: Announcer | None = None, on_rule_failure: RuleFailure = _unheard) -> None:
        self.plan = plan
        self.watch = watch
        self.tallies = Tallies(len(plan.names))
        self.trunk = Branch()
        self.ready: list[Invocation | Opening] = []
        self.results: dict[int, list[tuple[Branch, int, Payload]]] = {number: [] for number in plan.outputs}
        self._on_rule_failure = on_rule_failure
        self._only = plan.only
        self._sinks = plan.sinks
        self._widths = plan.widths
        self._joins = plan.joins
        self._collects = plan.collects
        self._targets = plan.targets
        self._succeeded = self.tallies.succeeded
        self._arrived = self.tallies.arrived
        self._streams: dict[int, Opening] = {}
        self._blocked: list[Opening] = []
        self._waiting: dict[int, deque[Invocation]] = {}
        self._running: dict[int, int] = {}
        self._crowd = 0
        self._absent: list[tuple[int, Branch, Absent]] = []

    # What to start

    def start(self, task: int, payload: Payload) -> None:
        """Make one invocation on the trunk ready."""
        self._push(task, self.trunk, payload)

    def start_branches(self, task: int, payloads: Sequence[Payload]) -> None:
        """Make one invocation ready for each of several payloads, each on a branch of its own that the task opens."""
        opening = Opening(task, self.trunk)
        opening.opened = len(payloads)
        opening.is_closed = True
        if ~task in self.plan.rivals:
            self._open_rival(~task, self.trunk)
        for index in range(len(payloads) - 1, -1, -1):
            self._push(task, Branch(opening, index), payloads[index])

    def next(self) -> Invocation | Opening | None:
        """Return what to start now: an invocation, a generator to ask for its next item, or None where nothing is ready.

        A generator is not ready again until it was ``pulled`` or has ended, so that it is never asked twice at once.
        """
        ready = self.ready
        while ready:
            top = ready[-1]
            if type(top) is tuple:
                del ready[-1]
                return top
            opening: Opening = top  # type: ignore[assignment]  # what is no tuple is an opening
            if self._crowd and self._crowd >= self.plan.max_concurrent and self.plan.gated[opening.task]:
                del ready[-1]
                self._blocked.append(opening)
            elif opening.items is None:
                del ready[-1]
                return opening
            else:
                index = opening.opened
                opening.opened = index + 1
                if index + 1 == len(opening.items):
                    del ready[-1]
                child = self._only[opening.task]
                if child is not None and self.watch is None:
                    return child, Branch(opening, index), opening.items[index], FIRST
                self._pass_on(opening.task, Branch(opening, index), opening.items[index])
        return None

    def put_back(self, invocation: Invocation | Opening) -> None:
        """Keep what was not started after all."""
        self.ready.append(invocation)

    def admit(self, invocation: Invocation) -> bool:
        """Return whether the task's own limit lets the invocation start; else it waits and comes by ``next`` when its turn is there."""
        task = invocation[0]
        limit = self.plan.policies[task].max_concurrent
        if limit is None:
            return True
        running = self._running.get(task, 0)
        if running >= limit:
            self._waiting.setdefault(task, deque()).append(invocation)
            self._crowd += 1
            return False
        self._running[task] = running + 1
        return True

    def leave(self, task: int) -> None:
        """Give back what ``admit`` took: the body is no longer running."""
        if self.plan.policies[task].max_concurrent is None:
            return
        self._running[task] -= 1
        waiting = self._waiting.get(task)
        if waiting:
            self.ready.append(waiting.popleft())
            self._thin_out()

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
            self.results[sink.task].append((branch, sink.slot, payload))
            return None
        if self.plan.collected_by[task]:
            self._begin_gathers(task, branch)
        self._pass_on(task, branch, payload)
        return None

    def opened(self, task: int, branch: Branch, payloads: Sequence[Payload]) -> None:
        """The body returned a list of payloads: it opens a branch for each, or ends the branch where it is empty."""
        self._succeeded[task] += 1
        self.tallies.fanned[task] += 1
        if not payloads and self.watch is None and not self.plan.listeners[task] and not self.plan.collected_by[task]:
            return  # the branch ends and nobody waits for it: the last step of many a million branches
        self.tallies.opened[task] += len(payloads)
        if self.watch is not None:
            self.watch.opened(task, branch, len(payloads))
        self._begin_gathers(task, branch)
        if payloads and self._targets[task]:
            if task in self.plan.rivals:
                self._open_rival(task, branch)
            opening = Opening(task, branch, items=payloads)
            opening.is_closed = True
            self.ready.append(opening)
        elif not payloads:
            self._end(task, branch, Absent.ENDED)

    def streaming(self, task: int, branch: Branch, source: Iterator[Any] | AsyncIterator[Any]) -> Opening:
        """The body returned a generator: its branches are opened as it is asked for them."""
        self._begin_gathers(task, branch)
        opening = Opening(task, branch, source=source)
        self._streams[id(opening)] = opening
        self.ready.append(opening)
        return opening

    def pulled(self, opening: Opening, payload: Payload) -> Invocation | None:
        """The generator gave an item: it opens the next branch. Return the invocation that follows where there is exactly one."""
        task, index = opening.task, opening.opened
        branch = Branch(opening, index)
        opening.opened = index + 1
        self.tallies.opened[task] += 1
        self.ready.append(opening)
        child = self._only[task]
        if child is not None and self.watch is None:
            return child, branch, payload, FIRST
        if not index and task in self.plan.rivals:
            self._open_rival(task, opening.branch)
        self._pass_on(task, branch, payload)
        return None

    def exhausted(self, opening: Opening) -> None:
        """The generator came to its end."""
        task = opening.task
        del self._streams[id(opening)]
        self._succeeded[task] += 1
        self.tallies.fanned[task] += 1
        if self.watch is not None:
            self.watch.opened(task, opening.branch, opening.opened)
        if opening.opened == 0:
            self._end(task, opening.branch, Absent.ENDED)
        else:
            self._complete(opening)

    def broke(self, opening: Opening) -> None:
        """The generator failed midway: the branches that it opened go on, one more counts as failed."""
        task = opening.task
        del self._streams[id(opening)]
        self.tallies.failed[task] += 1
        if opening.opened == 0:
            self._end(task, opening.branch, Absent.BROKEN)
            return
        lost = Branch(opening, opening.opened)
        opening.opened += 1
        self._end(task, lost, Absent.BROKEN)
        self._complete(opening)

    def failed(self, task: int, branch: Branch) -> None:
        """The last attempt failed: what depends on it is skipped on this branch."""
        self.tallies.failed[task] += 1
        self._begin_gathers(task, branch)
        self._end(task, branch, Absent.BROKEN)

    def restarted(self, opening: Opening) -> None:
        """The generator failed before its first item and is tried anew: forget it."""
        del self._streams[id(opening)]

    def retrying(self, task: int) -> None:
        """An attempt failed and another one will come by ``retry``."""
        self.tallies.retrying[task] += 1
        self._crowd += 1

    def retry(self, invocation: Invocation) -> None:
        """The wait before a retry is over."""
        self.tallies.retrying[invocation[0]] -= 1
        self.ready.append(invocation)
        self._thin_out()

    def cancelled(self, task: int) -> None:
        """A body was cancelled with the run."""
        self.tallies.cancelled[task] += 1

    def drop_all(self) -> list[Opening]:
        """Count everything that has not started as cancelled and forget it; return the generators to close."""
        cancelled = self.tallies.cancelled
        for item in (*self.ready, *(each for waiting in self._waiting.values() for each in waiting)):
            if isinstance(item, tuple):
                cancelled[item[0]] += 1
                if self.watch is not None:
                    self.watch.cancelled(item[0], item[1])
        for opening in (*self.ready, *self._blocked):
            if isinstance(opening, Opening) and opening.source is None:
                for target in self._targets[opening.task]:
                    if target.entry is not Entry.KEPT:
                        cancelled[target.task] += opening.remaining
        streams = list(self._streams.values())
        for stream in streams:
            cancelled[stream.task] += 1
        self._streams.clear()
        self._blocked.clear()
        self._waiting.clear()
        self.ready.clear()
        self._crowd = 0
        return streams

    # What is known of it

    @property
    def is_standing(self) -> bool:
        """True where nothing is ready although something waits: with no body running, that is a bug of the engine."""
        return not self.ready and bool(self._blocked or self._streams or any(self._waiting.values()))

    def queued(self) -> list[int]:
        """Return by task number how many invocations are known and have not started."""
        queued = [0] * len(self.plan.names)
        for item in self.ready:
            if isinstance(item, tuple):
                queued[item[0]] += 1
            elif item.source is None:
                self._count_remaining(item, queued)
        for opening in self._blocked:
            if opening.source is None:
                self._count_remaining(opening, queued)
        for task, waiting in self._waiting.items():
            queued[task] += len(waiting)
        return queued

    def lists_open(self) -> list[int]:
        """Return by task number how many lists have branches left to open."""
        left = [0] * len(self.plan.names)
        for item in (*self.ready, *self._blocked):
            if isinstance(item, Opening) and item.source is None:
                left[item.task] += 1
        return left

    def streams(self) -> list[int]:
        """Return by task number how many generators have not come to their end."""
        running = [0] * len(self.plan.names)
        for opening in self._streams.values():
            running[opening.task] += 1
        return running

    def _count_remaining(self, opening: Opening, queued: list[int]) -> None:
        for target in self._targets[opening.task]:
            if target.entry is Entry.PLAIN:
                queued[target.task] += opening.remaining

    # Passing on

    def _push(self, task: int, branch: Branch, payload: Payload) -> None:
        if self.watch is not None:
            self.watch.queued(task, branch)
        self.ready.append((task, branch, payload, FIRST))

    def _pass_on(self, task: int, branch: Branch, payload: Payload) -> None:
        """Hand a payload to every child: to the last as it is, to the others a copy. The first child is to run first."""
        targets = self._targets[task]
        last = len(targets) - 1
        first_new = len(self.ready)
        for position, target in enumerate(targets):
            mine = payload if position == last else isolated(payload)
            entry = target.entry
            if entry is _JOIN:
                self._arrived[target.task] += 1
                self._join(target, branch, mine)
            elif entry is _PLAIN:
                self._push(target.task, branch, mine)
            elif entry is _OUTPUT:
                self._succeeded[target.task] += 1
                self.results[target.task].append((branch, target.slot, mine))
            else:
                self._deliver(target, branch, mine)
        if len(self.ready) - first_new > 1:
            self.ready[first_new:] = self.ready[first_new:][::-1]
        if self._absent:
            self._settle()

    def _deliver(self, target: Target, branch: Branch, token: Token) -> None:
        """Bring a payload, or the news that none comes, to a join or a collect."""
        task = target.task
        if target.entry is Entry.KEPT:
            if not isinstance(token, Absent):
                self.results[task].append((branch, 0, token))
            return
        if not isinstance(token, Absent):
            self._arrived[task] += 1
        if target.entry is Entry.JOIN:
            self._join(target, branch, token)
        elif target.entry is Entry.COLLECT:
            self._gather(task, branch, token, target.slot)
        else:
            self._enter(task, self._any_branch(target, branch), token, target.slot)

    def _any_branch(self, target: Target, branch: Branch) -> Branch:
        """Return the branch that what this parent sends gets to itself."""
        opening = Opening(target.task, branch)
        opening.is_lane = True
        opening.is_closed = True
        return Branch(opening, target.slot)

    def _join(self, target: Target, branch: Branch, token: Token) -> None:
        task = target.task
        met = joining.arrive(task, self._widths[task], branch, target.slot, token, self.plan.in_step.get(task, _NONE))
        for each in met:
            if isinstance(each, Parting):
                self._part(task, each)
            else:
                self._meet(task, *each)

    def _meet(self, task: int, branch: Branch, tokens: list[Any], shared: tuple[int, ...]) -> None:
        for token in tokens:
            if type(token) is Absent:
                self._miss(task, branch, tokens)
                return
        for slot in shared:
            tokens[slot] = isolated(tokens[slot])
        parents = self.plan.parents[task]
        try:
            whole = dict(zip(parents, tokens, strict=True)) if self._joins[task] is Join.BY_TASK else merged(tokens, parents)
        except MergeConflictError as conflict:
            self._fail_by_rule(task, branch, "join-conflict", str(conflict))
            return
        if self._collects[task] is None:
            self._push(task, branch, whole)
        else:
            self._gather(task, branch, whole, 0)

    def _miss(self, task: int, branch: Branch, tokens: list[Any]) -> None:
        """All parents have met, but not all with a payload: one that failed weighs more than one that ended."""
        for slot, token in enumerate(tokens):
            if token is Absent.BROKEN:
                self._enter(task, branch, Absent.BROKEN, slot)
                return
        self._enter(task, branch, Absent.ENDED, 0)

    def _open_rival(self, opener: int, branch: Branch) -> None:
        """Branches are being opened that some joins cannot pair with others."""
        for rivalry in self.plan.rivals[opener]:
            joining.open_rival(rivalry.join, self._widths[rivalry.join], branch, rivalry.pairs)

    def _part(self, task: int, parting: Parting) -> None:
        first, second = (self.plan.parents[task][each] for each in (parting.first, parting.second))
        message = f'the parents "{first}" and "{second}" fanned out apart from each other, so that their branches cannot be paired'
        self._fail_by_rule(task, parting.branch, "join-of-two-fan-outs", message)

    def _enter(self, task: int, branch: Branch, token: Token, slot: int) -> None:
        """Bring what passed the join to the collect, else to the body."""
        if self.plan.collects[task] is not None:
            self._gather(task, branch, token, slot)
        elif isinstance(token, Absent):
            self._pass_by(task, branch, token, slot)
        else:
            self._push(task, branch, token)

    # Collecting

    def _begin_gathers(self, task: int, branch: Branch, *, is_lost: bool = False) -> None:
        collects = self.plan.collected_by[task]
        if collects:
            collecting.begin(collects, self.plan.collects, branch, is_lost=is_lost)

    def _gather(self, task: int, branch: Branch, token: Token, slot: int) -> None:
        gather = collecting.find(task, branch)
        if gather is not None:
            is_complete = collecting.deliver(gather, branch, token, slot)
            self._gone_on(gather, is_complete=is_complete)
        elif isinstance(token, Absent):
            self._pass_by(task, branch, token, slot)
        else:
            over = self.plan.names[self._over(task)]
            message = f'what arrived does not belong to one invocation of "{over}": a collect before this one gathers further out'
            self._fail_by_rule(task, branch, "collect-too-late", message)

    def _over(self, collect: int) -> int:
        plan = self.plan.collects[collect]
        return collect if plan is None else plan.over

    def _complete(self, opening: Opening) -> None:
        """The fan-out has no more branches: some gathers may wait for nothing else."""
        opening.is_closed = True
        touched, done = collecting.complete(opening)
        for gather in touched:
            self._gone_on(gather, is_complete=gather in done)
        if self._absent:
            self._settle()

    def _gone_on(self, gather: Gather, *, is_complete: bool) -> None:
        if gather.windows is not None:
            for window in gather.next_windows():
                self._open_window(gather, window)
        if is_complete:
            self._collected(gather)

    def _collected(self, gather: Gather) -> None:
        """All that was to come has come."""
        task, branch, rule = gather.collect, gather.branch, self._rule(gather)
        if gather.windows is not None:
            self._last_windows(gather)
        elif gather.broken is not None and not gather.drops_broken:
            self._pass_by(task, branch, Absent.BROKEN, gather.broken)
        elif rule.group_by is None:
            self._push(task, branch, _bundle(_payloads(gather.in_order())))
        else:
            try:
                grouped = groups(_payloads(gather.in_order()), rule.group_by)
            except GroupError as error:
                self._fail_by_rule(task, branch, "no-group-key", str(error))
                return
            self._open_groups(task, branch, grouped)

    def _open_groups(self, task: int, branch: Branch, grouped: list[list[Payload]]) -> None:
        if not grouped:
            self._absent.append((task, branch, Absent.ENDED))
            return
        opening = Opening(task, branch)
        opening.opened = len(grouped)
        opening.is_closed = True
        for index in range(len(grouped) - 1, -1, -1):
            self._push(task, Branch(opening, index), _bundle(grouped[index]))

    def _open_window(self, gather: Gather, window: list[Item]) -> None:
        """Open the next window as a branch; it is skipped where it holds a failure."""
        if gather.opening is None:
            gather.opening = Opening(gather.collect, gather.branch)
        branch = Branch(gather.opening, gather.opening.opened)
        gather.opening.opened += 1
        broken = [slot for _, token, slot in window if token is Absent.BROKEN]
        if broken:
            self._pass_by(gather.collect, branch, Absent.BROKEN, min(broken))
            return
        payloads = _payloads(window)
        rule = self._rule(gather).window
        if rule is not None and rule.step is not None and rule.step < rule.size:
            payloads = [isolated(payload) for payload in payloads]
        self._push(gather.collect, branch, _bundle(payloads))

    def _last_windows(self, gather: Gather) -> None:
        for window in gather.last_windows():
            self._open_window(gather, window)
        if gather.opening is None:
            self._absent.append((gather.collect, gather.branch, Absent.ENDED))
            return
        self._complete(gather.opening)

    def _rule(self, gather: Gather) -> Collect:
        plan = self.plan.collects[gather.collect]
        if plan is None:
            raise AssertionError("only collects gather")
        return plan.rule

    # Nothing comes

    def _fail_by_rule(self, task: int, branch: Branch, kind: str, message: str) -> None:
        """The payloads cannot be brought together: the body is not called; a collect has one broken branch more."""
        self.tallies.failed[task] += 1
        self._on_rule_failure(task, branch, kind, message)
        gather = None if self.plan.collects[task] is None else collecting.find(task, branch)
        if gather is not None:
            self._gone_on(gather, is_complete=collecting.deliver(gather, branch, Absent.BROKEN, self._widths[task]))
            return
        self._begin_gathers(task, branch, is_lost=True)
        self._absent.append((task, branch, Absent.BROKEN))

    def _pass_by(self, task: int, branch: Branch, token: Absent, slot: int = 0) -> None:
        """A task gets no payload on this branch, so neither do those behind it.

        ``slot`` is the parent that is to blame; one behind the last where it is the task's own join.
        """
        if token is Absent.BROKEN:
            self.tallies.skipped[task] += 1
            if self.watch is not None:
                parents = self.plan.parents[task]
                self.watch.skipped(task, branch, parents[slot] if slot < len(parents) else self.plan.names[task])
        self._absent.append((task, branch, token))

    def _end(self, task: int, branch: Branch, token: Absent) -> None:
        self._absent.append((task, branch, token))
        self._settle()

    def _settle(self) -> None:
        """Carry the news that nothing comes as far as it concerns anybody."""
        absent = self._absent
        while absent:
            task, branch, token = absent.pop()
            targets = self._targets[task] if token is Absent.BROKEN else self.plan.listeners[task]
            for target in targets:
                if target.entry in (Entry.PLAIN, Entry.OUTPUT):
                    self._pass_by(target.task, branch, token, target.slot)
                else:
                    self._deliver(target, branch, token)

    def _thin_out(self) -> None:
        """One fewer invocation waits at a limit or for a retry: fan-outs may open branches again."""
        self._crowd -= 1
        if self._blocked and self._crowd < self.plan.max_concurrent:
            self.ready[0:0] = self._blocked
            self._blocked.clear()


def _payloads(items: Sequence[Item]) -> list[Payload]:
    """Return what arrived, failures left out."""
    return [token for _, token, _ in items if not isinstance(token, Absent)]


def _bundle(payloads: Sequence[Payload]) -> Payload:
    return {"items": list(payloads), "count": len(payloads)}
