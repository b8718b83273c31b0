"""What the canvas takes from NodeGraphQt, and the only module that imports it: the classes, and types for what we use of them.

NodeGraphQt draws and has the gestures' plumbing, but it is no model: its nodes, ports and undo commands are not used, and nothing in it is
changed from outside. We derive from its graph, viewer, scene and items, and the document stays the only model.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, ClassVar

from ephemeral_gui.canvas.standard_distutils import standard_distutils

if TYPE_CHECKING:
    from PySide6.QtCore import QObject, QRectF, Signal
    from PySide6.QtGui import QUndoStack
    from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene, QGraphicsView, QRubberBand

    class NodeScene(QGraphicsScene):
        """The scene: background and grid."""

    class NodeViewer(QGraphicsView):
        """The view: zoom, pan, the wire being dragged, and the signals that a graph hears."""

        moved_nodes: ClassVar[Signal[Any]]
        connection_changed: ClassVar[Signal[Any]]
        connection_sliced: ClassVar[Signal[Any]]
        data_dropped: ClassVar[Signal[Any]]
        node_double_clicked: ClassVar[Signal[Any]]
        node_name_changed: ClassVar[Signal[Any]]
        node_selection_changed: ClassVar[Signal[Any]]
        search_triggered: ClassVar[Signal[Any]]

        _scene_range: QRectF
        _LIVE_PIPE: Any
        _rubber_band: QRubberBand
        _start_port: PortItem | None
        _cursor_text: QGraphicsItem

        def __init__(self, parent: QObject | None = None, undo_stack: QUndoStack | None = None) -> None: ...
        def _update_scene(self) -> None: ...
        def set_layout_direction(self, direction: int) -> None:
            """Lead wires that way."""

        def set_pipe_layout(self, layout: int) -> None:
            """Draw wires in that form."""

        def start_live_connection(self, selected_port: Any) -> None:
            """Show the wire that is dragged."""

        def end_live_connection(self) -> None:
            """Hide it."""

    class AbstractNodeItem(QGraphicsItem):
        """A node in the scene."""

    class PortItem(QGraphicsItem):
        """A port of a node."""

        _port_type: str | None

        def __init__(self, parent: QGraphicsItem | None = None) -> None: ...

    class PipeItem(QGraphicsPathItem):
        """A wire between two ports."""

    class LivePipeItem(PipeItem):
        """The wire that is being dragged."""

    class NodeGraph(QObject):
        """The graph: hears the viewer's signals in its ``_on_...`` slots."""

        _model: Any

        def __init__(self, parent: QObject | None = None, **parts: Any) -> None: ...
        def _on_connection_changed(self, disconnected: Any, connected: Any) -> None: ...
        def _on_nodes_moved(self, node_data: Any) -> None: ...
        def _on_node_double_clicked(self, node_id: str) -> None: ...
        def _on_connection_sliced(self, ports: Any) -> None: ...
else:
    with warnings.catch_warnings(), standard_distutils():
        warnings.simplefilter("ignore", DeprecationWarning)  # NodeGraphQt imports distutils
        from NodeGraphQt.base.graph import NodeGraph
        from NodeGraphQt.qgraphics.node_abstract import AbstractNodeItem
        from NodeGraphQt.qgraphics.pipe import LivePipeItem, PipeItem
        from NodeGraphQt.qgraphics.port import PortItem
        from NodeGraphQt.widgets.scene import NodeScene
        from NodeGraphQt.widgets.viewer import NodeViewer

__all__ = ["AbstractNodeItem", "LivePipeItem", "NodeGraph", "NodeScene", "NodeViewer", "PipeItem", "PortItem"]
