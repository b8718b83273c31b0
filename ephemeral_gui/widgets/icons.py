"""Icons from the SVG drawings in ``resources/icons``, in any colour and at any size.

A drawing stands on a grid of 16, its lines are 1.4 wide with round ends, and its colour is written ``currentColor``.

* Actions: ``new`` ``open`` ``folder`` ``save`` ``save-as`` ``undo`` ``redo`` ``run`` ``stop`` ``pause`` ``fit`` ``layout`` ``search``
  ``float`` ``chevron-down`` ``chevron-right`` ``chevron-up`` ``chevron-left`` ``warning`` ``error`` ``note`` ``close`` ``plus`` ``minus``
  ``check`` ``delete`` ``copy`` ``cut`` ``paste`` ``duplicate`` ``select-all`` ``rename`` ``reset`` ``external`` ``book`` ``lock`` ``home``
  ``filter`` ``more`` ``dot`` ``star`` ``star-filled``
* States: the words of ``TaskState``, ``stale`` and ``missing``
* Tasks: ``page`` ``split`` ``globe`` ``sigma`` ``join`` ``collect`` ``chart`` ``report`` ``input`` ``output`` ``text`` ``list`` ``dataset``
  ``cluster`` ``picture`` ``future`` ``tasks``
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from engine.catalog.installation import RESOURCES

_FOLDER = RESOURCES / "icons"
_SIZES = (12, 14, 16, 20, 24, 32)
_RATIOS = (1.0, 2.0, 3.0)


def names() -> tuple[str, ...]:
    """Return the names of all icons."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.svg")))


@lru_cache(maxsize=256)
def icon(name: str, colour: str, disabled_colour: str | None = None) -> QIcon:
    """Return an icon that is sharp at 100, 200 and 300 %.

    Args:
        name: one of ``names()``.
        colour: ``#rrggbb``.
        disabled_colour: the colour where the action cannot be used now.

    Raises:
        KeyError: there is no such drawing.
    """
    found = QIcon()
    for size in _SIZES:
        for ratio in _RATIOS:
            found.addPixmap(pixmap(name, colour, size, ratio))
            if disabled_colour is not None:
                found.addPixmap(pixmap(name, disabled_colour, size, ratio), QIcon.Mode.Disabled)
    return found


@lru_cache(maxsize=1024)
def pixmap(name: str, colour: str, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """Return the drawing as a picture of ``size`` device-independent pixels for a screen of the given pixel ratio."""
    drawing = renderer(name, colour)
    pixels = round(size * ratio)
    drawn = QPixmap(pixels, pixels)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    drawing.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def paint_icon(painter: QPainter, name: str, colour: str, box: QRectF) -> None:
    """Draw the icon into the box as lines, not as a picture: for zoomed canvases and for SVG files."""
    renderer(name, colour).render(painter, box)


@lru_cache(maxsize=512)
def renderer(name: str, colour: str) -> QSvgRenderer:
    """Return what draws the icon in that colour.

    Raises:
        KeyError: there is no such drawing.
    """
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


@lru_cache(maxsize=128)
def _drawing(name: str) -> str:
    path = _FOLDER / f"{name}.svg"
    if not path.is_file():
        raise KeyError(name)
    return path.read_text("utf-8")
