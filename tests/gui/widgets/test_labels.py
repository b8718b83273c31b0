from __future__ import annotations

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ephemeral_gui.widgets.labels import PlainLabel

LONG = "an_argument_name_of_eighty_letters_that_stands_nowhere_broken_and_widens_everything"


def test_that_a_word_that_cannot_be_broken_widens_nothing_and_is_shown_whole(qapp: object) -> None:
    area, page = QScrollArea(widgetResizable=True), QWidget()
    label = PlainLabel(f"The argument {LONG} is missing", wrap=True)
    column = QVBoxLayout(page)
    column.addWidget(label)
    column.addStretch(1)
    area.setWidget(page)
    area.resize(220, 300)
    area.show()
    assert area.horizontalScrollBar().maximum() == 0
    lines = label.heightForWidth(label.width()) / label.fontMetrics().lineSpacing()
    assert lines * label.width() >= label.fontMetrics().horizontalAdvance(label.text())
    assert label.height() >= label.heightForWidth(label.width())
    shown = label.grab().toImage()
    assert len({shown.pixelColor(x, shown.height() - 6).name() for x in range(shown.width())}) > 1, "the last line is empty"


def test_that_words_that_fit_are_laid_out_by_qt(qapp: object) -> None:
    label = PlainLabel("The quick brown fox jumps over the lazy dog", wrap=True)
    assert not label._must_break(200)
    assert label.heightForWidth(1_000) < label.heightForWidth(100)
