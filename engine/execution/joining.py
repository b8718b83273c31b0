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

from engine.execution.join_nodes import (
    MISSING,
    Apart,
    has_all,
    is_known_of_all,
    is_settled_at,
    leave,
    node_at,
    nodes_above,
    nodes_below,
    parted_from,
    register,
    with_lanes,
)
from engine.execution.plan import NO_LANES
from engine.execution.tokens import Absent
from engine.lazy_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.execution.branches import Branch
    from engine.execution.join_nodes import JoinNode
    from engine.execution.plan import Lanes
    from engine.execution.rivals import Pair
    from engine.execution.tokens import Token


PAIR: Final = 2
"""Parents of most joins. The first of two tokens on the trunk waits there alone: a node would cost more than all the rest of the join."""

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
    node = node_at(join, branch, width)
    apart = node.apart = node.apart or Apart()
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
    node = node_at(join, branch, width)
    if node.apart is not None and node.apart.is_settled:
        return ()
    node.tokens[slot] = token
    node.missing -= 1
    if node.missing:
        if token is Absent.PARTED:
            node.cut_off()
        return () if branch.opening is None and node.apart is None else _arrive_apart(join, node, slot, lanes)
    leave(join, node)
    return ((branch, node.tokens, ()),)


def _arrive_apart(join: int, node: JoinNode, slot: int, lanes: Lanes) -> Sequence[Meeting | Parting]:
    """Look for the other parents' tokens above and below."""
    missing, is_plain = node.missing, not node.has_news
    for above in nodes_above(join, node):
        missing += above.missing - len(above.tokens)
        if above.apart is not None:
            if above.apart.is_settled:
                leave(join, node)
                return ()
            is_plain = is_plain and above.apart.rivals is None and not above.apart.has_news
    if missing == 0 and is_plain:
        leave(join, node)
        return (_meeting_at(join, node),)
    parted, newly = register(join, node, slot, lanes.in_step)
    if node.apart is None and is_plain and not parted and not newly:
        return ()  # it waits, and there is nothing below it: as for each branch that two parents lie on
    found: list[Meeting | Parting] = list(_partings(join, [*reversed(parted), *parted_from(node)]))
    found += _cut_off(join, [*with_lanes(reversed(newly)), node, *nodes_below(node)], lanes)
    if not is_settled_at(join, node):
        found += _meetings(join, nodes_below(node) if is_plain else (node, *nodes_below(node)))
    return found  # what parted on one branch says nothing of the others


def _partings(join: int, parted: Iterable[JoinNode]) -> Iterator[Parting]:
    """Yield where parents have parted, from further out on, where nothing that is still to come can part further out."""
    for each in parted:
        if is_known_of_all(join, each) and not any(above.has_news for above in nodes_above(join, each)) and not is_settled_at(join, each):
            yield _part(each)


def _cut_off(join: int, candidates: Sequence[JoinNode], lanes: Lanes) -> Iterator[Meeting]:
    """Yield where the join is skipped because of news that is paired with nothing; candidates come from further out on."""
    for each in candidates:
        if each.has_news and is_known_of_all(join, each, lanes) and not is_settled_at(join, each):
            yield _meeting_at(join, each)
            each.settle()


def _meetings(join: int, candidates: Iterable[JoinNode]) -> list[Meeting]:
    met = [each for each in candidates if has_all(join, each)]
    meetings = [_meeting_at(join, each) for each in met]
    for each in met:
        leave(join, each)
    return meetings


def _meeting_at(join: int, node: JoinNode) -> Meeting:
    """Return the meeting at a node that all parents have a token at or above."""
    tokens = list(node.tokens)
    shared = []
    for above in nodes_above(join, node):
        for slot, token in enumerate(above.tokens):
            if token is not MISSING:
                tokens[slot] = token
                shared.append(slot)
    return node.branch, tokens, tuple(shared)


def _part(node: JoinNode) -> Parting:
    """Let the join fail at the node."""
    node.settle()
    apart = node.apart or Apart()
    through = {slot: opener for slot, opener in apart.openers.items() if opener is not None}
    pairs = apart.rivals or [(one, other) for one, other in combinations(through, 2) if through[one] != through[other]]
    return Parting(node.branch, *min(sorted(pair) for pair in pairs))
