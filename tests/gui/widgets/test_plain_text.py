from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument

from ephemeral_gui.widgets.labels import ClampedLabel, ElidedLabel, PlainLabel, cut, tool_tip

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOSTILE = '<img src="file:///etc/passwd"><b>bold</b>'


def test_that_labels_never_read_html(qtbot: QtBot) -> None:
    for label in (PlainLabel(HOSTILE), ElidedLabel(HOSTILE), ClampedLabel(HOSTILE, "muted", lines=2)):
        qtbot.addWidget(label)
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert label.text() == HOSTILE


def test_that_a_tool_tip_shows_html_as_it_is_written() -> None:
    document = QTextDocument()
    document.setHtml(tool_tip(f"{HOSTILE}\nsecond line"))
    assert document.toPlainText().replace("\u2028", "\n") == f"{HOSTILE}\nsecond line"
    assert "<img" not in tool_tip(HOSTILE)


def test_that_a_long_text_is_cut_and_nul_is_shown() -> None:
    assert len(cut("x" * 10_000_000)) == 10_000
    assert cut("a\0b") == "a␀b"


def test_that_an_elided_label_gives_way(qtbot: QtBot) -> None:
    label = ElidedLabel("word " * 100)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() == 0
    assert "word" in label.toolTip()
