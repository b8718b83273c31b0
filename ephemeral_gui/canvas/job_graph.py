"""NodeGraphQt's graph with its model taken out: what its viewer tells it becomes a change of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from PySide6.QtCore import QObject, Signal
from typing_extensions import override

from engine.model.job_map import TaskKey
from ephemeral_gui.canvas.guard import guarded
from ephemeral_gui.canvas.moving import position_of
from ephemeral_gui.canvas.node_graph_qt import NodeGraph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.model.job_map import Position
    from ephemeral_gui.canvas.editor import Editor
    from ephemeral_gui.canvas.port import TaskPort
    from ephemeral_gui.canvas.task_item import TaskItem
    from ephemeral_gui.canvas.viewer import JobViewer
    from ephemeral_gui.document.document import Document

    Ends = tuple[TaskPort, TaskPort]


class JobGraph(NodeGraph):
    """Hears the viewer and changes the document through the editor; NodeGraphQt's own model, ports and commands stay empty."""

    activated = Signal(object)
    """A task was double-clicked; its identity."""

    def __init__(self, document: Document, viewer: JobViewer, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent, viewer=viewer, undo_stack=document.undo_stack)
        self._editor = editor

    @override
    @guarded
    def _on_connection_changed(self, disconnected: Sequence[Ends], connected: Sequence[Ends]) -> None:
        old = [(source.item.key, target.item.key) for source, target in disconnected]
        for source, target in connected:
            self._editor.rewire(old[0] if old else None, source.item.key, target.item.key)
        if not connected:
            self._editor.disconnect_wires(old)

    @override
    @guarded
    def _on_nodes_moved(self, node_data: Mapping[TaskItem, Position]) -> None:
        self._editor.move({item.key: position_of(item) for item in node_data})

    @override
    @guarded
    def _on_node_double_clicked(self, node_id: str) -> None:
        self.activated.emit(TaskKey(int(node_id)))

    @override
    @guarded
    def _on_connection_sliced(self, ports: Sequence[Ends]) -> None:
        self._editor.disconnect_wires([(source.item.key, target.item.key) for source, target in ports], verb="Cut")

    def _not_by_this_road(self, *_args: Any, **_options: Any) -> NoReturn:
        msg = "the document is the only model: change it through the editor"
        raise NotImplementedError(msg)

    create_node = add_node = delete_node = remove_node = delete_nodes = extract_nodes = _not_by_this_road
    copy_nodes = cut_nodes = paste_nodes = duplicate_nodes = disable_nodes = auto_layout_nodes = _not_by_this_road
    save_session = load_session = import_session = serialize_session = deserialize_session = clear_session = _not_by_this_road
