"""The palette panel: a filter, the methods by namespace, and the meaning of the colours.

Object names: ``palette.filter``, ``palette.tree``, ``palette.nothing``, ``palette.suggestion``, ``palette.help``,
``palette.legend``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from typing_extensions import override

from ephemeral_gui.palette.help_card import HelpCard
from ephemeral_gui.palette.legend import Legend
from ephemeral_gui.palette.marks import Marks
from ephemeral_gui.palette.model import DEFINITION, PaletteModel
from ephemeral_gui.palette.search import Finder, best
from ephemeral_gui.palette.tree import PaletteTree
from ephemeral_gui.widgets.ends import ENDS
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QSettings

    from engine.catalog import Catalog
    from engine.model.definition import Definition, MethodName
    from ephemeral_gui.widgets.theme import Look

MANY = 300
"""From here on all rows have one height, so that the view need not ask for each."""


class PalettePanel(QWidget):
    """Input, output and every method of a catalogue; nothing is added here, ``add_requested`` asks for it."""

    add_requested = Signal(str, str)
    """Namespace and method that the user wants to add."""

    def __init__(self, catalog: Catalog, look: Look, settings: QSettings | None = None) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._finder = Finder(())
        self._known: Mapping[MethodName, Definition] = {}
        self.marks = Marks(settings, self)
        self._folded: set[str] = set()
        self._is_filtering = False
        self.model = PaletteModel(self)
        self.filter = QLineEdit()
        self._lens = QAction("Filter tasks", self)
        self._clear = QAction("Clear the filter", self)
        self.tree = PaletteTree(look)
        self._nothing = PlainLabel(role="muted", wrap=True)
        self._suggestion = QPushButton()
        self.help = HelpCard(look)
        self._help_later = QTimer(self, singleShot=True)
        self.legend = Legend(look)
        self._prepare()
        self._lay_out()
        self._connect()
        self.show_catalog(catalog)

    def show_catalog(self, catalog: Catalog) -> None:
        """Show another catalogue: a workspace was opened, or a definition was written."""
        definitions = list(catalog.definitions.values())
        self._known = {(each.namespace, each.name): each for each in (*ENDS, *definitions)}
        self._finder = Finder(self._known.values())
        self.legend.show_definitions(definitions)
        self._search(self.filter.text())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.filter and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._filter_key(event)
        return False

    def _prepare(self) -> None:
        self.filter.setObjectName("palette.filter")
        self.filter.setPlaceholderText("Filter tasks")
        self.filter.setAccessibleName("Filter tasks")
        self.filter.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self.filter.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self.tree.setObjectName("palette.tree")
        self.tree.setModel(self.model)
        self._nothing.setObjectName("palette.nothing")
        self._suggestion.setObjectName("palette.suggestion")
        self._suggestion.setProperty("flavour", "link")
        self._draw_icons()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(8, 0, 8, 8)
        top.setSpacing(4)
        for widget in (self.filter, self._nothing, self._suggestion):
            top.addWidget(widget)
        top.setAlignment(self._suggestion, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(top)
        column.addWidget(self.tree, 1)
        column.addWidget(self.help)
        column.addWidget(self.legend)

    def _connect(self) -> None:
        self.filter.textChanged.connect(self._search)
        self.filter.installEventFilter(self)
        self._clear.triggered.connect(self.filter.clear)
        self.tree.add_requested.connect(self._add)
        self.tree.dragged.connect(lambda definition: self.marks.note_used((definition.namespace, definition.name)))
        self.tree.star_requested.connect(lambda definition: self.marks.toggle_favourite((definition.namespace, definition.name)))
        self.tree.drawer.star(lambda definition: (definition.namespace, definition.name) in self.marks.favourites)
        self.tree.selectionModel().currentChanged.connect(self._show_help)
        self.tree.clicked.connect(lambda _: self._help_later.start(QApplication.doubleClickInterval()))
        self._help_later.timeout.connect(lambda: self._show_help(self.tree.currentIndex()))
        self.marks.changed.connect(self._regroup)
        self.tree.left_at_top.connect(self.filter.setFocus)
        self.tree.typed.connect(self._type_on)
        self.tree.collapsed.connect(self._remember_folded)
        self.tree.expanded.connect(self._remember_open)
        self._suggestion.clicked.connect(lambda: self.filter.setText(self._suggestion.text()))
        self._look.changed.connect(self._draw_icons)
        self._look.changed.connect(self.tree.viewport().update)

    def _draw_icons(self) -> None:
        self._lens.setIcon(icon("search", self._look.theme.muted))
        self._clear.setIcon(icon("close", self._look.theme.muted))

    def _search(self, words: str) -> None:
        found = self._finder.find(words)
        self._clear.setVisible(bool(words))
        self._is_filtering = True
        self.tree.setUniformRowHeights(len(found) > MANY)
        self.model.show(found, () if words.strip() else self._first_groups())
        self.tree.expandAll()
        self._is_filtering = False
        if words.strip():
            self._make_current(best(words, found))
        else:
            self._fold_again()
        self._say_nothing_fits(words, nothing=not found and bool(words.strip()))

    def _say_nothing_fits(self, words: str, *, nothing: bool) -> None:
        near = self._finder.nearest(words) if nothing else None
        self._nothing.setText(f"Nothing fits '{words.strip()[:80]}'.{' Did you mean' if near else ''}")
        self._nothing.setVisible(nothing)
        self._suggestion.setText(near or "")
        self._suggestion.setVisible(near is not None)

    def _make_current(self, definition: object) -> None:
        index = self.model.index_of(definition) if definition is not None else QModelIndex()  # type: ignore[arg-type]
        if index.isValid():
            self.tree.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.tree.scrollTo(index)

    def _filter_key(self, event: QKeyEvent) -> bool:
        match event.key():
            case Qt.Key.Key_Down:
                self._step_into_tree()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._add_current()
            case Qt.Key.Key_Escape if self.filter.text():
                self.filter.clear()
            case _:
                return False
        return True

    def _step_into_tree(self) -> None:
        if self.tree.currentIndex().data(DEFINITION) is None:
            first = self.model.index(0, 0)
            self.tree.expand(first)
            self.tree.setCurrentIndex(self.model.index(0, 0, first))
        self.tree.setFocus(Qt.FocusReason.TabFocusReason)

    def _add_current(self) -> None:
        definition = self.tree.currentIndex().data(DEFINITION)
        if definition is not None and self.filter.text().strip():
            self._add(definition.namespace, definition.name)

    def _add(self, namespace: str, method: str) -> None:
        self.add_requested.emit(namespace, method)
        self.marks.note_used((namespace, method))

    def _show_help(self, index: QModelIndex) -> None:
        """Show the help of a row; not while it is held, nor before a second click can come: the list would move under the hand."""
        if not self.tree.is_held:
            self.help.show_definition(index.data(DEFINITION))

    def _first_groups(self) -> list[tuple[str, list[Definition]]]:
        """Return the groups above the namespaces: what is liked, and what was used last and is not liked anyway."""
        favourites = [self._known[each] for each in self.marks.favourites if each in self._known]
        recent = [self._known[each] for each in self.marks.recent if each in self._known]
        return [("Favourites", favourites), ("Recent", [each for each in recent if each not in favourites])]

    def _regroup(self) -> None:
        """Show the groups anew; what was chosen and folded stays so, and once the list was scrolled what is in view stays where it is."""
        current, bar = self.tree.currentIndex().data(DEFINITION), self.tree.verticalScrollBar()
        scrolled, before = bar.value(), self._top_of(current)
        self._search(self.filter.text())
        self._make_current(current)
        bar.setValue(scrolled)
        after = self._top_of(current)
        if scrolled and before is not None and after is not None:
            bar.setValue(scrolled + after - before)

    def _top_of(self, definition: Definition | None) -> int | None:
        """Return where the row of a definition begins, None where it is not shown."""
        index = self.model.index_of(definition) if definition is not None else QModelIndex()
        return self.tree.visualRect(index).top() if index.isValid() else None

    def _type_on(self, text: str) -> None:
        self.filter.setFocus()
        self.filter.insert(text)

    def _remember_folded(self, index: QModelIndex) -> None:
        if not self._is_filtering:
            self._folded.add(str(index.data()))

    def _remember_open(self, index: QModelIndex) -> None:
        if not self._is_filtering:
            self._folded.discard(str(index.data()))

    def _fold_again(self) -> None:
        for row in range(self.model.rowCount()):
            index = self.model.index(row, 0)
            if index.data() in self._folded:
                self.tree.collapse(index)
