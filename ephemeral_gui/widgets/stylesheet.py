"""The application's style: Fusion beneath, one style sheet from the theme's colours above.

Widgets ask for a variant by a dynamic property that the sheet knows:

* ``role`` of a label: ``page-title`` ``title`` ``head`` ``strong`` ``label`` ``text2`` ``muted`` ``help`` ``error`` ``pill``;
  of a frame: ``line`` ``card``; of a ground: ``panel`` ``page``
* ``flavour`` of a button: ``accent`` (one in a view) ``large`` ``link`` ``mend`` ``section`` ``small`` ``tiny`` ``row`` ``file``; of a
  field: ``title``; of a view: ``log`` ``page`` ``list``
* ``invalid`` ``true`` of a field that holds what cannot be used
* ``place`` ``documents`` of the tab bar above the canvas
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

from engine.catalog.installation import RESOURCES
from ephemeral_gui.widgets.fonts import ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

    from ephemeral_gui.widgets.theme import Look, Theme

_SHEET = Path(__file__).with_name("window.qss")


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of the whole application in that theme."""
    return Template(_SHEET.read_text("utf-8")).substitute(
        theme.tokens(),
        marks=(RESOURCES / "icons" / "marks" / theme.name).as_posix(),
        disabled=theme.state_colour("disabled"),
        scroll=theme.border if theme.is_dark else theme.node_border,
        accent_hover=QColor(theme.accent).lighter(112).name(),
    )


def qt_palette(theme: Theme) -> QPalette:
    """Return the colours for what no style sheet reaches: place holders, links, what views paint themselves."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(theme.hover), QColor(theme.window))
    for each, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.panel),
        (role.Text, theme.text),
        (role.Button, theme.hover),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.node),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Mid, theme.border),
    ):
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.state_colour("disabled")))
    return palette


def dress(application: QApplication, look: Look) -> None:
    """Give the application its style, font, palette and sheet, now and whenever the look changes."""
    application.setStyle("Fusion")
    application.setFont(ui_font())
    worn: list[Theme] = []

    def put_on() -> None:
        if worn == [look.theme]:  # another wish: to dress every widget again takes a third of a second
            return
        worn[:] = [look.theme]
        application.setPalette(qt_palette(look.theme))
        application.setStyleSheet(style_sheet(look.theme))

    put_on()
    look.changed.connect(put_on)


def set_words(button: QAbstractButton, words: str) -> None:
    """Write on a button that has an icon: a space more than Qt leaves between them, which is not spoken."""
    button.setText(f" {words}")
    button.setAccessibleName(words)


def set_variant(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the sheet knows, and repaint the widget by it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)
