"""What a tool tip says of a node, a port or a wire: always as plain text, whatever a job map holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ephemeral_gui.canvas.port import OutputPort
from ephemeral_gui.widgets.labels import tool_tip

if TYPE_CHECKING:
    from ephemeral_gui.canvas.hit import Hit
    from ephemeral_gui.canvas.port import TaskPort
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.wire import Wire


def tip_of(hit: Hit) -> str:
    """Return the tool tip for what is under the pointer, empty where there is nothing to say."""
    if hit.port is not None:
        return tool_tip(_port_words(hit.port))
    if hit.count is not None:
        return tool_tip(f"{wire_words(hit.count)}\nClick to see the items")
    if hit.item is not None:
        return tool_tip(task_words(hit.item))
    return tool_tip(wire_words(hit.wire)) if hit.wire is not None else ""


def _port_words(port: TaskPort) -> str:
    face = port.item.face
    return f"gives {face.produced}" if isinstance(port, OutputPort) else f"takes {face.consumed}"


def task_words(item: TaskItem) -> str:
    """Return what there is to say of a task, its name first, a line each."""
    task, face = item.task, item.face
    method = f"{task.namespace}.{task.method}" if task.is_function else f"the {task.type} of the job"
    lines = [task.name, method]
    if task.is_function:
        lines.append(f"takes {face.consumed}, gives {face.produced}")
    lines.append(f"{face.status.text}{', ' if face.status.time else ''}{face.status.time}")
    return "\n".join(
        [*lines, *([task.description] if task.description else []), *face.problems, *([item.difference] if item.difference else [])]
    )


def wire_words(wire: Wire) -> str:
    """Return what there is to say of a wire, its ends first, a line each."""
    words = f"{wire.source.name} → {wire.target.name}\n{wire.source.face.produced}"
    return f"{words}\n{wire.count} passed" if wire.count else words
