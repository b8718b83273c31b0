"""A job map as a picture file, painted by the same hands as the canvas, with or without a display."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from engine.errors import OutputError
from engine.files.atomic import write_atomically
from ephemeral_gui.canvas.projection import Projection
from ephemeral_gui.canvas.style import CanvasStyle
from ephemeral_gui.widgets.fonts import load_fonts

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.catalog import Catalog
    from engine.model.job_map import JobMap
    from ephemeral_gui.widgets.theme import Theme

SCALE: Final = 2.0
MARGIN: Final = 48.0
MOST_PIXELS: Final = 16_000  # of a side: beyond, many programs cannot open a picture


def write_picture(job_map: JobMap, catalog: Catalog, path: Path | str, theme: Theme) -> None:
    """Write the canvas of a job map as PNG (twice the size, for sharp screens and print) or as SVG, by the name's ending.

    Makes an application of its own, without a display, where there is none yet.

    Raises:
        ValueError: the name ends neither in ``.png`` nor in ``.svg``.
        OutputError: nothing can be created at ``path``.
        FileWriteError: writing failed midway.
    """
    path = Path(path)
    painters: dict[str, Callable[[JobMap, Catalog, Theme], bytes]] = {".png": png_bytes, ".svg": svg_bytes}
    if path.suffix.lower() not in painters:
        msg = f"{path}: a picture is a .png or a .svg file"
        raise ValueError(msg)
    write_atomically(path, painters[path.suffix.lower()](job_map, catalog, theme))


def png_bytes(job_map: JobMap, catalog: Catalog, theme: Theme) -> bytes:
    """Return the canvas as a PNG file."""
    image = image_of(job_map, catalog, theme)
    if image.isNull():
        raise OutputError("picture", "there is not enough memory for it")
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the binding wants bytes there and takes only text
    return bytes(data.data())


def image_of(job_map: JobMap, catalog: Catalog, theme: Theme) -> QImage:
    """Return the canvas as an image of twice its size, a null one where memory does not suffice."""
    projection, area = _painted(job_map, catalog, theme, is_vector=False)
    scale = min(SCALE, MOST_PIXELS / max(area.width(), area.height()))
    projection.style.pixel_ratio = scale
    image = QImage((area.size() * scale).toSize(), QImage.Format.Format_RGB32)
    if not image.isNull():
        image.setDevicePixelRatio(scale)  # as a screen of this sharpness, for which kept pictures of faces and dots are made
        painter = QPainter(image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        projection.scene.render(painter, QRectF(0, 0, area.width(), area.height()), area)
        painter.end()
        image.setDevicePixelRatio(1.0)
    return image


def svg_bytes(job_map: JobMap, catalog: Catalog, theme: Theme) -> bytes:
    """Return the canvas as an SVG file."""
    projection, area = _painted(job_map, catalog, theme, is_vector=True)
    data = QByteArray()
    buffer = QBuffer(data)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(QSize(round(area.width()), round(area.height())))
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    generator.setTitle(" ".join(job_map.name[:200].split()))
    painter = QPainter(generator)
    projection.scene.render(painter, QRectF(0, 0, area.width(), area.height()), area)
    painter.end()
    return bytes(data.data())


def _painted(job_map: JobMap, catalog: Catalog, theme: Theme, *, is_vector: bool) -> tuple[Projection, QRectF]:
    _have_application()
    projection = Projection(catalog, CanvasStyle(theme, is_vector=is_vector))
    projection.show(job_map)
    area = QRectF()
    for body in projection.bodies():
        area = area.united(body)
    area = area if not area.isEmpty() else QRectF(0, 0, 320, 200)
    return projection, area.marginsAdded(QMarginsF(MARGIN, MARGIN, MARGIN, MARGIN))


_own_application: list[QApplication] = []  # Qt's application must outlive everything that was painted


def _have_application() -> None:
    if QApplication.instance() is None:
        if not _has_display():
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # Qt ends the process where it finds no display
        _own_application.append(QApplication(sys.argv[:1]))
    load_fonts()


def _has_display() -> bool:
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
