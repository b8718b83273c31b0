"""Joins: payloads of several parents meet where their branches do.

The tokens of one parent lie on the tree of branches so that every branch has exactly one of them on its way to the trunk. A join runs
at a branch once all parents have a token on that way; so the parent that fanned out most decides where, and the others' payloads are
shared with each of its branches. Where two parents fanned out apart from each other there is no such branch: that join has failed at
the branch where their paths part: the outermost such branch, and so not before something is known there of each parent.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.execution.branches import Branch
    from engine.execution.rivals import Pair
    from engine.execution.tokens import Token

_MISSING: Final[Any] = None  # neither a payload nor an Absent
_NONE: Final[frozenset[int]] = frozenset()

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
    def has_failed(self) -> bool:
        """True where the join failed here: what still arrives at or below is dropped."""
        return self.apart is not None and self.apart.has_failed


class _Apart:
    """What a join knows, at one branch, of those below it.

    Attributes:
        nodes: those at which something waits, or that lead to such.
        openers: by parent, whose fan-out its tokens below came through.
        has_parted: whether two parents are known to have fanned out apart from each other.
        rivals: pairs of parents that are apart as soon as something of both lies below.
        has_failed: whether the join failed here because of that.
    """

    __slots__ = ("has_failed", "has_parted", "nodes", "openers", "rivals")

    def __init__(self) -> None:
        self.rivals: frozenset[Pair] | None = None
        self.nodes: dict[int, JoinNode] = {}
        self.openers: dict[int, int] = {}
        self.has_parted = False
        self.has_failed = False

    def note(self, slot: int, opener: int, in_step: frozenset[int]) -> None:
        """Something of a parent lies below, behind a fan-out; those in step lead to the same branches of all parents."""
        self.openers[slot] = opener
        self.has_parted = self.has_parted or any(
            other_opener != opener and opener not in in_step and other_opener not in in_step and other != slot
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
    join: int, width: int, branch: Branch, slot: int, token: Token, in_step: frozenset[int] = _NONE
) -> Sequence[Meeting | Parting]:
    """Take the token of the parent at ``slot`` and return where the join can run now, or where it turned out that it never can.

    ``in_step`` are the openers of branches for several of the parents alike, on different lanes of a join of any. Where the first of a
    pair waits on this very branch, the caller has seen that and does not ask.
    """
    joins = branch.joins
    if joins is None:
        joins = branch.joins = {}
    if width == PAIR and branch.opening is None and join not in joins:
        joins[join] = slot, token
        return ()
    node = _node_at(join, branch, width)
    if node.apart is not None and node.apart.has_failed:
        return ()
    node.tokens[slot] = token
    node.missing -= 1
    if node.missing:
        return () if branch.opening is None and node.apart is None else _arrive_apart(join, node, slot, in_step)
    _leave(join, node)
    return ((branch, node.tokens, ()),)


def _arrive_apart(join: int, node: JoinNode, slot: int, in_step: frozenset[int]) -> Sequence[Meeting | Parting]:
    """Look for the other parents' tokens above and below."""
    missing, has_rivals = node.missing, False
    for above in _nodes_above(join, node):
        missing += above.missing - len(above.tokens)
        if above.apart is not None:
            if above.apart.has_failed:
                _leave(join, node)
                return ()
            has_rivals = has_rivals or above.apart.rivals is not None
    if missing == 0 and not has_rivals:
        _leave(join, node)
        return (_meeting_at(join, node),)
    parted = _register(join, node, slot, in_step)
    if node.apart is None and not has_rivals and not parted:
        return ()  # it waits, and there is nothing below it: as for each branch that two parents lie on
    return _look_below(join, node, [*reversed(parted), *_parted_from(node)], has_rivals=has_rivals)


def _look_below(join: int, node: JoinNode, parted: Iterable[JoinNode], *, has_rivals: bool) -> Sequence[Meeting | Parting]:
    """Look where parents may have parted, then at the branches below; with rivals about, at the node itself too."""
    partings = [_part(each) for each in parted if _is_known_of_all(join, each) and not _has_failed_above(join, each)]
    if node.has_failed or _has_failed_above(join, node):
        return partings
    candidates = (node, *_nodes_below(node)) if has_rivals else _nodes_below(node)
    met = [each for each in candidates if _has_all(join, each)]
    meetings = [_meeting_at(join, each) for each in met]
    for each in met:
        _leave(join, each)
    return [*partings, *meetings]  # what parted on one branch says nothing of the others


def _has_all(join: int, node: JoinNode) -> bool:
    """Return whether each parent has a token at the node or above: it has one token at most on this way."""
    return node.missing + sum(above.missing - len(above.tokens) for above in _nodes_above(join, node)) == 0


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


def _register(join: int, node: JoinNode, slot: int, in_step: frozenset[int]) -> list[JoinNode]:
    """Make the node known to those above; return those of them at which parents have parted."""
    parted = []
    child, width = node, len(node.tokens)
    opening = node.branch.opening
    while opening is not None:
        above = _node_at(join, opening.branch, width)
        apart = above.apart
        if apart is None:
            apart = above.apart = _Apart()
        apart.nodes[id(child)] = child
        if apart.openers.get(slot) != opening.opener or apart.rivals is not None:
            apart.note(slot, opening.opener, in_step)
        if apart.has_parted:
            parted.append(above)
        child, opening = above, opening.branch.opening
    return parted


def _is_known_of_all(join: int, node: JoinNode) -> bool:
    """Return whether every parent has a token at the node, above or below it: none can part from the others further out any more."""
    known = set(() if node.apart is None else node.apart.openers)
    for each in (node, *_nodes_above(join, node)):
        known.update(slot for slot, token in enumerate(each.tokens) if token is not _MISSING)
    return len(known) == len(node.tokens)


def _part(node: JoinNode) -> Parting:
    """Let the join fail at the node, and forget what waits below."""
    apart = node.apart = node.apart or _Apart()
    apart.has_failed = True
    apart.nodes.clear()
    pairs = apart.rivals or [(one, other) for one, other in combinations(apart.openers, 2) if apart.openers[one] != apart.openers[other]]
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
    return node


def _nodes_above(join: int, node: JoinNode) -> Iterator[JoinNode]:
    opening, width = node.branch.opening, len(node.tokens)
    while opening is not None:
        above = _known(join, opening.branch, width)
        if above is not None:
            yield above
        opening = opening.branch.opening


def _has_failed_above(join: int, node: JoinNode) -> bool:
    return any(above.has_failed for above in _nodes_above(join, node))


def _nodes_below(node: JoinNode) -> Iterator[JoinNode]:
    """Walk the nodes below at which something waits, in branch order of their arrival."""
    todo = [node]
    while todo:
        each = todo.pop()
        if each.apart is not None and not each.apart.has_failed:
            todo.extend(reversed(each.apart.nodes.values()))
        if each is not node and each.missing < len(each.tokens):
            yield each


def _parted_from(node: JoinNode) -> Iterator[JoinNode]:
    """Walk the node and those below at which parents have parted and the join has not failed yet."""
    todo = [node]
    while todo:
        each = todo.pop()
        if each.apart is not None and not each.apart.has_failed:
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
