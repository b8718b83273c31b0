"""What the canvas does to the places of the selected tasks: aligning, spacing, arranging. One undo step each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ephemeral_gui.canvas.aligning import Edge, aligned, distributed

if TYPE_CHECKING:
    from PySide6.QtCore import QRectF

    from engine.model.job_map import TaskKey
    from ephemeral_gui.canvas.editor import Editor
    from ephemeral_gui.canvas.viewer import JobViewer


class Arranging(QObject):
    """Puts the selected tasks in order."""

    refused = Signal(str)
    """Nothing was moved, and why."""

    def __init__(self, editor: Editor, viewer: JobViewer, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._viewer = viewer

    def align_left(self) -> None:
        """Bring the left edges onto the leftmost one."""
        self._align(Edge.LEFT)

    def align_right(self) -> None:
        """Bring the right edges onto the rightmost one."""
        self._align(Edge.RIGHT)

    def align_top(self) -> None:
        """Bring the upper edges onto the highest one."""
        self._align(Edge.TOP)

    def align_bottom(self) -> None:
        """Bring the lower edges onto the lowest one."""
        self._align(Edge.BOTTOM)

    def align_centre(self) -> None:
        """Bring the centres onto one upright line."""
        self._align(Edge.CENTRE)

    def align_middle(self) -> None:
        """Bring the centres onto one level line."""
        self._align(Edge.MIDDLE)

    def space_across(self) -> None:
        """Make the gaps from left to right equal."""
        self._space(is_across=True)

    def space_down(self) -> None:
        """Make the gaps from top to bottom equal."""
        self._space(is_across=False)

    def arrange_selection(self) -> None:
        """Place the selected tasks in layers from left to right, about where they are; all others stay."""
        keys = {item.key for item in self._viewer.selected_task_items()}
        if len(keys) < 2:
            self.refused.emit("Select two or more tasks to arrange them")
        else:
            self._editor.arrange_some(keys)

    def _align(self, edge: Edge) -> None:
        boxes = self._boxes()
        if len(boxes) < 2:
            self.refused.emit("Select two or more tasks to align them")
        else:
            self._editor.move(aligned(boxes, edge), f"Align {edge.value}")

    def _space(self, *, is_across: bool) -> None:
        boxes = self._boxes()
        if len(boxes) < 3:
            self.refused.emit("Select three or more tasks to space them evenly")
        else:
            self._editor.move(distributed(boxes, is_across=is_across), f"Space {'across' if is_across else 'down'}")

    def _boxes(self) -> dict[TaskKey, QRectF]:
        return {item.key: item.body for item in self._viewer.selected_task_items()}
