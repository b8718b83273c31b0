"""Places tasks in layers from left to right, with few crossings: for *Arrange*, and for maps that say nothing of places."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from engine.model.graph import topological_order
from ephemeral_gui.canvas.geometry import GRID, NODE_PORT_LINE, NODE_WIDTH, body_of, port_line
from ephemeral_gui.canvas.layering import layered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.job_map import JobMap, Position, Task
    from ephemeral_gui.canvas.layering import Layering

COLUMN: Final = 224.0  # a node and room for the curve and its count
ROW: Final = 144.0
SWEEPS: Final = 8
BEND_ROW: Final = 0.25  # room for a wire that passes by


def arrange(job_map: JobMap) -> dict[str, Position]:
    """Return a place for every task name: layers by longest path, ordered so that neighbours are near (barycentre sweeps)."""
    counted = (tuple((task.name, task.type) for task in job_map.tasks), job_map.workflow)
    return dict(_arranged(_Shape(counted, job_map)))


@dataclass(frozen=True, slots=True)
class _Shape:
    """A job map of which only what counts for an arrangement is compared: names, types and wires."""

    counted: tuple[object, ...]
    job_map: JobMap = field(compare=False)


@lru_cache(maxsize=4)
def _arranged(shape: _Shape) -> dict[str, Position]:
    """Every edit of a map that says nothing of places asks for them; most edits leave its shape as it is."""
    job_map = shape.job_map
    layering = layered(_forward(job_map))
    rows = _rows(layering)
    return {
        name: _place(job_map.by_name[name], column, rows[name])
        for column, layer in enumerate(layering.layers)
        for name in layer
        if name not in layering.bends
    }


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


def _forward(job_map: JobMap) -> dict[str, list[str]]:
    """Return the children without what the validator complains of: doubles, edges to nowhere, edges that close a cycle."""
    children = {name: list(dict.fromkeys(each for each in job_map.children[name] if each in job_map.by_name)) for name in job_map.by_name}
    order = topological_order(children)
    rank = {name: number for number, name in enumerate(dict.fromkeys([*order, *children]))}
    return {name: [each for each in targets if rank[each] > rank[name]] for name, targets in children.items()}


def _rows(layering: Layering) -> dict[str, float]:
    """Return a row for each name and bend: as near to its neighbours' mean as the order within the layer and the gaps allow."""
    rows = {name: row - (len(layer) - 1) / 2 for layer in layering.layers for row, name in enumerate(layer)}
    heights = {name: BEND_ROW if name in layering.bends else 1.0 for name in rows}
    for sweep in range(SWEEPS):
        for layer in layering.layers if sweep % 2 == 0 else reversed(layering.layers):
            near = layering.parents if sweep % 2 == 0 else layering.children
            wanted = [_mean([rows[each] for each in near[name]], rows[name]) for name in layer]
            rows.update(zip(layer, _spread(wanted, [heights[name] for name in layer]), strict=True))
    return rows


def _spread(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return rows that do not touch, in order, with the least squared distance to the wanted ones (pool adjacent violators)."""
    offsets = [0.0]
    for one, other in itertools.pairwise(heights):
        offsets.append(offsets[-1] + (one + other) / 2)
    blocks: list[tuple[float, int]] = []
    for offset, row in zip(offsets, wanted, strict=True):
        total, count = row - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            before, members = blocks.pop()
            total, count = total + before, count + members
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _place(task: Task, column: int, row: float) -> Position:
    """Return the corner that puts the task's ports on the row's line, and pills in the middle of their column."""
    body = body_of(task.type)
    down = round(row * ROW / GRID) * GRID + NODE_PORT_LINE - port_line(task.type)
    return (column * COLUMN + round((NODE_WIDTH - body.width()) / 2 / GRID) * GRID, down)
