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
    return [*_tasks(window), *_commands(window), *_panels(window), *_methods(window)]


def _commands(window: MainWindow) -> Iterator[Entry]:
    for row in ACTIONS.values():
        action = window.actions_by_id[row.id]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        yield Entry(row.title, keys, action.trigger, row.icon or "more", action.isEnabled())


def _panels(window: MainWindow) -> Iterator[Entry]:
    for name, dock in window.docks.by_name.items():
        yield Entry(dock.windowTitle(), "panel", partial(_enter, window, name), "float")


def _tasks(window: MainWindow) -> Iterator[Entry]:
    if window.document is not None:
        for task in window.document.job_map.tasks:
            yield Entry(task.name, f"task  {task.method}", partial(_go_to, window, task.name), "tasks")


def _methods(window: MainWindow) -> Iterator[Entry]:
    for (namespace, method), definition in window.catalog.definitions.items():
        detail = f"add {namespace}.{method}"
        yield Entry(definition.display_title, detail, partial(_add, window, namespace, method), "plus")


def _enter(window: MainWindow, name: str) -> None:
    """Show a panel, and go there with the keyboard."""
    window.docks.reveal(name)
    window.focus_order.enter(window.docks[name].widget())


def _go_to(window: MainWindow, name: str) -> None:
    """Go to a task, and with the keyboard to the canvas."""
    if window.panels.go_to_task(name) is not None and window.canvas is not None:
        window.canvas.setFocus()


def _add(window: MainWindow, namespace: str, method: str) -> None:
    """Add a task, and go with the keyboard to the canvas; an output asks for its name there."""
    if window.canvas is not None:
        window.canvas.setFocus()
    window.panels.add_requested.emit(namespace, method)
