"""Walking the graph by the arrow keys: along the wires where there are any, else to the nearest node on that side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from engine.model.graph import reachable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.model.job_map import JobMap, TaskKey
    from ephemeral_gui.canvas.projection import Projection
    from ephemeral_gui.canvas.task_item import TaskItem

_WAYS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


def next_item(projection: Projection, here: TaskItem | None, key: Qt.Key) -> TaskItem | None:
    """Return the node that an arrow key leads to; without one to start from, the first of the map."""
    if here is None:
        return next(iter(projection.items.values()), None)
    if projection.job_map is not None and key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
        along = _along_wires(projection, projection.job_map, here, is_forward=key is Qt.Key.Key_Right)
        if along is not None:
            return along
    return _nearest(projection.items.values(), here, *_WAYS[key])


def all_along(job_map: JobMap, keys: Iterable[TaskKey], *, is_forward: bool) -> set[TaskKey]:
    """Return the tasks themselves and everything behind them, or where not ``is_forward`` before them."""
    neighbours = job_map.children if is_forward else job_map.parents
    names = reachable(neighbours, [job_map.by_key[key].name for key in keys])
    return {task.key for task in job_map.tasks if task.name in names}


def _along_wires(projection: Projection, job_map: JobMap, here: TaskItem, *, is_forward: bool) -> TaskItem | None:
    names = (job_map.children if is_forward else job_map.parents).get(here.name, ())
    items = [item for name in names if (item := projection.item_named(name)) is not None]
    return min(items, key=lambda item: abs(_middle(item).y() - _middle(here).y()), default=None)


def _nearest(items: Iterable[TaskItem], here: TaskItem, across: int, down: int) -> TaskItem | None:
    def cost(item: TaskItem) -> float:
        way = _middle(item) - _middle(here)
        ahead, aside = (way.x() * across + way.y() * down), abs(way.x() * down) + abs(way.y() * across)
        return ahead + 2 * aside

    def is_ahead(item: TaskItem) -> bool:
        way = _middle(item) - _middle(here)
        return item is not here and way.x() * across + way.y() * down > 1

    return min((item for item in items if is_ahead(item)), key=cost, default=None)


def _middle(item: TaskItem) -> QPointF:
    return item.body.center()
