"""Which tasks form a cycle, found in a moment however large and knotted the graph is."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from engine.model.graph import topological_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    Neighbours = Mapping[str, Sequence[str]]

_MOST_CYCLES = 10
_MOST_STEPS = 500_000  # of looking for a shorter cycle; beyond it the shortest so far must do


def cycles(children: Neighbours, behind_or_on: AbstractSet[str]) -> list[list[str]]:
    """Return a shortest cycle, then one of those that share no task with it, and so on; at most ten.

    Args:
        children: the graph, without edges from a name to itself.
        behind_or_on: the names that no topological order holds.
    """
    if not behind_or_on:
        return []
    found: list[list[str]] = []
    core = _core(children, behind_or_on)
    steps_left = _MOST_STEPS
    while core and len(found) < _MOST_CYCLES:
        cycle, steps_left = _shortest(core, steps_left)
        found.append(cycle)
        core = _core(core, core.keys() - set(cycle))
    return found


def _core(children: Neighbours, names: AbstractSet[str]) -> dict[str, list[str]]:
    """Return the graph of those of the names that are on a cycle or between two: each of them has a child in it."""
    inner = {name: [child for child in children[name] if child in names] for name in children if name in names}
    loose = {*topological_order(inner), *topological_order(_reversed(inner))}
    return {name: [child for child in targets if child not in loose] for name, targets in inner.items() if name not in loose}


def _reversed(children: Neighbours) -> dict[str, list[str]]:
    parents: dict[str, list[str]] = {name: [] for name in children}
    for name, targets in children.items():
        for target in targets:
            parents[target].append(name)
    return parents


def _shortest(core: Neighbours, steps_left: int) -> tuple[list[str], int]:
    """Return a shortest cycle, or the shortest that so many steps lead to, and how many steps are left."""
    best = _any_cycle(core)
    for start in core:
        if len(best) == 2 or steps_left <= 0:
            break
        shorter, steps = _cycle_through(core, start, len(best) - 1)
        steps_left -= steps
        best = shorter or best
    return best, steps_left


def _any_cycle(core: Neighbours) -> list[str]:
    """Follow the first children until a name comes again."""
    path: dict[str, int] = {}
    name = next(iter(core))
    while name not in path:
        path[name] = len(path)
        name = core[name][0]
    return list(path)[path[name] :]


def _cycle_through(core: Neighbours, start: str, longest: int) -> tuple[list[str] | None, int]:
    """Return a shortest cycle through the start of at most ``longest`` names, if there is one, and how many steps it took."""
    came_from: dict[str, str] = {}
    depth = {start: 1}
    todo = deque([start])
    while todo:
        name = todo.popleft()
        for child in core[name]:
            if child == start:
                return _trace(came_from, start, name), len(depth)
            if child not in depth and depth[name] < longest:
                depth[child] = depth[name] + 1
                came_from[child] = name
                todo.append(child)
    return None, len(depth)


def _trace(came_from: Mapping[str, str], start: str, last: str) -> list[str]:
    path = [last]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return path[::-1]
