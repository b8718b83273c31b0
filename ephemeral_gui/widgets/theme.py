"""Every colour of the window, in a dark and a light theme, and the look that follows the system between the two.

The values are checked by tests: text has at least 4.5 of contrast on every surface that it stands on, graphics 3.0, and any two states and
any two types stay apart also for people who see no red or no green.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QPalette

from ephemeral_gui.widgets.fonts import mono_font, ui_font
from ephemeral_gui.widgets.type_groups import type_group

if TYPE_CHECKING:
    from collections.abc import Mapping

DARK_INK: Final = "#101214"
LIGHT_INK: Final = "#ffffff"


@dataclass(frozen=True)
class Theme:
    """The colours of one theme, as ``#rrggbb``.

    Attributes:
        window: menu, tool bar, tab strip, status bar.
        panel: docks, minimap, wire badges.
        canvas: the ground of the graph; ``grid`` are its dots.
        node: body of a node, of a card and of a menu.
        field: inside of an input.
        hover: row or button under the pointer; ``row`` is the selected one.
        border: separators and the empty track of a strip: decoration without meaning.
        node_border: resting outline of a node.
        control: outline of inputs.
        text: titles, values, state words; ``text2`` times, descriptions, icons; ``muted`` methods, help, counts.
        accent: the run button, selection, focus, the active tab, links; ``on_accent`` is what stands on it.
        error_text: what is wrong, in words; ``warning_mark`` the triangle.
        idle_wire: a wire that has carried nothing yet.
        states: colour by state; ``types`` by type group.
    """

    name: str
    window: str
    panel: str
    canvas: str
    grid: str
    node: str
    field: str
    hover: str
    row: str
    border: str
    node_border: str
    control: str
    text: str
    text2: str
    muted: str
    accent: str
    on_accent: str
    error_text: str
    warning_mark: str
    idle_wire: str
    states: Mapping[str, str]
    types: Mapping[str, str]

    @property
    def is_dark(self) -> bool:
        """True for the theme with light text on dark ground."""
        return self.name == "dark"

    def state_colour(self, state: str) -> str:
        """Return the colour of a task's state (``TaskState``, ``stale`` or ``missing``); that of ``ready`` for any other word."""
        return self.states.get(str(state), self.states["ready"])

    def type_colour(self, type_name: str) -> str:
        """Return the colour of ports, wires and dots of a data type, by the rule of ``type_group``."""
        return self.types[type_group(type_name)]

    def tokens(self) -> dict[str, str]:
        """Return every single colour by its name, states and types left out."""
        return {each.name: value for each in fields(self) if each.name != "name" and isinstance(value := getattr(self, each.name), str)}


DARK: Final = Theme(
    name="dark",
    window="#17191c",
    panel="#1c1e22",
    canvas="#141619",
    grid="#2b2f35",
    node="#212327",
    field="#141619",
    hover="#272a30",
    row="#1f2a30",
    border="#2e3238",
    node_border="#2e3238",
    control="#6c747f",
    text="#e8eaed",
    text2="#b3b9c2",
    muted="#949ba5",
    accent="#3cc4cf",
    on_accent="#06262a",
    error_text="#ff8a80",
    warning_mark="#faec51",
    idle_wire="#737b86",
    states={
        "ready": "#e9eefc",
        "waiting": "#9fbbbe",
        "running": "#5788ff",
        "done": "#76eaae",
        "failed": "#cf554b",
        "skipped": "#8e8eb2",
        "cancelled": "#bb868c",
        "retrying": "#f8892e",
        "paused": "#766daf",
        "stale": "#faec51",
        "disabled": "#70757e",
        "missing": "#fbaaff",
    },
    types={
        "text": "#eab431",
        "number": "#c8f6c6",
        "map": "#a48ffb",
        "list": "#c96a0c",
        "dataset": "#99dffc",
        "future": "#986c9b",
        "picture": "#c0646c",
        "any": "#adafb0",
    },
)

LIGHT: Final = Theme(
    name="light",
    window="#eceef0",
    panel="#f8f9fa",
    canvas="#f3f4f6",
    grid="#d3d7dc",
    node="#ffffff",
    field="#ffffff",
    hover="#e9ecef",
    row="#e1f1f3",
    border="#d9dde1",
    node_border="#c9ced4",
    control="#848b94",
    text="#1b1e22",
    text2="#484f58",
    muted="#616973",
    accent="#08707d",
    on_accent="#ffffff",
    error_text="#b3261e",
    warning_mark="#b98900",
    idle_wire="#7f8791",
    states={
        "ready": "#434546",
        "waiting": "#536d70",
        "running": "#3357b0",
        "done": "#108e6b",
        "failed": "#c44d50",
        "skipped": "#7b799f",
        "cancelled": "#52001a",
        "retrying": "#8d5400",
        "paused": "#320d85",
        "stale": "#9a8500",
        "disabled": "#83898f",
        "missing": "#d445df",
    },
    types={
        "text": "#a07a18",
        "number": "#297156",
        "map": "#7a72cf",
        "list": "#9a4a00",
        "dataset": "#1f6a8f",
        "future": "#46095b",
        "picture": "#7d1a34",
        "any": "#80828a",
    },
)


class Appearance(StrEnum):
    """Which theme the user asks for."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


class Look(QObject):
    """The theme in use, the fonts, and whether things may move; everything that paints holds one and repaints on ``changed``."""

    changed = Signal()
    """``theme`` is another one than before."""

    def __init__(self, parent: QObject | None = None, *, appearance: Appearance = Appearance.SYSTEM) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.wishes = {"wheel_zooms", "shows_grid"}
        """What the user wants beside the theme: also ``reduces_motion``."""
        self._unknown_is_dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
        self._theme = self._theme_asked_for()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._theme

    @property
    def appearance(self) -> Appearance:
        """What the user asked for."""
        return self._appearance

    @property
    def reduced_motion(self) -> bool:
        """True where nothing should move: asked for by the user, the system, or a non-empty ``EPHEMERAL_REDUCED_MOTION``."""
        if "reduces_motion" in self.wishes or os.environ.get("EPHEMERAL_REDUCED_MOTION"):
            return True
        hints = getattr(QGuiApplication.styleHints(), "accessibility", None)  # the hint came with Qt 6.10
        preference = getattr(hints() if hints else None, "motionPreference", None)
        return preference is not None and preference().name == "ReducedMotion"

    def choose(self, appearance: Appearance) -> None:
        """Use the theme that the user asks for from now on."""
        self._appearance = appearance
        self._follow()

    def wish(self, name: str, *, on: bool) -> None:
        """Note what the user wants or no longer wants: ``wheel_zooms``, ``shows_grid``, ``reduces_motion``."""
        if on != (name in self.wishes):
            self.wishes ^= {name}
            self.changed.emit()

    def ui_font(self, size: float = 12, weight: int = 400) -> QFont:
        """Return the window's font with tabular figures; ``size`` in device-independent pixels."""
        return ui_font(size, weight)

    def mono_font(self, size: float = 11) -> QFont:
        """Return the font for code, paths and method names, without ligatures."""
        return mono_font(size)

    def _theme_asked_for(self) -> Theme:
        if self._appearance is Appearance.SYSTEM:
            scheme = QGuiApplication.styleHints().colorScheme()
            is_dark = self._unknown_is_dark if scheme is Qt.ColorScheme.Unknown else scheme is Qt.ColorScheme.Dark
            return DARK if is_dark else LIGHT
        return DARK if self._appearance is Appearance.DARK else LIGHT

    def _follow(self) -> None:
        theme = self._theme_asked_for()
        if theme is not self._theme:
            self._theme = theme
            self.changed.emit()
