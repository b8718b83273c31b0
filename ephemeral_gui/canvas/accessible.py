"""What a screen reader is told of the canvas: the view's name and description follow what is selected, and a change is said aloud.

Interfaces of our own for every item (``QAccessibleInterface``) were tried and left out: with PySide6 they end the process when Python
collects garbage, for nobody says which side owns them. So the keyboard is the way: each step along the wires says the task, its state
and its neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from ephemeral_gui.canvas.tips import task_words, wire_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ephemeral_gui.canvas.annotation_item import AnnotationItem
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.canvas.wire import Wire


def tell_selection(viewer: JobViewer) -> None:
    """Name the view by what is selected, and say it to a listener where that is news."""
    tasks, wires, others = viewer.selected_task_items(), viewer.chosen_wires(), viewer.projection.annotations.chosen()
    name = f"Canvas: {_name(viewer, tasks, wires, others)}"
    if name == viewer.accessibleName():
        return
    viewer.setAccessibleName(name)
    viewer.setAccessibleDescription(_description(tasks, wires))
    if QAccessible.isActive() and viewer.hasFocus():
        words = f"{name.removeprefix('Canvas: ')}. {viewer.accessibleDescription()}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(viewer, words))


def _name(viewer: JobViewer, tasks: Sequence[TaskItem], wires: Sequence[Wire], others: Sequence[AnnotationItem]) -> str:
    if not tasks and len(wires) == 1:
        return f"Wire {wires[0].source.name} → {wires[0].target.name}"
    if not tasks and len(others) == 1:
        return f"{others[0].key.kind.capitalize()}: {' '.join(others[0].words.split())[:200]}"
    if len(tasks) == 1:
        words = f"{tasks[0].name}, {tasks[0].state_text}"
    else:
        words = f"{len(tasks)} tasks selected" if tasks else f"{len(viewer.projection.items)} tasks"
    return words + (f", {len(wires)} wires selected" if wires else "")


def _description(tasks: Sequence[TaskItem], wires: Sequence[Wire]) -> str:
    if not tasks and len(wires) == 1:
        return _line(wire_words(wires[0]))
    if len(tasks) != 1:
        return ""
    item = tasks[0]
    before = [wire.source.name for wire in item.wires if wire.target is item]
    behind = [wire.target.name for wire in item.wires if wire.source is item]
    ends = [f"from {', '.join(before)}" if before else "", f"to {', '.join(behind)}" if behind else ""]
    return ", ".join(filter(None, [_line(task_words(item)), *ends]))


def _line(words: str) -> str:
    """Return all lines but the first, which is the name, as one."""
    return words.partition("\n")[2].replace("\n", ", ")
