"""What joins know of the tree of branches: at each branch what arrived there, and what lies below.

A node belongs to one join and to one branch, and lives as long as that; those above know of it as long as something waits there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from engine.execution.plan import NO_LANES
from engine.execution.tokens import Absent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.execution.branches import Branch
    from engine.execution.plan import Lanes
    from engine.execution.rivals import Pair
    from engine.execution.tokens import Token

MISSING: Final[Any] = None  # neither a payload nor an Absent

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
        self.tokens: list[Any] = [MISSING] * width
        self.missing = width
        self.apart: Apart | None = None

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
        self.apart = self.apart or Apart()
        self.apart.has_news = True

    def settle(self) -> None:
        """Forget what waits below."""
        self.apart = self.apart or Apart()
        self.apart.is_settled = True
        self.apart.nodes.clear()


class Apart:
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


def node_at(join: int, branch: Branch, width: int) -> JoinNode:
    """Return what the join has on the branch, made if there was nothing."""
    node = known_at(join, branch, width)
    if node is None:
        if branch.joins is None:
            branch.joins = {}
        node = branch.joins[join] = JoinNode(branch, width)
    return node


def known_at(join: int, branch: Branch, width: int) -> JoinNode | None:
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


def nodes_above(join: int, node: JoinNode) -> Iterator[JoinNode]:
    """Walk the nodes of the join on the way to the trunk."""
    opening, width = node.branch.opening, len(node.tokens)
    while opening is not None:
        above = known_at(join, opening.branch, width)
        if above is not None:
            yield above
        opening = opening.branch.opening


def is_settled_at(join: int, node: JoinNode) -> bool:
    """Return whether it is known how the join ended at the node, or further out."""
    return node.is_settled or any(above.is_settled for above in nodes_above(join, node))


def nodes_below(node: JoinNode) -> Iterator[JoinNode]:
    """Walk the nodes below at which something waits, in branch order of their arrival."""
    todo = [node]
    while todo:
        each = todo.pop()
        if each.apart is not None and not each.apart.is_settled:
            todo.extend(reversed(each.apart.nodes.values()))
        if each is not node and each.missing < len(each.tokens):
            yield each


def parted_from(node: JoinNode) -> Iterator[JoinNode]:
    """Walk the node and those below at which parents have parted and nothing is settled yet."""
    todo = [node]
    while todo:
        each = todo.pop()
        if each.apart is not None and not each.apart.is_settled:
            if each.apart.has_parted:
                yield each
            todo.extend(each.apart.nodes.values())


def leave(join: int, node: JoinNode) -> None:
    """Forget a node whose join has run, and above it what led to nothing else; the branches may live on."""
    if node.branch.joins:
        node.branch.joins.pop(join, None)
    for above in nodes_above(join, node):
        if above.apart is None:
            return
        above.apart.nodes.pop(id(node), None)
        if above.apart.nodes or above.missing < len(above.tokens):
            return
        node = above


def has_all(join: int, node: JoinNode) -> bool:
    """Return whether each parent has a token at the node or above that may be paired: it has one token at most on this way."""
    way = (node, *nodes_above(join, node))
    return sum(len(each.tokens) - each.missing for each in way) == len(node.tokens) and not any(each.has_news for each in way)


def register(join: int, node: JoinNode, slot: int, in_step: frozenset[int]) -> tuple[list[JoinNode], list[JoinNode]]:
    """Make the node known to those above; return those of them at which parents have parted, and those that knew nothing of the parent."""
    parted, newly = [], []
    child, width = node, len(node.tokens)
    opening = node.branch.opening
    while opening is not None:
        above = node_at(join, opening.branch, width)
        apart = above.apart
        if apart is None:
            apart = above.apart = Apart()
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


def is_known_of_all(join: int, node: JoinNode, lanes: Lanes = NO_LANES) -> bool:
    """Return whether something of every parent is known at the node, above or below it: none can part from the others further out any more.

    A parent that does not come on the lanes that lead to the node leads on elsewhere where something of it lies below where these lead off.
    """
    known = set(() if node.apart is None else node.apart.openers)
    opening = node.branch.opening
    for each in (node, *nodes_above(join, node)):
        known.update(slot for slot, token in enumerate(each.tokens) if token is not MISSING)
    while opening is not None and opening.is_lane and opening.opener in lanes.parents:
        above = known_at(join, opening.branch, len(node.tokens))
        if above is not None and above.apart is not None:
            known.update(above.apart.openers.keys() - lanes.parents[opening.opener])
        opening = opening.branch.opening
    return len(known) == len(node.tokens)


def with_lanes(nodes: Iterable[JoinNode]) -> Iterator[JoinNode]:
    """Walk the nodes, and those that only lanes lead to from there on."""
    todo = [*nodes][::-1]
    while todo:
        each = todo.pop()
        yield each
        if each.apart is not None:
            todo += [below for below in each.apart.nodes.values() if below.branch.opening is not None and below.branch.opening.is_lane]
