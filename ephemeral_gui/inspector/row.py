"""One field of a form: its name, the editor, what is wrong with it and what would mend it, and help beneath."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from engine.problems import suggested
from ephemeral_gui.inspector.choice_editors import FlagEditor
from ephemeral_gui.widgets.icons import icon
from ephemeral_gui.widgets.labels import ElidedLabel, PlainLabel, tool_tip
from ephemeral_gui.widgets.stylesheet import set_variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.model.json_value import JsonValue
    from engine.problems import Problem
    from ephemeral_gui.inspector.editor import Editor
    from ephemeral_gui.inspector.json_text import Absent
    from ephemeral_gui.widgets.theme import Look


def nearest_name(wanted: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to the wanted one, None where none is near."""
    near = difflib.get_close_matches(wanted, list(known), n=1)
    return near[0] if near else None


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands around an editor.

    Attributes:
        name: object name of the control.
        title: the line above it.
        help: the words beneath it.
        tip: the tool tip of the title.
        reset: what the button beside the title does.
        swap: what a second button does, where there is one: between a value and a secret.
    """

    name: str
    title: str
    help: str = ""
    required: bool = False
    tip: str = ""
    reset: str = "Back to the default"
    swap: str = ""


class FieldRow(QWidget):
    """Widgets are named ``<name>`` (the control) and ``<name>.`` ``error``, ``mend``, ``reset``, ``swap``, ``note``, ``help``."""

    edited = Signal(object)
    reset = Signal()
    swapped = Signal()
    mended = Signal(str)
    """The suggestion that the user takes."""

    def __init__(self, caption: Caption, editor: Editor, look: Look) -> None:
        super().__init__()
        self._look = look
        self.editor = editor
        self._complaint = ""
        self._problems: Sequence[Problem] = ()
        self._title = ElidedLabel(caption.title, "label")
        self._star = PlainLabel("*", "error")
        self._reset = QToolButton()
        self._swap = QToolButton()
        self._error = PlainLabel(role="error", wrap=True)
        self._mend = QPushButton()
        self._note = PlainLabel(role="help", wrap=True)
        self._help = PlainLabel(caption.help, "help", wrap=True)
        self._name(caption)
        self._lay_out()
        self._hide_what_is_empty(caption)
        self._connect()

    def show_value(self, value: JsonValue | Absent, *, can_reset: bool) -> None:
        """Follow the document."""
        self.editor.show_value(value)
        self._reset.setVisible(can_reset)

    def say(self, note: str) -> None:
        """Say something beneath the field, or nothing."""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def show_problems(self, problems: Sequence[Problem], suggestion: str | None = None) -> None:
        """Show what the validator says of this field; ``suggestion`` where its own hint names none."""
        self._problems = problems
        found = next((name for problem in problems if (name := suggested(problem))), suggestion if problems else None)
        self._mend.setText(found or "")
        self._show_error()

    def _name(self, caption: Caption) -> None:
        control = self.editor.control
        control.setObjectName(caption.name)
        control.setAccessibleName(caption.title + (", required" if caption.required else ""))
        control.setAccessibleDescription(caption.help)
        for part, widget in (
            ("error", self._error),
            ("mend", self._mend),
            ("reset", self._reset),
            ("swap", self._swap),
            ("help", self._help),
            ("note", self._note),
        ):
            widget.setObjectName(f"{caption.name}.{part}")
        self._title.setToolTip(tool_tip(caption.tip or caption.title))
        self._reset.setAccessibleName(f"{caption.reset}: {caption.title}")
        self._reset.setToolTip(caption.reset)
        self._swap.setAccessibleName(f"{caption.swap}: {caption.title}")
        self._swap.setToolTip(caption.swap)

    def _hide_what_is_empty(self, caption: Caption) -> None:
        """Hide parts; nothing is ever shown by hand here: what has no parent yet would open as a window."""
        is_shown: dict[QWidget, bool] = {
            self._title: not isinstance(self.editor, FlagEditor),
            self._star: caption.required,
            self._help: bool(caption.help),
        }
        is_shown[self._swap] = bool(caption.swap)
        for widget in (*(part for part, shown in is_shown.items() if not shown), self._note, self._error, self._mend, self._reset):
            widget.hide()

    def _lay_out(self) -> None:
        for button, flavour in ((self._reset, "tiny"), (self._swap, "tiny"), (self._mend, "mend")):
            button.setProperty("flavour", flavour)
        for button in (self._reset, self._swap):
            button.setFixedSize(18, 18)
            button.setIconSize(QSize(12, 12))
        self._draw_icons()
        head = QHBoxLayout()
        head.setSpacing(3)
        head.addWidget(self._title)
        head.addWidget(self._star)
        head.addStretch(1)
        head.addWidget(self._swap)
        head.addWidget(self._reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        for widget in (self.editor, self._error):
            column.addWidget(widget)
        column.addWidget(self._mend, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._note)
        column.addWidget(self._help)
        self.setFocusProxy(self.editor)

    def _connect(self) -> None:
        self.editor.edited.connect(self.edited)
        self.editor.complained.connect(self._take_complaint)
        self._reset.clicked.connect(self.reset)
        self._swap.clicked.connect(self.swapped)
        self._mend.clicked.connect(lambda: self.mended.emit(self._mend.text()))
        self._look.changed.connect(self._draw_icons)
        self.editor.noted.connect(self.say)

    def _take_complaint(self, text: str) -> None:
        self._complaint = text
        self._show_error()

    def _show_error(self) -> None:
        text = self._complaint or "\n".join(sentence(problem, self._help.text()) for problem in self._problems)
        shows_mend = bool(self._mend.text()) and not self._complaint
        is_error = bool(self._complaint) or any(problem.is_error for problem in self._problems)
        set_variant(self._error, "role", "error" if is_error else "text2")
        self._error.setText(f"{text} Did you mean" if shows_mend else text)
        self._error.setVisible(bool(text))
        self._mend.setVisible(shows_mend)
        self._mend.setAccessibleName(f"Use {self._mend.text()}")
        self.editor.set_invalid(invalid=is_error)

    def _draw_icons(self) -> None:
        self._reset.setIcon(icon("reset", self._look.theme.text2))
        self._swap.setIcon(icon("lock", self._look.theme.text2))


def sentence(problem: Problem, said: str = "") -> str:
    """Return the problem as a sentence, without the suggestion that has its own button and without what is ``said`` beside it already."""
    text = problem.message
    if text.partition(" ")[0].isalpha():  # a name keeps its letters as they are
        text = text[:1].upper() + text[1:]
    if not problem.is_error:
        text = f"Warning: {text}"
    if problem.hint and suggested(problem) is None and problem.hint not in said:
        text = f"{text.removesuffix('.')} ({problem.hint.removesuffix('.')})"
    return text if text.endswith((".", "!", "?")) else f"{text}."
