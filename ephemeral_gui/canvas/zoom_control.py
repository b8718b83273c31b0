"""The zoom control: less, the present scale, more, and fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from ephemeral_gui.widgets.icons import icon

if TYPE_CHECKING:
    from ephemeral_gui.widgets.theme import Look, Theme


class ZoomControl(QFrame):
    """Four buttons at the lower left of the canvas."""

    out_requested = Signal()
    reset_requested = Signal()
    in_requested = Signal()
    fit_requested = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("zoom_control")
        self._less = self._button("Zoom out", "-", self.out_requested)
        self._scale = self._button("Zoom to 100 %", "Ctrl+0", self.reset_requested)
        self._more = self._button("Zoom in", "+", self.in_requested)
        self._fit = self._button("Fit the whole map", "F", self.fit_requested)
        self._scale.setFixedWidth(52)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for button in (self._less, self._scale, self._more, self._fit):
            row.addWidget(button)
        look.changed.connect(self._dress)
        self._dress()

    def show_zoom(self, zoom: float) -> None:
        """Show the scale in percent."""
        self._scale.setText(f"{zoom * 100:.0f} %")
        self._scale.setAccessibleName(f"Zoom {zoom * 100:.0f} percent; press for 100 percent")

    def _button(self, name: str, key: str, signal: SignalInstance[tuple[()]]) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setIconSize(QSize(14, 14))
        button.setFixedSize(26, 26)
        button.setToolTip(f"{name} ({key})")
        button.setAccessibleName(name)
        button.clicked.connect(signal)
        return button

    def _dress(self) -> None:
        theme = self._look.theme
        self._less.setIcon(icon("minus", theme.text2))
        self._more.setIcon(icon("plus", theme.text2))
        self._fit.setIcon(icon("fit", theme.text2))
        self._scale.setFont(self._look.ui_font(11, 500))
        self.setStyleSheet(_sheet(theme))


def _sheet(theme: Theme) -> str:
    return f"""
        #zoom_control {{ background: {theme.panel}; border: 1px solid {theme.border}; border-radius: 6px; }}
        #zoom_control QToolButton {{ border: none; border-radius: 4px; color: {theme.text}; background: transparent; padding: 0; }}
        #zoom_control QToolButton:hover {{ background: {theme.hover}; }}
        #zoom_control QToolButton:focus {{ border: 1px solid {theme.accent}; }}
    """
