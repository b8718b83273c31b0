"""Editors that choose: one of several values, or true and false."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox
from typing_extensions import override

from ephemeral_gui.inspector.editor import DIFFERENT, Editor
from ephemeral_gui.inspector.json_text import ABSENT, Absent, is_same, json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.model.json_value import JsonValue


class ChoiceEditor(Editor):
    """One of several values; a value that is none of them is shown first, and stays until another is chosen."""

    def __init__(self, choices: Sequence[JsonValue], hint: str = "", labels: Sequence[str] = ()) -> None:
        self.box = QComboBox()
        super().__init__(self.box)
        self._choices = list(choices)
        self._labels = list(labels) or [_label(choice) for choice in choices]
        self._hint = hint or "Choose"
        self.box.setPlaceholderText(self._hint)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(6)
        self.box.currentIndexChanged.connect(self._chosen)

    @override
    def display(self, value: JsonValue | Absent) -> None:
        known = next((number for number, choice in enumerate(self._choices) if is_same(choice, value)), None)
        strange = [] if known is not None or isinstance(value, Absent) else [_label(value)]
        self.box.clear()
        self.box.addItems([*strange, *self._labels])
        self.box.setCurrentIndex(known if known is not None else 0 if strange else -1)
        self._strange = len(strange)

    @override
    def show_mixed(self, *, mixed: bool) -> None:
        self.box.setPlaceholderText(DIFFERENT if mixed else self._hint)

    def _chosen(self, index: int) -> None:
        if index >= self._strange:
            self.say(self._choices[index - self._strange])


def _label(value: JsonValue) -> str:
    return value if isinstance(value, str) else json_text(value, indent=None)


class _TwoStateBox(QCheckBox):
    """Half ticked only where no value is given; a click never leads back there."""

    @override
    def nextCheckState(self) -> None:
        is_on = self.checkState() == Qt.CheckState.Checked
        self.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)


class FlagEditor(Editor):
    """True or false; where the job map says nothing, the default."""

    def __init__(self, label: str, default: JsonValue | Absent) -> None:
        self.box = _TwoStateBox(label.replace("&", "&&"))
        super().__init__(self.box)
        self._default = default
        self.box.clicked.connect(lambda: self.say(self.box.checkState() == Qt.CheckState.Checked))

    @override
    def display(self, value: JsonValue | Absent) -> None:
        meant = self._default if value is ABSENT else value
        states = {True: Qt.CheckState.Checked, False: Qt.CheckState.Unchecked}
        self.box.setTristate(not isinstance(meant, bool))
        self.box.setCheckState(states[meant] if isinstance(meant, bool) else Qt.CheckState.PartiallyChecked)

    @override
    def show_mixed(self, *, mixed: bool) -> None:
        if mixed:
            self.box.setTristate(True)
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        elif self._shown is not None:
            self.display(self._shown)
