"""Questions about a directed graph of names: order, reach, paths, cycles. All linear in tasks and edges."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Neighbours = Mapping[str, Sequence[str]]


def topological_order(children: Neighbours, parents: Neighbours | None = None) -> list[str]:
    """Return the names so that each stands behind its parents; names on or behind a cycle are left out (Kahn's method).

    Names that are equally free keep the order of ``children``.

    Args:
        children: the graph.
        parents: the same graph seen from the other side, by the same names, where that is known: it spares a count of all edges.
    """
    waiting = _count_parents(children) if parents is None else {name: len(parents[name]) for name in children}
    order = [name for name, count in waiting.items() if count == 0]
    for name in order:  # which grows meanwhile
        for target in children.get(name, ()):
            left = waiting[target] - 1
            waiting[target] = left
            if left == 0:
                order.append(target)
    return order


def _count_parents(children: Neighbours) -> dict[str, int]:
    count = dict.fromkeys(children, 0)
    for targets in children.values():
        for target in targets:
            count[target] = count.get(target, 0) + 1
    return count


def reachable(neighbours: Neighbours, starts: Iterable[str]) -> set[str]:
    """Return the names that can be reached from the starts, the starts themselves included."""
    found = set(starts)
    todo = list(found)
    while todo:
        for target in neighbours.get(todo.pop(), ()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def shortest_path(children: Neighbours, start: str, goal: str) -> list[str] | None:
    """Return the names of a shortest path, both ends included; ``[start]`` where they are the same; None where there is none."""
    came_from: dict[str, str | None] = {start: None}
    todo = deque([start])
    while todo:
        name = todo.popleft()
        if name == goal:
            return _trace(came_from, goal)
        for target in children.get(name, ()):
            if target not in came_from:
                came_from[target] = name
                todo.append(target)
    return None


def shortest_cycle(children: Neighbours, within: Iterable[str]) -> list[str] | None:
    """Return the names of a shortest cycle through any of the given names, the first one once only; None where there is none."""
    best: list[str] | None = None
    for name in within:
        for target in children.get(name, ()):
            path = shortest_path(children, target, name)
            if path is not None and (best is None or len(path) < len(best)):
                best = [name, *path[:-1]]
        if best is not None and len(best) <= 2:  # a pair is the shortest cycle that is no self-edge
            break
    return best


def _trace(came_from: Mapping[str, str | None], goal: str) -> list[str]:
    path = [goal]
    while (before := came_from[path[-1]]) is not None:
        path.append(before)
    return path[::-1]
