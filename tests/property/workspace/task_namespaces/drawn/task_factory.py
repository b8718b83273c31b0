"""The way to the tasks of this namespace and of the namespaces below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.tasks import lazy_get_task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.tasks import GetTask, TaskBody


def make_task_dict() -> dict[str, GetTask]:
    """Return, by name, ``get_task`` of each namespace below; a namespace is imported when a route first leads there."""
    return {}


def get_task(route_list: Sequence[str], task_method: str, init_args: Mapping[str, Any] | None = None) -> TaskBody:
    """Return the body of a method: one element down the route, or of the tasks beside this file where the route ends."""
    if not route_list:
        return lazy_get_task(".tasks", __package__)(task_method, init_args or {})
    child, *rest = route_list
    return make_task_dict()[child](rest, task_method, init_args)
