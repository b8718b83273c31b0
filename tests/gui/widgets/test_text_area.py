"""Text of any size and of any characters in a field of several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextOption

from ephemeral_gui.widgets.text_area import LONG_LINE, TextArea

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

WORDS, ANYWHERE = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere, QTextOption.WrapMode.WrapAnywhere


@pytest.fixture
def area(qtbot: QtBot) -> TextArea:
    made = TextArea()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("text", ["a\N{NO-BREAK SPACE}b", "two\nlines\n", "\N{GRINNING FACE}", "right \u05d0\u05d1 left", ""])
def test_that_the_text_is_what_was_put(area: TextArea, text: str) -> None:
    area.put(text)
    assert area.text == text


def test_that_only_a_long_line_is_broken_within_its_words(area: TextArea) -> None:
    area.put("short words\n" * LONG_LINE)
    assert area.wordWrapMode() == WORDS
    area.put("x" * (LONG_LINE + 1))
    assert area.wordWrapMode() == ANYWHERE
    area.put("short again")
    assert area.wordWrapMode() == WORDS


def test_that_a_long_line_that_is_pasted_or_added_is_broken_anywhere(area: TextArea, qtbot: QtBot) -> None:
    pasted = QMimeData()
    pasted.setText("x" * (LONG_LINE + 1))
    area.insertFromMimeData(pasted)
    assert area.wordWrapMode() == ANYWHERE
    other = TextArea()
    qtbot.addWidget(other)
    other.append("first")
    other.append("x" * (LONG_LINE + 1))
    assert other.wordWrapMode() == ANYWHERE
    assert other.text == "first\n" + "x" * (LONG_LINE + 1)
