"""Prepared pens, colours, texts and icons of one canvas, so that painting a node makes nothing new."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainterPath, QPen, QStaticText

from engine.model.data_types import ANY
from ephemeral_gui.widgets.contrast import ink_on
from ephemeral_gui.widgets.fonts import mono_font, ui_font
from ephemeral_gui.widgets.icons import paint_icon, pixmap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPainter

    from engine.model.job_map import TaskKey
    from ephemeral_gui.widgets.theme import Theme

FAR_ZOOM: Final = 0.5
BLOCK_ZOOM: Final = 0.25  # below, a node is too small for an icon
NEAR_ZOOM: Final = 1.5
MANY_WIRES: Final = 300
MOST_TEXTS: Final = 20_000

_OUTLINES: Final[Mapping[str, tuple[float, tuple[float, ...]]]] = {
    "running": (1.5, ()),
    "failed": (1.5, ()),
    "retrying": (1.5, ()),
    "stale": (1.5, (5, 4)),
    "missing": (1.5, (2, 3)),
}


class CanvasStyle:
    """What everything on one canvas paints with.

    Attributes:
        zoom: the present scale of the view, 1.0 at 100 %; it decides how much a node shows.
        pixel_ratio: pixels of the screen for one of ours.
        turn: where the running ring stands, in degrees.
        dash_offset: how far the dashes of moving wires have come.
        fitting: while a wire is dragged, the tasks that it may go to; None otherwise.
        held: while a wire is dragged, the task that it comes from.
        fits_inputs: while a wire is dragged, whether it looks for an input.
        wires_are_thin: True where so many wires are in the map that lines wider than a pixel would slow the view.
        has_dashes: wires on which data move are dashed; where they are very many they are not.
        is_quick: while something moves in a map of very many wires, which are then drawn without smoothing.
        has_stepped_back: True while some nodes are seen less than others.
        is_vector: True where a drawing is made and not pixels, so that icons stay lines.
    """

    def __init__(self, theme: Theme, *, is_vector: bool = False) -> None:
        self.zoom = 1.0
        self.pixel_ratio = 1.0
        self.turn = 0.0
        self.dash_offset = 0.0
        self.fitting: frozenset[TaskKey] | None = None
        self.held: TaskKey | None = None
        self.fits_inputs = True
        self.wires_are_thin = False
        self.has_dashes = True
        self.is_quick = False
        self.has_stepped_back = False
        self.wheel_zooms = True
        self.shows_grid = True
        self.is_vector = is_vector
        self.fonts: Mapping[str, QFont] = _fonts()
        self._metrics = {name: QFontMetricsF(font) for name, font in self.fonts.items()}
        self._widths: dict[tuple[str, str], float] = {}
        self._texts: dict[tuple[str, str, float], QStaticText] = {}
        self.use(theme)

    def use(self, theme: Theme) -> None:
        """Paint in the colours of this theme from now on."""
        self.theme = theme
        self._colours: dict[str, QColor] = {}
        self._pens: dict[tuple[str, float, tuple[float, ...], bool], QPen] = {}
        self._fine_pens: dict[str, QPen] = {}
        self._type_colours: dict[str, str] = {}
        self._state_colours: dict[str, QColor] = {}

    def colour(self, name: str) -> QColor:
        """Return the shared colour of a ``#rrggbb``."""
        colour = self._colours.get(name)
        if colour is None:
            colour = self._colours[name] = QColor(name)
        return colour

    def pen(self, colour: str, width: float, dashes: tuple[float, ...] = (), *, is_round: bool = False) -> QPen:
        """Return a shared pen; ``dashes`` are in canvas units, and so they do not grow with the width."""
        key = (colour, width, dashes, is_round)
        pen = self._pens.get(key)
        if pen is None:
            pen = self._pens[key] = _pen(self.colour(colour), width, dashes, is_round=is_round)
        return pen

    def type_colour(self, type_name: str | None) -> str:
        """Return the colour of a data type; of ``any`` for None."""
        name = type_name or ANY
        colour = self._type_colours.get(name)
        if colour is None:
            colour = self._type_colours[name] = self.theme.type_colour(name)
        return colour

    def state_colour(self, state: str) -> QColor:
        """Return the shared colour of a state."""
        colour = self._state_colours.get(state)
        if colour is None:
            colour = self._state_colours[state] = QColor(self.theme.state_colour(state))
        return colour

    @staticmethod
    def is_calm(state: str) -> bool:
        """Return whether a node's outline is the same in this state as in most."""
        return state not in _OUTLINES

    def outline(self, state: str) -> QPen:
        """Return the pen of a node's outline: in the state's colour only for states that ask for attention."""
        if state not in _OUTLINES:
            return self.pen(self.theme.node_border, 1.0)
        width, dashes = _OUTLINES[state]
        return self.pen(self.theme.state_colour(state), width, dashes)

    @property
    def wires_are_fine(self) -> bool:
        """True where thin wires stay one pixel wide although the zoom would widen them: a wider line is drawn several times slower."""
        return self.wires_are_thin and self.zoom > 1.0

    def moving(self, colour: str) -> QPen:
        """Return the pen of a wire on which data move, its dashes where the motion is now."""
        pen = QPen(self.pen(colour, 1.0 if self.wires_are_thin else 2.0, (7, 4)))
        pen.setDashOffset(-self.dash_offset / pen.widthF())
        return pen

    def wire(self, colour: str) -> QPen:
        """Return the pen of a wire that data have passed."""
        return self._thin(colour) if self.wires_are_thin else self.pen(colour, 1.5)

    def idle_wire(self) -> QPen:
        """Return the pen of a wire that has carried nothing yet."""
        if self.wires_are_thin:
            return self._thin(self.theme.idle_wire)  # thousands of dots are thousands of strokes
        return self.pen(self.theme.idle_wire, 1.5, (1.5, 4))

    def _thin(self, colour: str) -> QPen:
        if not self.wires_are_fine:
            return self.pen(colour, 1.0)
        pen = self._fine_pens.get(colour)
        if pen is None:
            pen = self._fine_pens[colour] = QPen(self.pen(colour, 1.0))
            pen.setCosmetic(True)
        return pen

    def ink(self, state: str) -> str:
        """Return the near-black or white that reads best on a state's colour."""
        return ink_on(self.theme.state_colour(state))

    def text(self, font: str, text: str, width: float = math.inf) -> QStaticText:
        """Return the prepared text, shortened with an ellipsis where it is wider than ``width``. Always plain text."""
        key = (font, text, width)
        prepared = self._texts.get(key)
        if prepared is None:
            if len(self._texts) > MOST_TEXTS:
                self._texts.clear()
            prepared = self._texts[key] = self._prepared(font, text, width)
        return prepared

    def draw_text(self, painter: QPainter, font: str, text: str, colour: str, left: float, base: float, width: float = math.inf) -> float:  # noqa: PLR0913, PLR0917  a text, its dress and its place
        """Draw text on a base line; return how wide it came out."""
        if self.is_vector:
            return self._draw_outlines(painter, font, text, colour, left, base, width)
        prepared = self.text(font, text, width)
        painter.setFont(self.fonts[font])
        painter.setPen(self.colour(colour))
        painter.drawStaticText(QPointF(left, base - self._metrics[font].ascent()), prepared)
        return prepared.size().width()

    def width_of(self, font: str, text: str) -> float:
        """Return how wide a text is."""
        width = self._widths.get((font, text))
        if width is None:
            if len(self._widths) > MOST_TEXTS:
                self._widths.clear()
            width = self._widths[font, text] = self._metrics[font].horizontalAdvance(text)
        return width

    def draw_icon(self, painter: QPainter, name: str, colour: str, box: QRectF) -> None:
        """Draw an icon into its box, sharp at the present zoom."""
        if self.is_vector:
            paint_icon(painter, name, colour, box)
            return
        ratio = max(1.0, math.ceil(self.zoom * self.pixel_ratio * 4) / 4)
        picture = pixmap(name, colour, round(box.width()), ratio)
        painter.drawPixmap(box, picture, QRectF(picture.rect()))

    def _draw_outlines(self, painter: QPainter, font: str, text: str, colour: str, left: float, base: float, width: float) -> float:  # noqa: PLR0913, PLR0917  a text, its dress and its place
        """Draw the text as shapes, so that a drawing looks the same where the fonts are not installed."""
        shown = self._shown(font, text, width)
        path = QPainterPath()
        path.addText(left, base, self.fonts[font], shown)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour(colour))
        painter.drawPath(path)
        return self.width_of(font, shown)

    def _shown(self, font: str, text: str, width: float) -> str:
        shown = " ".join(text[:400].split())
        return shown if width == math.inf else self._metrics[font].elidedText(shown, _gap_of(shown), width)

    def _prepared(self, font: str, text: str, width: float) -> QStaticText:
        prepared = QStaticText(self._shown(font, text, width) or " ")
        prepared.setTextFormat(Qt.TextFormat.PlainText)
        prepared.prepare(font=self.fonts[font])
        return prepared


def _fonts() -> Mapping[str, QFont]:
    return {
        "title": ui_font(12, 600),
        "method": mono_font(10),
        "state": ui_font(11, 500),
        "count": ui_font(10.5, 400),
        "near": ui_font(7.5, 400),
        "badge": ui_font(10.5, 600),
        "pill": ui_font(11, 600),
        "far": ui_font(34, 600),
    }


def _pen(colour: QColor, width: float, dashes: tuple[float, ...], *, is_round: bool) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap if is_round else Qt.PenCapStyle.FlatCap)
    if dashes:
        pen.setDashPattern([dash / width for dash in dashes])
    return pen


def _gap_of(text: str) -> Qt.TextElideMode:
    """Return where a text that is too long gives way: a number at its end is often all that tells it from others."""
    return Qt.TextElideMode.ElideMiddle if text[-1:].isdigit() else Qt.TextElideMode.ElideRight
