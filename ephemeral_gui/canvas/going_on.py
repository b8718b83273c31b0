"""Going on from tasks that are there: a new one behind them, wired to each that it fits, on the next free place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.model import editing
from ephemeral_gui.canvas import wiring
from ephemeral_gui.canvas.geometry import GRID, NODE_WIDTH, body_of, port_line, snapped
from ephemeral_gui.canvas.layout import COLUMN, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRectF

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap, Position, Task, TaskKey

_GAP: Final = 2 * GRID


def behind(job_map: JobMap, task: Task, anchors: Sequence[TaskKey], catalog: Catalog) -> JobMap | None:
    """Return the job map with the task behind the anchors, wired to each that it fits; None where it fits none of them."""
    grown, wired = editing.add_tasks(job_map, [task]), []
    for key in anchors:
        if wiring.refusal(grown, key, task.key, catalog) is None:
            grown = wiring.connected(grown, key, task.key, catalog)
            wired.append(key)
    return editing.move_tasks(grown, {task.name: place_behind(job_map, task, wired)}) if wired else None


def place_behind(job_map: JobMap, task: Task, anchors: Sequence[TaskKey]) -> Position:
    """Return the place right of the anchors, on the line of their middle where nothing stands, else below what stands there."""
    known = places(job_map)
    stand = [(known[each.name], each.type) for each in (job_map.by_key[key] for key in anchors)]
    left = max(place[0] + body_of(kind).width() for place, kind in stand) + COLUMN - NODE_WIDTH
    lines = [place[1] + port_line(kind) for place, kind in stand]
    left, top = snapped((left, (min(lines) + max(lines)) / 2 - port_line(task.type)))
    taken = [body_of(each.type).translated(*known[each.name]) for each in job_map.tasks]
    return left, _first_free(body_of(task.type).translated(left, top), taken)


def _first_free(body: QRectF, taken: Sequence[QRectF]) -> float:
    """Return the top at which the body, moved down as far as it must be, covers nothing."""
    while (hit := next((each for each in taken if each.adjusted(-_GAP, -_GAP, _GAP, _GAP).intersects(body)), None)) is not None:
        body.moveTop(snapped((0, hit.bottom() + _GAP + GRID))[1])
    return body.top()
