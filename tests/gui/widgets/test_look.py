from __future__ import annotations

import re
import sys
from string import Template
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QImage, QPainter, QRawFont
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from engine.catalog.installation import RESOURCES
from engine.execution.progress import TaskState
from ephemeral_gui.widgets import icons
from ephemeral_gui.widgets.fonts import load_fonts, mono_font, ui_font
from ephemeral_gui.widgets.state_words import WORDS
from ephemeral_gui.widgets.stylesheet import style_sheet
from ephemeral_gui.widgets.theme import DARK, LIGHT, Appearance, Look, Theme

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)


def test_that_the_look_changes_once_for_a_change_of_theme(qtbot: QtBot) -> None:
    look = Look(appearance=Appearance.DARK)
    with qtbot.waitSignal(look.changed):
        look.choose(Appearance.LIGHT)
    assert look.theme is LIGHT
    with qtbot.assertNotEmitted(look.changed):
        look.choose(Appearance.LIGHT)


def test_that_the_look_follows_the_system(qtbot: QtBot) -> None:
    hints = QGuiApplication.styleHints()
    look = Look()
    try:
        hints.setColorScheme(Qt.ColorScheme.Light)
        look.choose(Appearance.SYSTEM)
        assert look.theme is (LIGHT if hints.colorScheme() is not Qt.ColorScheme.Dark else DARK)
    finally:
        hints.unsetColorScheme()


def test_that_motion_is_reduced_where_the_environment_asks(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPHEMERAL_REDUCED_MOTION", "1")
    assert Look().reduced_motion


def test_that_both_packaged_families_are_loaded(qtbot: QtBot) -> None:
    assert {"Inter", "JetBrains Mono"} <= load_fonts()
    assert (RESOURCES / "fonts" / "OFL.txt").is_file()


@pytest.mark.parametrize("weight", [400, 500, 600])
def test_that_figures_have_one_width(qtbot: QtBot, weight: int) -> None:
    metrics = QFontMetricsF(ui_font(12, weight))
    widths = [metrics.horizontalAdvance(figure * 10) for figure in "0123456789"]
    assert max(widths) - min(widths) < 0.2  # what a rasterizer rounds


def test_that_weights_are_drawn_apart(qtbot: QtBot) -> None:
    widths = [QFontMetricsF(ui_font(24, weight)).horizontalAdvance("Seasonal report") for weight in (400, 500, 600)]
    assert widths == sorted(set(widths))


def test_that_code_has_no_ligatures(qtbot: QtBot) -> None:
    metrics = QFontMetricsF(mono_font())
    assert metrics.horizontalAdvance("->") == pytest.approx(2 * metrics.horizontalAdvance("-"))


@pytest.mark.parametrize("text", ["Ärger über Öl", "Ελληνικά", "Русский", "\u00d74 → ← … “ ” \u2212 °C"])
def test_that_the_fonts_hold_the_characters_of_europe(qtbot: QtBot, text: str) -> None:
    for font in (ui_font(), mono_font()):
        raw = QRawFont.fromFont(font)
        assert all(raw.supportsCharacter(ord(character)) for character in text if character != " ")


def test_that_every_state_has_a_word_a_colour_and_a_drawing() -> None:
    states = {*map(str, TaskState), "stale", "missing"}
    assert states == set(WORDS) == set(DARK.states) == set(LIGHT.states)
    assert states <= set(icons.names())


@pytest.mark.parametrize("name", icons.names())
def test_that_an_icon_is_drawn_on_a_grid_of_16_in_the_colour_asked_for(qtbot: QtBot, name: str) -> None:
    root = ET.fromstring((RESOURCES / "icons" / f"{name}.svg").read_text("utf-8"))  # noqa: S314  the project's own file
    assert root.get("viewBox") == "0 0 16 16"
    assert root.get("stroke-linecap") == "round"
    image = QImage(64, 64, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    icons.paint_icon(painter, name, "#ff0000", QRectF(0, 0, 64, 64))
    painter.end()
    drawn = [image.pixelColor(x, y) for x in range(64) for y in range(64)]
    assert any(colour == QColor("#ff0000") for colour in drawn)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_that_a_pixmap_is_as_sharp_as_the_screen(qtbot: QtBot, ratio: float) -> None:
    drawn = icons.pixmap("run", "#ffffff", 16, ratio)
    assert (drawn.width(), drawn.deviceIndependentSize().width()) == (16 * ratio, 16)


def test_that_an_unknown_icon_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(KeyError):
        icons.pixmap("no such drawing", "#ffffff")


@THEMES
def test_that_the_sheet_uses_only_colours_of_the_theme(theme: Theme) -> None:
    allowed = {*theme.tokens().values(), theme.state_colour("disabled"), QColor(theme.accent).lighter(112).name()}
    assert set(re.findall(r"#[0-9a-fA-F]{6}", style_sheet(theme))) <= allowed


@THEMES
def test_that_the_small_drawings_of_the_sheet_are_there_in_its_colours(theme: Theme) -> None:
    marks = re.findall(r'url\("([^"]+)"\)', style_sheet(theme))
    assert marks
    for mark in marks:
        assert f"/{theme.name}/" in mark
    for drawing in (RESOURCES / "icons" / "marks" / theme.name).glob("*.svg"):
        used = set(re.findall(r"#[0-9a-f]{6}", drawing.read_text("utf-8")))
        assert used <= {theme.text2, theme.on_accent}, drawing.name


def test_that_the_sheet_names_nothing_that_is_not_filled_in() -> None:
    assert not Template(style_sheet(DARK)).get_identifiers()


@THEMES
@pytest.mark.parametrize("kind", [QLineEdit, QPushButton, QCheckBox])
def test_that_the_keyboards_focus_is_seen(qtbot: QtBot, theme: Theme, kind: type[QLineEdit | QPushButton | QCheckBox]) -> None:
    widget, other = kind("x"), QLineEdit()
    for each in (widget, other):
        qtbot.addWidget(each)
        each.setStyleSheet(style_sheet(theme))
    widget.show()
    widget.resize(120, 32)
    widget.clearFocus()
    without = widget.grab().toImage()
    widget.activateWindow()
    with qtbot.waitActive(widget):
        widget.setFocus()
    assert widget.hasFocus()
    found = widget.grab().toImage()
    accents = sum(QColor(found.pixel(x, y)) == QColor(theme.accent) for x in range(found.width()) for y in range(found.height()))
    before = sum(QColor(without.pixel(x, y)) == QColor(theme.accent) for x in range(found.width()) for y in range(found.height()))
    assert accents > before


def test_that_setting_text_ten_thousand_times_costs_no_reference_to_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(10_000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 500
