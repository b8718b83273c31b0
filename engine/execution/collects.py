"""The collects of a run: what they gather is handed on as one bundle, as groups or as windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.execution import collecting
from engine.execution.branches import Branch, Opening
from engine.execution.grouping import GroupError, groups
from engine.execution.payloads import isolated
from engine.execution.tokens import Absent
from engine.model.job_map import Join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.execution.collecting import Gather, Item
    from engine.execution.tokens import Token
    from engine.execution.wires import Wires
    from engine.model.job_map import Collect
    from engine.tasks import Payload


class Collects:
    """Brings what arrives at collects together, and hands it to the wires once it is complete."""

    def __init__(self, wires: Wires) -> None:
        self._wires = wires
        self._plan = wires.plan
        self._may_be_early = any(self._plan.widths[task] > 1 for task, join in enumerate(self._plan.joins) if join is not Join.ANY and join)
        self._early: dict[int, list[Item]] = {}

    def begin(self, task: int, branch: Branch, *, is_idle: bool = False) -> None:
        """An invocation ended on the branch, or got no payload there: let the collects over its task gather what comes from it."""
        for collect in self._plan.collected_by[task]:
            plan = self._plan.collects[collect]
            gather = None if plan is None else collecting.begin(collect, plan, branch, is_idle=is_idle)
            if gather is not None and self._may_be_early:
                collecting.mark_above(collect, branch)
                if self._early.get(collect):
                    self._take_early(gather)

    def gather(self, task: int, branch: Branch, token: Token, slot: int) -> None:
        """Take what arrived at a collect from its parent at ``slot``, or the news that nothing comes."""
        gather = collecting.find(task, branch)
        if gather is not None:
            if token is Absent.PARTED:
                gather.has_parted, token = True, Absent.BROKEN
            is_complete = collecting.deliver(gather, branch, token, slot)
            self._gone_on(gather, is_complete=is_complete)
        elif not isinstance(token, Absent):
            over = self._plan.names[self._over(task)]
            message = f'what arrived does not belong to one invocation of "{over}": a collect before this one gathers further out'
            self._wires.fail_by_rule(task, branch, "collect-too-late", message)
        elif collecting.has_ended_below(task, self._before_lanes(task, branch)):
            self._wires.pass_by(task, branch, token, slot)
        else:
            self._early.setdefault(task, []).append((branch, token, slot))

    def _take_early(self, gather: Gather) -> None:
        """Take the news of joins that failed further out, where they came before the fan-out had ended here."""
        early = self._early.pop(gather.collect)
        for item in early:
            branch, token, slot = item
            before = self._before_lanes(gather.collect, branch)
            if collecting.lies_on(branch, gather.branch) or collecting.lies_on(gather.branch, before):
                self.gather(gather.collect, branch, token, slot)
            else:
                self._early.setdefault(gather.collect, []).append(item)

    def _before_lanes(self, collect: int, branch: Branch) -> Branch:
        plan = self._plan.collects[collect]
        return branch if plan is None or not plan.has_lanes else collecting.before_lanes(branch, plan.lanes_before)

    def lose(self, task: int, branch: Branch) -> bool:
        """The join before a collect failed: it has one broken branch more. Return False where no collect waits for the branch."""
        gather = None if self._plan.collects[task] is None else collecting.find(task, branch)
        if gather is None:
            return False
        self._gone_on(gather, is_complete=collecting.deliver(gather, branch, Absent.BROKEN, self._plan.widths[task]))
        return True

    def complete(self, opening: Opening) -> None:
        """The fan-out has no more branches: some gathers may wait for nothing else."""
        opening.is_closed = True
        touched, done = collecting.complete(opening)
        for gather in touched:
            self._gone_on(gather, is_complete=gather in done)

    def _over(self, collect: int) -> int:
        plan = self._plan.collects[collect]
        return collect if plan is None else plan.over

    def _gone_on(self, gather: Gather, *, is_complete: bool) -> None:
        if gather.windows is not None:
            for window in gather.next_windows():
                self._open_window(gather, window)
        if is_complete:
            self._collected(gather)

    def _collected(self, gather: Gather) -> None:
        """All that was to come has come."""
        task, branch, rule = gather.collect, gather.branch, self._rule(gather)
        if gather.is_idle:
            broken = Absent.PARTED if gather.has_parted else Absent.BROKEN
            self._wires.pass_by(task, branch, Absent.ENDED if gather.broken is None else broken, gather.broken or 0)
        elif gather.windows is not None:
            self._last_windows(gather)
        elif gather.broken is not None and not gather.drops_broken:
            self._wires.pass_by(task, branch, Absent.BROKEN, gather.broken)
        elif rule.group_by is None:
            self._wires.push(task, branch, _bundle(_payloads(gather.in_order())))
        else:
            try:
                grouped = groups(_payloads(gather.in_order()), rule.group_by)
            except GroupError as error:
                self._wires.fail_by_rule(task, branch, "no-group-key", str(error))
                return
            self._open_groups(task, branch, grouped)

    def _open_groups(self, task: int, branch: Branch, grouped: list[list[Payload]]) -> None:
        if not grouped:
            self._wires.pass_by(task, branch, Absent.ENDED)
            return
        opening = Opening(task, branch)
        opening.opened = len(grouped)
        opening.is_closed = True
        for index in range(len(grouped) - 1, -1, -1):
            self._wires.push(task, Branch(opening, index), _bundle(grouped[index]))

    def _open_window(self, gather: Gather, window: list[Item]) -> None:
        """Open the next window as a branch; it is skipped where it holds a failure."""
        if gather.opening is None:
            gather.opening = Opening(gather.collect, gather.branch)
        branch = Branch(gather.opening, gather.opening.opened)
        gather.opening.opened += 1
        broken = [slot for _, token, slot in window if token is Absent.BROKEN]
        if broken:
            self._wires.pass_by(gather.collect, branch, Absent.BROKEN, min(broken))
            return
        payloads = _payloads(window)
        rule = self._rule(gather).window
        if rule is not None and rule.step is not None and rule.step < rule.size:
            payloads = [isolated(payload) for payload in payloads]
        self._wires.push(gather.collect, branch, _bundle(payloads))

    def _last_windows(self, gather: Gather) -> None:
        for window in gather.last_windows():
            self._open_window(gather, window)
        if gather.opening is None:
            self._wires.pass_by(gather.collect, gather.branch, Absent.ENDED)
            return
        self.complete(gather.opening)

    def _rule(self, gather: Gather) -> Collect:
        plan = self._plan.collects[gather.collect]
        if plan is None:
            raise AssertionError("only collects gather")
        return plan.rule


def _payloads(items: Sequence[Item]) -> list[Payload]:
    """Return what arrived, failures left out."""
    return [token for _, token, _ in items if not isinstance(token, Absent)]


def _bundle(payloads: Sequence[Payload]) -> Payload:
    return {"items": list(payloads), "count": len(payloads)}
