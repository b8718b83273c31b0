"""A form: rows one beneath the other, each bound to one place of the document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ephemeral_gui.inspector.json_text import ABSENT
from ephemeral_gui.inspector.row import FieldRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.model.json_value import JsonValue
    from engine.problems import Problem
    from ephemeral_gui.inspector.editor import Editor
    from ephemeral_gui.inspector.edits import Edits
    from ephemeral_gui.inspector.json_text import Absent
    from ephemeral_gui.inspector.row import Caption
    from ephemeral_gui.widgets.theme import Look


@dataclass(frozen=True, slots=True)
class Binding:
    """What a row reads and writes.

    Attributes:
        pointer: steps of the JSON pointer, from the task or the job map, whose problems the row shows.
        read: returns the value that the document holds.
        write: takes a new value, or ``ABSENT``.
        can_reset: a button takes the value away.
        mend: takes the suggestion of a problem; None where it is simply written.
        suggest: returns a suggestion where the problem's own hint names none.
        swap: makes a secret of a value, or a value of a secret.
    """

    pointer: tuple[str, ...]
    read: Callable[[], JsonValue | Absent]
    write: Callable[[JsonValue | Absent], None]
    can_reset: bool = False
    mend: Callable[[str], None] | None = None
    suggest: Callable[[], str | None] = lambda: None
    swap: Callable[[], None] = lambda: None


class Form(QWidget):
    """Rows and their bindings."""

    def __init__(self, edits: Edits, look: Look, *, margins: tuple[int, int, int, int] = (12, 12, 12, 12)) -> None:
        super().__init__()
        self._edits = edits
        self._look = look
        self.rows: list[tuple[FieldRow, Binding]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*margins)
        self._column.setSpacing(12)

    def add(self, caption: Caption, editor: Editor, binding: Binding) -> FieldRow:
        """Add a row and return it."""
        row = FieldRow(caption, editor, self._look)
        row.edited.connect(partial(_write, binding))
        row.reset.connect(lambda: binding.write(ABSENT))
        row.swapped.connect(binding.swap)
        row.mended.connect(binding.mend or binding.write)
        editor.left.connect(self._edits.leave_field)
        self.rows.append((row, binding))
        self._column.addWidget(row)
        return row

    @property
    def has_focus(self) -> bool:
        """True while one of the controls has the keyboard's focus."""
        return any(row.editor.control.hasFocus() for row, _ in self.rows)

    def follow(self) -> None:
        """Show what the document holds."""
        for row, binding in self.rows:
            value = binding.read()
            row.show_value(value, can_reset=binding.can_reset and value is not ABSENT)

    def show_problems(self, problems: Sequence[tuple[tuple[str, ...], Problem]]) -> list[Problem]:
        """Show each problem, given with its steps, at the row that it speaks of; return those that speak of no row."""
        left = list(problems)
        for row, binding in sorted(self.rows, key=lambda each: -len(each[1].pointer)):
            mine = [(steps, problem) for steps, problem in left if steps[: len(binding.pointer)] == binding.pointer]
            row.show_problems([problem for _, problem in mine], binding.suggest() if mine else None)
            left = [each for each in left if each not in mine]
        return [problem for _, problem in left]

    def row(self, pointer: tuple[str, ...]) -> FieldRow | None:
        """Return the row that is bound to the pointer."""
        return next((row for row, binding in self.rows if binding.pointer == pointer), None)


def _write(binding: Binding, value: JsonValue | Absent) -> None:
    binding.write(value)
