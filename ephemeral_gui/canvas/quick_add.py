"""Quick add: a field and a list at the mouse, from which a task is put on the canvas without leaving the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget
from typing_extensions import override

from engine.problems import suggestion
from ephemeral_gui.canvas.guard import guarded_answer
from ephemeral_gui.canvas.quick_add_row import RowPainter
from ephemeral_gui.widgets.labels import tool_tip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.definition import Definition
    from engine.model.job_map import Task, TaskType
    from ephemeral_gui.widgets.theme import Look

_WIDTH: Final = 288
_MOST_ROWS_SEEN: Final = 9
ROW_HEIGHT: Final = 28
CHOICE_ROLE: Final = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be added or connected to: a method, an input or output, or a task that is there.

    Attributes:
        made: the definition, the kind of task, or the task.
        title: what a person reads.
        place: the namespace, or what the kind is for.
        type_name: the type whose colour stands before it.
    """

    made: Definition | TaskType | Task
    title: str
    place: str
    type_name: str
    words: str = ""

    def rank(self, wanted: str) -> int | None:
        """Return how well it matches: 0 is best, None is not at all."""
        title = self.title.casefold()
        if not wanted or title.startswith(wanted):
            return 0
        if any(word.startswith(wanted) for word in title.split()):
            return 1
        if wanted in title:
            return 2
        return 3 if all(part in f"{title} {self.place} {self.words}".casefold() for part in wanted.split()) else None


class QuickAdd(QFrame):
    """Lists choices and says which one was taken; it hides when the focus leaves it."""

    chosen = Signal(Choice)
    """A ``Choice`` was taken."""
    closed = Signal()

    def __init__(self, look: Look, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._look = look
        self._canvas = canvas
        self._choices: Sequence[Choice] = ()
        self.setObjectName("quick_add")
        self.setFixedWidth(_WIDTH)
        self._field = QLineEdit(self)
        self._field.setObjectName("quick_add_field")
        self._field.setAccessibleName("Find a task to add")
        self._list = QListWidget(self)
        self._list.setObjectName("quick_add_list")
        self._list.setAccessibleName("Tasks that can be added")
        self._nothing = QLabel(self)
        self._lay_out()
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        self._list.itemClicked.connect(self._take)
        look.changed.connect(self._dress)
        self._dress()
        self.hide()

    def open_at(self, place: QPoint, choices: Sequence[Choice], hint: str) -> None:
        """Show the choices at a place of the canvas, with the field ready for typing."""
        self._choices = choices
        self._field.setPlaceholderText(hint)
        self._field.clear()
        self._filter("")
        self.show()
        self.raise_()
        room = self._canvas.rect()
        self.move(max(8, min(place.x(), room.width() - self.width() - 8)), max(8, min(place.y(), room.height() - self.height() - 8)))
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_list(self) -> None:
        """Hide without taking anything."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def take_current(self) -> None:
        """Take the marked choice."""
        if (row := self._list.currentItem()) is not None:
            self._take(row)

    @property
    def titles(self) -> list[str]:
        """What is listed now, from the top."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    @override
    @guarded_answer(otherwise=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._take_key(event)
        if event.type() is QEvent.Type.FocusOut:
            self.close_list()
        return False

    def _take_key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_PageDown: 8,
            Qt.Key.Key_PageUp: -8,
        }
        if event.key() in steps:
            self._step(steps[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.take_current()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_list()
        else:
            return False
        return True

    def _step(self, rows: int) -> None:
        last = self._list.count() - 1
        self._list.setCurrentRow(max(0, min(last, self._list.currentRow() + rows)))

    def _take(self, row: QListWidgetItem) -> None:
        choice = row.data(CHOICE_ROLE)
        self.hide()
        self.chosen.emit(choice)

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        ranked = [(rank, number, choice) for number, choice in enumerate(self._choices) if (rank := choice.rank(wanted)) is not None]
        self._list.clear()
        for _, _, choice in sorted(ranked, key=lambda each: each[:2]):
            self._list.addItem(_row(choice))
        self._list.setCurrentRow(0)
        self._show_nothing(text.strip())
        self._fit_height()

    def _show_nothing(self, text: str) -> None:
        is_empty = self._list.count() == 0
        self._list.setVisible(not is_empty)
        self._nothing.setVisible(is_empty)
        if is_empty:
            near = suggestion(text, [choice.title for choice in self._choices])
            words = f"No task fits “{text[:60]}”" if text else "There is no task that fits here"
            self._nothing.setText(words + (f": {near}" if near else "."))

    def _fit_height(self) -> None:
        rows = min(self._list.count(), _MOST_ROWS_SEEN)
        self._list.setFixedHeight(rows * ROW_HEIGHT + 2)
        self.adjustSize()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self._field)
        column.addWidget(self._list)
        column.addWidget(self._nothing)
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setItemDelegate(RowPainter(self._look, self._list))
        self._list.setUniformItemSizes(True)

    def _dress(self) -> None:
        theme = self._look.theme
        self._field.setFont(self._look.ui_font(12))
        self._nothing.setFont(self._look.ui_font(12))
        self.setStyleSheet(f"""
            #{self.objectName()} {{ background: {theme.panel}; border: 1px solid {theme.control}; border-radius: 8px; }}
            #quick_add_field {{ background: {theme.field}; color: {theme.text}; border: 1px solid {theme.accent};
                border-radius: 6px; padding: 4px 8px; min-height: 20px; }}
            #quick_add_list {{ background: transparent; border: none; outline: none; }}
            #{self.objectName()} QLabel {{ color: {theme.muted}; background: transparent; }}
        """)


def _row(choice: Choice) -> QListWidgetItem:
    row = QListWidgetItem(choice.title)
    row.setData(CHOICE_ROLE, choice)
    row.setToolTip(tool_tip(f"{choice.title}\n{choice.place}\n{choice.words}"))
    return row
