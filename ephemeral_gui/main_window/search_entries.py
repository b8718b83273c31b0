"""What the search field finds: commands, tasks of the job map that is shown, methods of the catalogue."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from ephemeral_gui.actions.rows import ACTIONS
from ephemeral_gui.main_window.search import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ephemeral_gui.main_window.window import MainWindow


def search_entries(window: MainWindow) -> Sequence[Entry]:
    """Return everything that can be found now."""
    return [*_tasks(window), *_commands(window), *_methods(window)]


def _commands(window: MainWindow) -> Iterator[Entry]:
    for row in ACTIONS.values():
        action = window.actions_by_id[row.id]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        yield Entry(row.title, keys, action.trigger, row.icon or "more", action.isEnabled())


def _tasks(window: MainWindow) -> Iterator[Entry]:
    if window.document is not None:
        for task in window.document.job_map.tasks:
            yield Entry(task.name, f"task  {task.method}", partial(window.panels.go_to_task, task.name), "tasks")


def _methods(window: MainWindow) -> Iterator[Entry]:
    for (namespace, method), definition in window.catalog.definitions.items():
        detail = f"add {namespace}.{method}"
        yield Entry(definition.display_title, detail, partial(window.panels.add_requested.emit, namespace, method), "plus")
