"""Joins: payloads of several parents meet where their branches do.

The tokens of one parent lie on the tree of branches so that every branch has exactly one of them on its way to the trunk. A join runs
at a branch once all parents have a token on that way; so the parent that fanned out most decides where, and the others' payloads are
shared with each of its branches. Where two parents fanned out apart from each other there is no such branch: that join has failed at
the branch where their paths part: the outermost such branch, and so not before something is known there of each parent.

The news of such a failure lies further out than that join would have run. So joins behind it pair it with nothing: each is skipped in
one where the news is, as soon as something is known there of each parent.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.execution.plan import NO_LANES
from engine.execution.tokens import Absent
from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.execution.branches import Branch
    from engine.execution.plan import Lanes
    from engine.execution.rivals import Pair
    from engine.execution.tokens import Token

_MISSING: Final[Any] = None  # neither a payload nor an Absent

PAIR: Final = 2
"""Parents of most joins. The first of two tokens on the trunk waits there alone: a node would cost more than all the rest of the join."""

First: TypeAlias = "tuple[int, Token]"
"""The first of a pair: which parent it came from, and what it is."""


class JoinNode:
    """What one join has on one branch.

    Attributes:
        tokens: by parent, what arrived on this very branch.
        missing: parents that nothing has arrived of here.
        apart: what is known of the branches below; None as long as all arrives on one branch.
    """

    __slots__ = ("apart", "branch", "missing", "tokens")

    def __init__(self, branch: Branch, width: int) -> None:
        self.branch = branch
        self.tokens: list[Any] = [_MISSING] * width
        self.missing = width
        self.apart: _Apart | None = None

    @property
    def is_settled(self) -> bool:
        """True where it is known of the join how it ended at and below the branch: what still arrives there is dropped."""
        return self.apart is not None and self.apart.is_settled

    @property
    def has_news(self) -> bool:
        """True where news arrived of a join whose parents fanned out apart."""
        return self.apart is not None and self.apart.has_news

    def cut_off(self) -> None:
        """Let it be known that such news arrived: nothing is paired at or below the branch."""
        self.apart = self.apart or _Apart()
        self.apart.has_news = True

    def settle(self) -> None:
        """Forget what waits below."""
        self.apart = self.apart or _Apart()
        self.apart.is_settled = True
        self.apart.nodes.clear()


class _Apart:
    """What a join knows, at one branch, of those below it.

    Attributes:
        nodes: those at which something waits, or that lead to such.
        openers: by parent, whose fan-out its tokens below came through; None where only lanes of a join of any, which part nothing: where
            one parts from a fan-out, that fan-out is a rival.
        has_parted: whether two parents are known to have fanned out apart from each other.
        rivals: pairs of parents that are apart as soon as something of both lies below.
        has_news: whether news arrived of a join whose parents fanned out apart.
        is_settled: whether the join failed here, or is skipped here in one.
    """

    __slots__ = ("has_news", "has_parted", "is_settled", "nodes", "openers", "rivals")

    def __init__(self) -> None:
        self.rivals: frozenset[Pair] | None = None
        self.nodes: dict[int, JoinNode] = {}
        self.openers: dict[int, int | None] = {}
        self.has_parted = False
        self.has_news = False
        self.is_settled = False

    def note(self, slot: int, opener: int | None, in_step: frozenset[int]) -> None:
        """Something of a parent lies below, behind a fan-out; those in step lead to the same branches of all parents."""
        if opener is None:
            self.openers.setdefault(slot, None)
        else:
            self.openers[slot] = opener
            self.has_parted = self.has_parted or any(
                other_opener not in (opener, None) and opener not in in_step and other_opener not in in_step and other != slot
                for other, other_opener in self.openers.items()
            )
        if self.rivals is not None:
            self.has_parted = self.has_parted or any(one in self.openers and other in self.openers for one, other in self.rivals)


Meeting: TypeAlias = "tuple[Branch, list[Any], tuple[int, ...]]"
"""All parents have met: the branch that the join can run on, what came from each parent, and those whose payload other branches get too."""


@dataclass(frozen=True, slots=True)
class Parting:
    """Two parents (by position) fanned out apart from each other behind this branch: the join has failed there."""

    branch: Branch
    first: int
    second: int


def open_rival(join: int, width: int, branch: Branch, pairs: frozenset[Pair]) -> None:
    """A task opened branches that not all lanes of the join's parents lie on: these pairs of parents are apart behind this branch."""
    node = _node_at(join, branch, width)
    apart = node.apart = node.apart or _Apart()
    apart.rivals = pairs | (apart.rivals or frozenset())


def arrive(  # noqa: PLR0913, PLR0917  the hot path: an object that holds what is fixed for a join would cost more
    join: int, width: int, branch: Branch, slot: int, token: Token, lanes: Lanes = NO_LANES
) -> Sequence[Meeting | Parting]:
    """Take the token of the parent at ``slot`` and return where the join can run now, or where it turned out that it never can.

    Where news cuts the join off, the meeting lacks the parents that lead on elsewhere. Where the first of a pair waits on this very
    branch, the caller has seen that and does not ask.
    """
    joins = branch.joins
    if joins is None:
        joins = branch.joins = {}
    if width == PAIR and branch.opening is None and join not in joins:
        joins[join] = slot, token
        return ()
    node = _node_at(join, branch, width)
    if node.apart is not None and node.apart.is_settled:
        return ()
    node.tokens[slot] = token
    node.missing -= 1
    if node.missing:
        if token is Absent.PARTED:
            node.cut_off()
        return () if branch.opening is None and node.apart is None else _arrive_apart(join, node, slot, lanes)
    _leave(join, node)
    return ((branch, node.tokens, ()),)


def _arrive_apart(join: int, node: JoinNode, slot: int, lanes: Lanes) -> Sequence[Meeting | Parting]:
    """Look for the other parents' tokens above and below."""
    missing, is_plain = node.missing, not node.has_news
    for above in _nodes_above(join, node):
        missing += above.missing - len(above.tokens)
        if above.apart is not None:
            if above.apart.is_settled:
                _leave(join, node)
                return ()
            is_plain = is_plain and above.apart.rivals is None and not above.apart.has_news
    if missing == 0 and is_plain:
        _leave(join, node)
        return (_meeting_at(join, node),)
    parted, newly = _register(join, node, slot, lanes.in_step)
    if node.apart is None and is_plain and not parted and not newly:
        return ()  # it waits, and there is nothing below it: as for each branch that two parents lie on
    found: list[Meeting | Parting] = list(_partings(join, [*reversed(parted), *_parted_from(node)]))
    found += _cut_off(join, [*_with_lanes(reversed(newly)), node, *_nodes_below(node)], lanes)
    if not _is_settled_at(join, node):
        found += _meetings(join, _nodes_below(node) if is_plain else (node, *_nodes_below(node)))
    return found  # what parted on one branch says nothing of the others


def _partings(join: int, parted: Iterable[JoinNode]) -> Iterator[Parting]:
    """Yield where parents have parted, from further out on, where nothing that is still to come can part further out."""
    for each in parted:
        if (
            _is_known_of_all(join, each)
            and not any(above.has_news for above in _nodes_above(join, each))
            and not _is_settled_at(join, each)
        ):
            yield _part(each)


def _cut_off(join: int, candidates: Sequence[JoinNode], lanes: Lanes) -> Iterator[Meeting]:
    """Yield where the join is skipped because of news that is paired with nothing; candidates come from further out on."""
    for each in candidates:
        if each.has_news and _is_known_of_all(join, each, lanes) and not _is_settled_at(join, each):
            yield _meeting_at(join, each)
            each.settle()


def _meetings(join: int, candidates: Iterable[JoinNode]) -> list[Meeting]:
    met = [each for each in candidates if _has_all(join, each)]
    meetings = [_meeting_at(join, each) for each in met]
    for each in met:
        _leave(join, each)
    return meetings


def _has_all(join: int, node: JoinNode) -> bool:
    """Return whether each parent has a token at the node or above that may be paired: it has one token at most on this way."""
    way = (node, *_nodes_above(join, node))
    return sum(len(each.tokens) - each.missing for each in way) == len(node.tokens) and not any(each.has_news for each in way)


def _meeting_at(join: int, node: JoinNode) -> Meeting:
    """Return the meeting at a node that all parents have a token at or above."""
    tokens = list(node.tokens)
    shared = []
    for above in _nodes_above(join, node):
        for slot, token in enumerate(above.tokens):
            if token is not _MISSING:
                tokens[slot] = token
                shared.append(slot)
    return node.branch, tokens, tuple(shared)


def _register(join: int, node: JoinNode, slot: int, in_step: frozenset[int]) -> tuple[list[JoinNode], list[JoinNode]]:
    """Make the node known to those above; return those of them at which parents have parted, and those that knew nothing of the parent."""
    parted, newly = [], []
    child, width = node, len(node.tokens)
    opening = node.branch.opening
    while opening is not None:
        above = _node_at(join, opening.branch, width)
        apart = above.apart
        if apart is None:
            apart = above.apart = _Apart()
        apart.nodes[id(child)] = child
        opener = None if opening.is_lane else opening.opener
        if slot not in apart.openers:
            newly.append(above)
            apart.note(slot, opener, in_step)
        elif apart.openers[slot] != opener or apart.rivals is not None:
            apart.note(slot, opener, in_step)
        if apart.has_parted:
            parted.append(above)
        child, opening = above, opening.branch.opening
    return parted, newly


def _is_known_of_all(join: int, node: JoinNode, lanes: Lanes = NO_LANES) -> bool:
    """Return whether something of every parent is known at the node, above or below it: none can part from the others further out any more.

    A parent that does not come on the lanes that lead to the node leads on elsewhere where something of it lies below where these lead off.
    """
    known = set(() if node.apart is None else node.apart.openers)
    opening = node.branch.opening
    for each in (node, *_nodes_above(join, node)):
        known.update(slot for slot, token in enumerate(each.tokens) if token is not _MISSING)
    while opening is not None and opening.is_lane and opening.opener in lanes.parents:
        above = _known(join, opening.branch, len(node.tokens))
        if above is not None and above.apart is not None:
            known.update(above.apart.openers.keys() - lanes.parents[opening.opener])
        opening = opening.branch.opening
    return len(known) == len(node.tokens)


def _with_lanes(nodes: Iterable[JoinNode]) -> Iterator[JoinNode]:
    """Walk the nodes, and those that only lanes lead to from there on."""
    todo = [*nodes][::-1]
    while todo:
        each = todo.pop()
        yield each
        if each.apart is not None:
            todo += [below for below in each.apart.nodes.values() if below.branch.opening is not None and below.branch.opening.is_lane]


def _part(node: JoinNode) -> Parting:
    """Let the join fail at the node."""
    node.settle()
    apart = node.apart or _Apart()
    through = {slot: opener for slot, opener in apart.openers.items() if opener is not None}
    pairs = apart.rivals or [(one, other) for one, other in combinations(through, 2) if through[one] != through[other]]
    return Parting(node.branch, *min(sorted(pair) for pair in pairs))


def _node_at(join: int, branch: Branch, width: int) -> JoinNode:
    node = _known(join, branch, width)
    if node is None:
        if branch.joins is None:
            branch.joins = {}
        node = branch.joins[join] = JoinNode(branch, width)
    return node


def _known(join: int, branch: Branch, width: int) -> JoinNode | None:
    """Return what the join has on the branch; the first of a pair becomes a node as soon as anybody looks at it."""
    joins = branch.joins
    node = None if joins is None else joins.get(join)
    if joins is None or type(node) is not tuple:
        return node  # type: ignore[return-value]  # what is not the first of a pair is a node
    slot, token = node
    node = joins[join] = JoinNode(branch, width)
    node.tokens[slot] = token
    node.missing -= 1
    if token is Absent.PARTED:
        node.cut_off()
    return node


def _nodes_above(join: int, node: JoinNode) -> Iterator[JoinNode]:
    opening, width = node.branch.opening, len(node.tokens)
    while opening is not None:
        above = _known(join, opening.branch, width)
        if above is not None:
            yield above
        opening = opening.branch.opening


def _is_settled_at(join: int, node: JoinNode) -> bool:
    return node.is_settled or any(above.is_settled for above in _nodes_above(join, node))


def _nodes_below(node: JoinNode) -> Iterator[JoinNode]:
    """Walk the nodes below at which something waits, in branch order of their arrival."""
    todo = [node]
    while todo:
        each = todo.pop()
        if each.apart is not None and not each.apart.is_settled:
            todo.extend(reversed(each.apart.nodes.values()))
        if each is not node and each.missing < len(each.tokens):
            yield each


def _parted_from(node: JoinNode) -> Iterator[JoinNode]:
    """Walk the node and those below at which parents have parted and nothing is settled yet."""
    todo = [node]
    while todo:
        each = todo.pop()
        if each.apart is not None and not each.apart.is_settled:
            if each.apart.has_parted:
                yield each
            todo.extend(each.apart.nodes.values())


def _leave(join: int, node: JoinNode) -> None:
    """Forget a node whose join has run, and above it what led to nothing else; the branches may live on."""
    if node.branch.joins:
        node.branch.joins.pop(join, None)
    for above in _nodes_above(join, node):
        if above.apart is None:
            return
        above.apart.nodes.pop(id(node), None)
        if above.apart.nodes or above.missing < len(above.tokens):
            return
        node = above
