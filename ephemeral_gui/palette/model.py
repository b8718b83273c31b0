"""The palette's definitions as a tree of two levels: namespaces, and the methods in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt
from typing_extensions import override

from ephemeral_gui.widgets.labels import tool_tip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtCore import QObject

    from engine.model.definition import Argument, Definition

MIME_TYPE: Final = "application/x-ephemeral-method"
DEFINITION: Final = Qt.ItemDataRole.UserRole + 1
COUNT: Final = Qt.ItemDataRole.UserRole + 2

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_GROUP: Final = 0
"""Internal id of a namespace's row; a method's row has the row of its namespace + 1."""

# made once: an enum's "or" in Python costs more than all else that a view asks of 2,000 rows
_NO_FLAGS: Final = Qt.ItemFlag.NoItemFlags
_GROUP_FLAGS: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_METHOD_FLAGS: Final = _GROUP_FLAGS | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren


class PaletteModel(QAbstractItemModel):
    """Namespaces with their methods; ``show`` replaces them all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: list[tuple[str, list[Definition]]] = []

    def show(self, definitions: Iterable[Definition], first: Iterable[tuple[str, list[Definition]]] = ()) -> None:
        """Hold these definitions from now on, grouped in the order in which their namespaces come; ``first`` are groups before them."""
        groups: dict[str, list[Definition]] = {}
        before = [(title, members) for title, members in first if members]
        for definition in definitions:
            groups.setdefault(definition.namespace, []).append(definition)
        self.beginResetModel()
        self._groups = [*before, *groups.items()]
        self.endResetModel()

    def index_of(self, definition: Definition) -> QModelIndex:
        """Return the row of a definition, an invalid index where it is not shown."""
        for row, (namespace, definitions) in enumerate(self._groups):
            if namespace == definition.namespace and definition in definitions:
                return self.index(definitions.index(definition), 0, self.index(row, 0))
        return QModelIndex()

    @override
    def index(self, row: int, column: int, parent: _Index = _ROOT) -> QModelIndex:
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else _GROUP)

    @override
    def parent(self, child: _Index = _ROOT) -> QModelIndex:  # type: ignore[override]  # the other overload is QObject.parent()
        if not child.isValid() or child.internalId() == _GROUP:
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, 0, _GROUP)

    @override
    def rowCount(self, parent: _Index = _ROOT) -> int:
        if not parent.isValid():
            return len(self._groups)
        return len(self._groups[parent.row()][1]) if parent.internalId() == _GROUP else 0

    @override
    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 1

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if index.internalId() == _GROUP:
            return self._group_data(*self._groups[index.row()], role)
        return _method_data(self._definition(index), role)

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not index.isValid():
            return _NO_FLAGS
        return _GROUP_FLAGS if index.internalId() == _GROUP else _METHOD_FLAGS

    @override
    def mimeTypes(self) -> list[str]:
        return [MIME_TYPE]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        for index in indexes:
            definition = index.data(DEFINITION)
            if definition is not None:
                data.setData(MIME_TYPE, json.dumps([definition.namespace, definition.name]).encode())
        return data

    def _definition(self, index: _Index) -> Definition:
        return self._groups[index.internalId() - 1][1][index.row()]

    def _group_data(self, namespace: str, definitions: Sequence[Definition], role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return namespace
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{namespace}, {len(definitions)} tasks"
            case _:
                return len(definitions) if role == COUNT else None


def types_line(definition: Definition) -> str:
    """Return what the method takes and gives, in a sentence."""
    line = f"Takes {_types(definition.consumes)}, gives {_types(definition.produces)}"
    return f"{line}; opens a branch for each item" if definition.fans_out else line


def _method_data(definition: Definition, role: int) -> Any:
    match role:
        case Qt.ItemDataRole.DisplayRole:
            return definition.display_title
        case Qt.ItemDataRole.ToolTipRole:
            return tool_tip(help_text(definition))
        case Qt.ItemDataRole.AccessibleTextRole:
            return f"{definition.display_title}, produces {_types(definition.produces)}"
        case _:
            return definition if role == DEFINITION else None


def help_text(definition: Definition) -> str:
    """Return everything that the definition says, for a person: name, description, types, arguments."""
    lines = [
        definition.display_title,
        f"{definition.namespace}.{definition.name}",
        "",
        definition.description,
        "",
        f"Takes {_types(definition.consumes)}, gives {_types(definition.produces)}",
    ]
    if definition.fans_out:
        lines.append("Opens a branch for each item")
    if definition.init_args:
        lines += ["", *(argument_line(argument) for argument in definition.init_args)]
    return "\n".join(lines)


def _types(names: Sequence[str]) -> str:
    return " or ".join(names) or "any"


def argument_line(argument: Argument) -> str:
    """Return name, type and meaning of an argument."""
    must = ", required" if argument.required else ""
    text = f" {argument.description}" if argument.description else ""
    return f"{argument.name} ({argument.type}{must}){':' if text else ''}{text}"
