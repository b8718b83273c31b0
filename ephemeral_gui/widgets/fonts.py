"""The packaged fonts: Inter for words, JetBrains Mono for code; the system's own where a file cannot be read."""

from __future__ import annotations

import logging
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from engine.catalog.installation import RESOURCES

_logger = logging.getLogger(__name__)


def ui_font(size: float = 12, weight: int = 400) -> QFont:
    """Return Inter in device-independent pixels, with figures of one width."""
    font = _base_font("Inter", QFontDatabase.SystemFont.GeneralFont)
    font.setFeature(QFont.Tag("tnum"), 1)
    return _sized(font, size, weight)


def mono_font(size: float = 11, weight: int = 400) -> QFont:
    """Return JetBrains Mono in device-independent pixels, without ligatures."""
    font = _base_font("JetBrains Mono", QFontDatabase.SystemFont.FixedFont)
    for tag in ("calt", "liga"):
        font.setFeature(QFont.Tag(tag), 0)
    font.setStyleHint(QFont.StyleHint.Monospace)
    return _sized(font, size, weight)


def _base_font(family: str, fallback: QFontDatabase.SystemFont) -> QFont:
    font = QFont(QFontDatabase.systemFont(fallback))
    if family in load_fonts():
        font.setFamilies([family, *font.families()])
    return font


def _sized(font: QFont, size: float, weight: int) -> QFont:
    if float(size).is_integer():
        font.setPixelSize(int(size))
    else:
        font.setPointSizeF(size * 0.75)  # points of 1/72 inch at the 96 dots that a device-independent pixel stands for
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@cache
def load_fonts() -> frozenset[str]:
    """Give the packaged fonts to Qt, once; return the families that are there. Needs a ``QGuiApplication``."""
    families: set[str] = set()
    for path in sorted((RESOURCES / "fonts").glob("*.[ot]tf")):
        number = QFontDatabase.addApplicationFont(str(path))
        families.update(QFontDatabase.applicationFontFamilies(number) if number >= 0 else ())
        if number < 0:
            _logger.warning("the font %s could not be read; the system's own is used", path.name)
    return frozenset(families)
