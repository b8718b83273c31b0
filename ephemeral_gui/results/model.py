"""The results tree for a view: rows are fetched in batches as it is opened and scrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from ephemeral_gui.results.nodes import Node
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import cut, tool_tip

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from ephemeral_gui.widgets.theme import Look

NODE: Final = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class ResultsModel(QAbstractItemModel):
    """Two columns: name and value."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._root = Node("", [])

    def show(self, root: Node) -> None:
        """Hold another tree from now on."""
        self.beginResetModel()
        self._root = root
        root.children.extend(root.next_batch())
        self.endResetModel()

    @override
    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        children = self._node(parent).children
        if not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, column, children[row])

    @override
    def parent(self, child: _Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # the other overload is QObject.parent()
        node = self._node(child).parent
        return QModelIndex() if node is None or node is self._root else self.createIndex(node.row, 0, node)

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        return len(self._node(parent).children) if parent.column() <= 0 else 0

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 2

    @override
    def hasChildren(self, parent: _Index = _ROOT) -> bool:
        return parent.column() <= 0 and self._node(parent).count > 0

    @override
    def canFetchMore(self, parent: _Index) -> bool:
        node = self._node(parent)
        return len(node.children) < node.count

    @override
    def fetchMore(self, parent: _Index) -> None:
        node = self._node(parent)
        batch = node.next_batch()
        if not batch:
            return
        self.beginInsertRows(parent, len(node.children), len(node.children) + len(batch) - 1)
        node.children.extend(batch)
        self.endInsertRows()

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return ("Output", "Value")[section] if role == Qt.ItemDataRole.DisplayRole else None

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        node = self._node(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return " ".join(cut(node.name, 200).split()) if index.column() == 0 else node.text
            case Qt.ItemDataRole.DecorationRole if index.column() == 0 and node.icon is not None:
                return icon(node.icon, self._icon_colour(node.icon))
            case Qt.ItemDataRole.ToolTipRole:
                return tool_tip(f"{node.name}\n{node.text}")
            case _:
                return node if role == NODE else None

    def _icon_colour(self, name: str) -> str:
        theme = self._look.theme
        return {"failed": theme.state_colour("failed"), "warning": theme.warning_mark}.get(name, theme.text2)

    def _node(self, index: _Index) -> Node:
        node = index.internalPointer() if index.isValid() else None
        return node if isinstance(node, Node) else self._root
