"""Places tasks in layers from left to right, with few crossings: for *Arrange*, and for maps that say nothing of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.model.graph import topological_order
from ephemeral_gui.canvas.geometry import GRID, NODE_PORT_LINE, NODE_WIDTH, body_of, port_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.model.job_map import JobMap, Position, Task

COLUMN: Final = 224.0  # a node and room for the curve and its count
ROW: Final = 144.0
SWEEPS: Final = 8


def arrange(job_map: JobMap) -> dict[str, Position]:
    """Return a place for every task name: layers by longest path, ordered so that neighbours are near (barycentre sweeps)."""
    children, parents = _neighbours(job_map)
    layers = _layers(children, parents)
    for sweep in range(SWEEPS):
        _sweep(layers, parents if sweep % 2 == 0 else children, forwards=sweep % 2 == 0)
    rows = _rows(layers, parents, children)
    return {name: _place(job_map.by_name[name], column, rows[name]) for column, layer in enumerate(layers) for name in layer}


def places(job_map: JobMap) -> dict[str, Position]:
    """Return where each task name stands: as the map says; tasks of which it says nothing are placed below the others."""
    known = job_map.layout.positions
    missing = [task for task in job_map.tasks if task.name not in known]
    if not missing:
        return {name: known[name] for name in job_map.by_name}
    arranged = arrange(job_map)
    if all(task.name not in known for task in job_map.tasks):
        return arranged
    lowest = max(known[name][1] for name in job_map.by_name if name in known) + ROW
    highest = min(arranged[task.name][1] for task in missing)
    below = {task.name: (arranged[task.name][0], arranged[task.name][1] - highest + lowest) for task in missing}
    return {name: known.get(name) or below[name] for name in job_map.by_name}


def _neighbours(job_map: JobMap) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return children and parents without what the validator complains of: doubles, edges to nowhere, edges that close a cycle."""
    children = {name: list(dict.fromkeys(each for each in job_map.children[name] if each in job_map.by_name)) for name in job_map.by_name}
    order = topological_order(children)
    rank = {name: number for number, name in enumerate(dict.fromkeys([*order, *children]))}
    forward = {name: [each for each in targets if rank[each] > rank[name]] for name, targets in children.items()}
    parents: dict[str, list[str]] = {name: [] for name in children}
    for name, targets in forward.items():
        for target in targets:
            parents[target].append(name)
    return forward, parents


def _layers(children: Mapping[str, Sequence[str]], parents: Mapping[str, Sequence[str]]) -> list[list[str]]:
    layer_of: dict[str, int] = {}
    for name in topological_order(children):
        layer_of[name] = max((layer_of[parent] + 1 for parent in parents[name]), default=0)
    for name in reversed(list(layer_of)):
        if not parents[name] and children[name]:  # a start stands right before what it feeds
            layer_of[name] = min(layer_of[child] for child in children[name]) - 1
    layers: list[list[str]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for name, layer in layer_of.items():
        layers[layer].append(name)
    return layers


def _sweep(layers: list[list[str]], neighbours: Mapping[str, Sequence[str]], *, forwards: bool) -> None:
    at = {name: float(row) for layer in layers for row, name in enumerate(layer)}
    for layer in layers if forwards else reversed(layers):
        wanted = {name: _mean([at[each] for each in neighbours[name]], at[name]) for name in layer}
        layer.sort(key=wanted.__getitem__)
        at.update({name: float(row) for row, name in enumerate(layer)})


def _rows(layers: list[list[str]], parents: Mapping[str, Sequence[str]], children: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Return a row for each name: as near to its neighbours' mean as the order within the layer and a gap of one row allow."""
    rows = {name: row - (len(layer) - 1) / 2 for layer in layers for row, name in enumerate(layer)}
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            near = parents if sweep % 2 == 0 else children
            wanted = [_mean([rows[each] for each in near[name]], rows[name]) for name in layer]
            rows.update(zip(layer, _spread(wanted), strict=True))
    return rows


def _spread(wanted: Sequence[float]) -> list[float]:
    """Return rows at least 1 apart, in order, with the least squared distance to the wanted ones (pool adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for index, row in enumerate(wanted):
        total, count = row - index, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, members = blocks.pop()
            total, count = total + before, count + members
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    return [start + index for index, start in enumerate(starts)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _place(task: Task, column: int, row: float) -> Position:
    """Return the corner that puts the task's ports on the row's line, and pills in the middle of their column."""
    body = body_of(task.type)
    down = round(row * ROW / GRID) * GRID + NODE_PORT_LINE - port_line(task.type)
    return (column * COLUMN + round((NODE_WIDTH - body.width()) / 2 / GRID) * GRID, down)
