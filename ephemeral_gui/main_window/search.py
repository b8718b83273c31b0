"""The search field of the tool bar: commands, tasks of the open job map, and methods of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget
from shiboken6 import isValid
from typing_extensions import override

from ephemeral_gui.main_window.search_delegate import DETAIL, ROW_HEIGHT, SearchDelegate
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ephemeral_gui.widgets.theme import Look

MOST_FOUND = 12
POPUP_WIDTH = 440
WIDTH = 320
LEAST_WIDTH = 56
ROOM_FOR_HINT = 120


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found.

    Attributes:
        title: what is searched and shown.
        detail: where it comes from, also searched.
        choose: what happens when it is taken.
        icon: name of a drawing.
        is_enabled: whether it can be taken now.
    """

    title: str
    detail: str
    choose: Callable[[], object]
    icon: str = "note"
    is_enabled: bool = True


def matching(entries: Iterable[Entry], wanted: str) -> list[Entry]:
    """Return the entries that hold every word, what cannot be used now behind the rest.

    Of each, those whose title begins with the text stand first, then those with all words in it.
    """
    text = wanted.casefold()
    words = text.split()

    def rank(entry: Entry) -> tuple[bool, int]:
        title = entry.title.casefold()
        return not entry.is_enabled, 0 if title.startswith(text) else 1 if all(word in title for word in words) else 2

    return sorted((each for each in entries if all(word in f"{each.title} {each.detail}".casefold() for word in words)), key=rank)


class SearchField(QLineEdit):
    """A line that lists what it finds below itself; arrows choose, Enter takes, Escape leaves.

    Args:
        entries: gives everything that can be found now.
        look: the window's look.
    """

    def __init__(self, entries: Callable[[], Sequence[Entry]], look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.setPlaceholderText("Search tasks and commands")
        self.setAccessibleName("Search tasks and commands")
        self.setMinimumWidth(LEAST_WIDTH)
        self.setMaximumWidth(WIDTH)
        self._entries = entries
        self._look = look
        self._found: list[Entry] = []
        self._came_from: QWidget | None = None
        self._glass = QAction("Search", self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._hint = _KeyHint(self)
        self._popup = _Popup(self, look)
        self._popup.list.clicked.connect(self._take)
        self.textEdited.connect(self._search)
        self.textChanged.connect(self._hint.place)
        QApplication.instance().focusChanged.connect(self._note_focus)
        self.returnPressed.connect(lambda: self._take(self._popup.list.currentIndex()))
        look.changed.connect(self._paint)
        self._paint()

    def show_keys(self, keys: QKeySequence) -> None:
        """Show at the right end which keys lead here; nothing where there are none."""
        self._hint.setText(keys.toString(QKeySequence.SequenceFormat.NativeText).replace("+", " "))
        self._hint.place()

    def begin(self) -> None:
        """Take the keyboard and show what there is."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._search()

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDTH, super().sizeHint().height())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self._popup.move_by(step)
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self._popup.isVisible():
            self._popup.place()
        return super().eventFilter(watched, event)

    @override
    def focusOutEvent(self, event: object) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]  # Qt hands it a QFocusEvent
        self._popup.hide()

    @override
    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]  # Qt hands it a QResizeEvent
        self._hint.place()

    def _search(self) -> None:
        self._found = matching(self._entries(), self.text().strip())[:MOST_FOUND]
        self._popup.show_entries(self._found, self._look)

    def _take(self, index: QModelIndex) -> None:
        if not index.isValid() or index.row() >= len(self._found):
            return
        entry = self._found[index.row()]
        self._leave()
        if entry.is_enabled:
            entry.choose()

    def _note_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is self:
            self._came_from = before

    def _leave(self) -> None:
        """Give the keyboard back to what had it."""
        self.clear()
        self._popup.hide()
        before = self._came_from
        if before is not None and isValid(before) and before.isVisible():  # type: ignore[no-untyped-call]  # shiboken says nothing of types
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()

    def _paint(self) -> None:
        self._glass.setIcon(icon("search", self._look.theme.muted))


class _KeyHint(QLabel):
    """The shortcut, at the right end of the empty field where that has room for it."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        set_variant(self, "role", "pill")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._field = field

    def place(self) -> None:
        """Stand at the right end, or nowhere."""
        self.adjustSize()
        field = self._field
        self.move(field.width() - self.width() - 6, (field.height() - self.height()) // 2)
        self.setVisible(bool(self.text()) and not field.text() and field.width() >= ROOM_FOR_HINT)


class _Popup(QFrame):
    """The list below the field: a child of the window, not a window of its own, so that the field keeps the keyboard."""

    def __init__(self, field: QLineEdit, look: Look) -> None:
        super().__init__(field)
        self.setObjectName("search_popup")
        self._field = field
        set_variant(self, "role", "card")
        self.list = QListView(objectName="search_list")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setIconSize(QSize(14, 14))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setItemDelegate(SearchDelegate(look, self.list))
        self.list.setAccessibleName("What was found")
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.list)
        self.hide()

    def show_entries(self, entries: Sequence[Entry], look: Look) -> None:
        """List the entries and choose the first."""
        self._model.clear()
        for entry in entries:
            item = QStandardItem(icon(entry.icon, look.theme.text2), entry.title)
            item.setData(entry.detail, DETAIL)
            item.setData(f"{entry.title}, {entry.detail}".removesuffix(", "), Qt.ItemDataRole.AccessibleTextRole)
            item.setEnabled(entry.is_enabled)
            self._model.appendRow(item)
        if not entries:
            nothing = QStandardItem("Nothing found")
            nothing.setEnabled(False)
            self._model.appendRow(nothing)
        self.list.setCurrentIndex(self._model.index(0, 0))
        if self.parentWidget() is not self._field.window():
            self.setParent(self._field.window())
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Stand below the field, to its left where that is narrow."""
        rows = max(self._model.rowCount(), 1)
        below = self._field.mapTo(self._field.window(), QPoint(self._field.width(), self._field.height() + 4))
        width = min(max(self._field.width(), POPUP_WIDTH), below.x())
        self.setGeometry(below.x() - width, below.y(), width, rows * ROW_HEIGHT + 10)

    def move_by(self, step: int) -> None:
        """Choose the next or the previous entry."""
        row = self.list.currentIndex().row() + step
        if 0 <= row < self._model.rowCount():
            self.list.setCurrentIndex(self._model.index(row, 0))
