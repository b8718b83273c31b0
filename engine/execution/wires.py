"""What travels along the wires of a run: payloads to children, joins and outputs, and the news that none will come."""

from __future__ import annotations

from gc import is_tracked
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.execution import joining
from engine.execution.branches import Branch, Opening
from engine.execution.collects import Collects
from engine.execution.joining import PAIR
from engine.execution.payloads import MergeConflictError, isolated, merged
from engine.execution.plan import NO_LANES, Entry
from engine.execution.reached import Reached
from engine.execution.tallies import Tallies
from engine.execution.tokens import Absent
from engine.model.job_map import Join

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.execution.announcer import Announcer
    from engine.execution.backlog import Invocation
    from engine.execution.plan import Plan, Target
    from engine.execution.tokens import Token
    from engine.tasks import Payload

RuleFailure: TypeAlias = "Callable[[int, Branch, str, str], None]"
"""Told of a failure that the rules themselves find (two payloads that cannot be joined): task, branch, kind, message."""

FIRST: Final = 1
"""The first attempt of an invocation."""

_PLAIN, _OUTPUT, _MERGE = Entry.PLAIN, Entry.OUTPUT, Join.MERGE  # looked up on the enumeration each costs 45 ns of the hot path


class Wires:
    """Carries payloads and news from one task to the next, as far as that is settled without a body being called.

    Attributes:
        ready: where invocations that can start are put.
        tallies: what was counted.
        results: by output task, what reached it.
        collects: the collects that wires lead to.
    """

    def __init__(self, plan: Plan, watch: Announcer | None, on_rule_failure: RuleFailure) -> None:
        self.plan = plan
        self.watch = watch
        self.ready: list[Invocation | Opening] = []
        self.tallies = Tallies(len(plan.names))
        self.results = {number: Reached() for number in plan.outputs}
        self.collects = Collects(self)
        self._on_rule_failure = on_rule_failure
        self._targets = plan.targets
        self._widths = plan.widths
        self._only_merged = plan.only_merged
        self._parents = plan.parents
        self._joins = plan.joins
        self._collects = plan.collects
        self._lanes = plan.lanes
        self._arrived = self.tallies.arrived
        self._absent: list[tuple[int, Branch, Absent]] = []

    def push(self, task: int, branch: Branch, payload: Payload) -> None:
        """Make an invocation ready."""
        if self.watch is not None:
            self.watch.queued(task, branch)
        self.ready.append((task, branch, payload, FIRST))

    # Payloads

    def pass_on(self, task: int, branch: Branch, payload: Payload) -> None:
        """Hand a payload to every child: to the last as it is, to the others a copy. The first child is to run first."""
        ready, targets = self.ready, self._targets[task]
        first_new = len(ready)
        if self._only_merged[task] and (len(targets) == 1 or not is_tracked(payload)):
            self._merge(targets, branch, payload)  # they only read it, and the garbage collector knows that no list or dict is in it
        else:
            self._hand_out(targets, branch, payload)
        if len(ready) - first_new > 1:
            ready[first_new:] = ready[first_new:][::-1]
        if self._absent:
            self.settle()

    def _hand_out(self, targets: Sequence[Target], branch: Branch, payload: Payload) -> None:
        copies = len(targets) - 1
        for target in targets:
            mine = payload
            if copies:
                mine = isolated(payload)
                copies -= 1
            entry = target.entry
            if entry is _PLAIN:
                self.push(target.task, branch, mine)
            elif entry is _OUTPUT:
                self.tallies.succeeded[target.task] += 1
                self.results[target.task].keep(branch, target.slot, mine)
            else:
                self._deliver(target, branch, mine)

    def _merge(self, targets: Sequence[Target], branch: Branch, payload: Payload) -> None:
        """Bring one payload to joins that merge; what ``_join`` does for a pair on the trunk is spelled out: a third of a join's price."""
        arrived, widths, is_trunk = self._arrived, self._widths, branch.opening is None
        collects, parents, ready = self._collects, self._parents, self.ready if self.watch is None else None
        joins = branch.joins
        if joins is None:
            joins = branch.joins = {}
        for target in targets:
            task = target.task
            first = joins.get(task)
            if type(first) is tuple:
                arrived[task] += 1
                del joins[task]
                other = first[1]
                tokens = [other, payload] if target.slot else [payload, other]
                if ready is not None and collects[task] is None and type(other) is not Absent:
                    try:
                        ready.append((task, branch, merged(tokens, parents[task]), FIRST))  # type: ignore[arg-type]  # neither is absent
                        continue
                    except MergeConflictError:
                        pass  # told of below
                self._meet(task, branch, tokens, ())
            elif first is None and is_trunk and widths[task] == PAIR:
                arrived[task] += 1
                joins[task] = target.slot, payload
            else:
                self._join(task, branch, target.slot, payload)

    def _deliver(self, target: Target, branch: Branch, token: Token) -> None:
        """Bring a payload, or the news that none comes, to a join or a collect."""
        task = target.task
        if target.entry is Entry.JOIN:
            self._join(task, branch, target.slot, token)
        elif target.entry is Entry.KEPT:
            if not isinstance(token, Absent):
                self.results[task].keep(branch, 0, token)
        else:
            if not isinstance(token, Absent):
                self.tallies.arrived[task] += 1
            if target.entry is Entry.COLLECT:
                self.collects.gather(task, branch, token, target.slot)
            else:
                self._enter(task, _any_branch(target, branch), token, target.slot)

    def _join(self, task: int, branch: Branch, slot: int, token: Token) -> None:
        """Bring what a parent sends to a join; call its body, or what collects before it, where all parents have met."""
        if type(token) is not Absent:
            self._arrived[task] += 1
        joins = branch.joins
        first = joins.get(task) if joins else None
        if type(first) is tuple:  # the other one of a pair waits on this very branch, as in most joins
            del joins[task]  # type: ignore[union-attr]  # that is where it was found
            self._meet(task, branch, [first[1], token] if slot else [token, first[1]], ())
            return
        for each in joining.arrive(task, self._widths[task], branch, slot, token, self._lanes.get(task, NO_LANES)):
            if type(each) is tuple:
                self._meet(task, *each)
            else:
                self._part(task, each)  # type: ignore[arg-type]  # what is no meeting is a parting

    def _meet(self, task: int, branch: Branch, tokens: list[Any], shared: tuple[int, ...]) -> None:
        for token in tokens:
            if type(token) is Absent:
                self._miss(task, branch, tokens)
                return
        for slot in shared:
            tokens[slot] = isolated(tokens[slot])
        self._bring_together(task, branch, tokens)

    def _bring_together(self, task: int, branch: Branch, payloads: Sequence[Payload]) -> None:
        """Make one payload of those of all parents."""
        parents = self._parents[task]
        try:
            whole = merged(payloads, parents) if self._joins[task] is _MERGE else dict(zip(parents, payloads, strict=True))
        except MergeConflictError as conflict:
            self.fail_by_rule(task, branch, "join-conflict", str(conflict))
            return
        if self._collects[task] is None:
            self.push(task, branch, whole)
        else:
            self.collects.gather(task, branch, whole, 0)

    def _miss(self, task: int, branch: Branch, tokens: list[Any]) -> None:
        """All parents have met, but not all with a payload: one that failed weighs more than one that ended."""
        for slot, token in enumerate(tokens):
            if token is Absent.BROKEN or token is Absent.PARTED:
                self._enter(task, branch, Absent.PARTED if Absent.PARTED in tokens else Absent.BROKEN, slot)
                return
        self._enter(task, branch, Absent.ENDED, 0)

    def open_rival(self, opener: int, branch: Branch) -> None:
        """Branches are being opened that some joins cannot pair with others."""
        for rivalry in self.plan.rivals[opener]:
            joining.open_rival(rivalry.join, self._widths[rivalry.join], branch, rivalry.pairs)

    def _part(self, task: int, parting: joining.Parting) -> None:
        first, second = (self.plan.parents[task][each] for each in (parting.first, parting.second))
        message = f'the parents "{first}" and "{second}" fanned out apart from each other, so that their branches cannot be paired'
        self.fail_by_rule(task, parting.branch, "join-of-two-fan-outs", message, has_branch=False)

    def _enter(self, task: int, branch: Branch, token: Token, slot: int) -> None:
        """Bring what passed the join to the collect, else to the body."""
        if self.plan.collects[task] is not None:
            self.collects.gather(task, branch, token, slot)
        elif isinstance(token, Absent):
            self.pass_by(task, branch, token, slot)
        else:
            self.push(task, branch, token)

    # Nothing comes

    def fail_by_rule(self, task: int, branch: Branch, kind: str, message: str, *, has_branch: bool = True) -> None:
        """The payloads cannot be brought together: the body is not called; a collect has one broken branch more.

        Where there is no branch that the task could have run on, what collects over it has nothing to collect over.
        """
        self.tallies.failed[task] += 1
        self._on_rule_failure(task, branch, kind, message)
        if not self.collects.lose(task, branch):
            self.collects.begin(task, branch, is_idle=not has_branch)
            self._absent.append((task, branch, Absent.BROKEN if has_branch else Absent.PARTED))

    def pass_by(self, task: int, branch: Branch, token: Absent, slot: int = 0) -> None:
        """A task gets no payload on this branch, so neither do those behind it.

        ``slot`` is the parent that is to blame; one behind the last where it is the task's own join.
        """
        if token is not Absent.ENDED:
            self.tallies.skipped[task] += 1
            if self.watch is not None:
                parents = self.plan.parents[task]
                self.watch.skipped(task, branch, parents[slot] if slot < len(parents) else self.plan.names[task])
        if self.plan.collected_by[task]:
            self.collects.begin(task, branch, is_idle=True)
        self._absent.append((task, branch, token))

    def end(self, task: int, branch: Branch, token: Absent) -> None:
        """Nothing leaves the task on this branch."""
        self._absent.append((task, branch, token))
        self.settle()

    def settle(self) -> None:
        """Carry the news that nothing comes as far as it concerns anybody."""
        absent = self._absent
        while absent:
            task, branch, token = absent.pop()
            targets = self.plan.listeners[task] if token is Absent.ENDED else self._targets[task]
            for target in targets:
                if target.entry in (Entry.PLAIN, Entry.OUTPUT):
                    self.pass_by(target.task, branch, token, target.slot)
                else:
                    self._deliver(target, branch, token)


def _any_branch(target: Target, branch: Branch) -> Branch:
    """Return the branch that what this parent sends gets to itself."""
    opening = Opening(target.task, branch)
    opening.is_lane = True
    opening.is_closed = True
    return Branch(opening, target.slot)
