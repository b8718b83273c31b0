"""The gallery of templates: what a new job map can start from, with its picture and words.

Object names: ``templates.filter``, ``templates.list``, ``templates.none``, ``templates.title``, ``templates.description``,
``templates.picture``, ``templates.open``, ``templates.cancel``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.welcome.card import size_text
from ephemeral_gui.welcome.picture_label import PictureLabel
from ephemeral_gui.welcome.template_list import DETAIL, TemplateList
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import PlainLabel
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QImage

    from engine.catalog.examples import Example
    from ephemeral_gui.widgets.theme import Look, Theme

    Draw: TypeAlias = Callable[[Example | None, Theme], QImage]

EMPTY: Final = ("Empty job map", "An input and an output, and nothing between them yet.", "No tasks")
_ROW: Final = Qt.ItemDataRole.UserRole + 2


class Gallery(QDialog):
    """Shows templates; ``chosen`` is emitted with an ``Example``, or None for the empty job map, and the dialog closes.

    Args:
        examples: the templates beside the empty one.
        draw: gives the picture of one; asked for when it is first shown in a theme.
        look: the window's look.
        parent: the window.
    """

    chosen = Signal(object)

    def __init__(self, examples: Sequence[Example], draw: Draw, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setWindowTitle("New from template")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 560)
        self._look = look
        self._draw = draw
        self._templates: list[Example | None] = [None, *sorted(examples, key=lambda example: example.task_count)]
        self._pictures: dict[tuple[str, str], QImage] = {}
        self._filter = QLineEdit(objectName="templates.filter", placeholderText="Search templates", accessibleName="Search templates")
        self._glass = QAction("Search templates", self)
        self._list = TemplateList(look)
        self._model = QStandardItemModel(self)
        self._none = PlainLabel("No template fits.", "muted", wrap=True)
        self._title = PlainLabel(role="title")
        self._words = PlainLabel(role="text2", wrap=True)
        self._facts = PlainLabel(role="help", wrap=True)
        self._picture = PictureLabel(look)
        self._open = QPushButton("Open a copy", objectName="templates.open", default=True)
        self._prepare()
        self._lay_out()
        self._search("")

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows choose in the list while the words are typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._choose(max(0, min(self._model.rowCount() - 1, self._list.currentIndex().row() + step)))
            return True
        return super().eventFilter(watched, event)

    def _prepare(self) -> None:
        for name, label in (("none", self._none), ("title", self._title), ("description", self._words), ("picture", self._picture)):
            label.setObjectName(f"templates.{name}")
        self._filter.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._filter.installEventFilter(self)
        self._filter.textChanged.connect(self._search)
        self._list.setModel(self._model)
        self._list.selectionModel().currentChanged.connect(self._show)
        self._list.doubleClicked.connect(self._take)
        set_variant(self._open, "flavour", "accent")
        self._open.clicked.connect(self._take)
        self._look.changed.connect(self._repaint)
        self._repaint()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._filter)
        left.addWidget(self._none)
        left.addWidget(self._list, 1)
        side = QWidget()
        side.setLayout(left)
        side.setFixedWidth(260)
        left.setContentsMargins(0, 0, 0, 0)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self._picture, 1)
        for label in (self._title, self._words, self._facts):
            right.addWidget(label)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addWidget(side)
        columns.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(columns, 1)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        cancel = QPushButton("Cancel", objectName="templates.cancel", autoDefault=False)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(PlainLabel("A copy opens; saving it asks for its place.", "help"), 1)
        row.addWidget(cancel)
        row.addWidget(self._open)
        return row

    def _search(self, text: str) -> None:
        words = text.casefold().split()
        before = self._current_row()
        self._model.clear()
        for row, template in enumerate(self._templates):
            title, description, size = _texts(template)
            names = " ".join(template.namespaces) if template else ""
            if all(word in f"{title} {description} {names}".casefold() for word in words):
                item = QStandardItem(title)
                item.setData(size, DETAIL)
                item.setData(row, _ROW)
                item.setData(f"{title}, {size}", Qt.ItemDataRole.AccessibleTextRole)
                self._model.appendRow(item)
        self._none.setVisible(not self._model.rowCount())
        found = [self._model.index(row, 0).data(_ROW) for row in range(self._model.rowCount())]
        self._choose(found.index(before) if before in found else 0)

    def _choose(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(row, 0))
        self._show(self._list.currentIndex())

    def _current_row(self) -> int:
        row = self._list.currentIndex().data(_ROW)
        return row if isinstance(row, int) else -1

    def _show(self, index: QModelIndex) -> None:
        row = index.data(_ROW)
        self._open.setEnabled(isinstance(row, int))
        if not isinstance(row, int):
            return
        template = self._templates[row]
        title, description, size = _texts(template)
        self._title.setText(title)
        self._words.setText(description)
        self._facts.setText(f"{size}. Uses {', '.join(template.namespaces)}." if template else size)
        self._picture.show_image(self._image(template))
        self._picture.setAccessibleName(f"The graph of {title}")

    def _image(self, template: Example | None) -> QImage:
        key = (template.name if template else "", self._look.theme.name)
        if key not in self._pictures:
            self._pictures[key] = self._draw(template, self._look.theme)
        return self._pictures[key]

    def _take(self) -> None:
        row = self._current_row()
        if row >= 0:
            self.accept()
            self.chosen.emit(self._templates[row])

    def _repaint(self) -> None:
        self._glass.setIcon(icon("search", self._look.theme.muted))
        self._show(self._list.currentIndex())


def _texts(template: Example | None) -> tuple[str, str, str]:
    return EMPTY if template is None else (template.title, template.description, size_text(template))
